"""What the desk may send about plans of grids."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from linli.kernel.forms import Form


class NewPlanForm(Form):
    """How large the grids of a plan shall be."""

    target = forms.IntegerField(
        label=gettext_lazy("每个网格大约几户"), min_value=20, max_value=3000, initial=300
    )
    count = forms.IntegerField(
        label=gettext_lazy("划成几个"),
        min_value=1,
        max_value=300,
        required=False,
        help_text=gettext_lazy("不填就按户数算，装得下就好"),
    )


class MoveForm(Form):
    """Buildings, and the grid of the plan that they go to; "new" for a new one."""

    building = forms.TypedMultipleChoiceField(
        coerce=UUID, error_messages={"required": gettext_lazy("先勾上要移动的楼栋。")}
    )
    to_grid = forms.ChoiceField(label=gettext_lazy("移到"))

    def __init__(self, data: Any = None, *, grids: Any, buildings: Any) -> None:
        super().__init__(data)
        choices = [(str(one.pk), one.name) for one in grids]
        self.fields["to_grid"].choices = [*choices, ("new", gettext_lazy("一个新网格"))]  # type: ignore[attr-defined]
        self.fields["building"].choices = [(str(one), "") for one in buildings]  # type: ignore[attr-defined]

    def clean_to_grid(self) -> UUID | None:
        """Return the chosen grid; None for a new one."""
        chosen: str = self.cleaned_data["to_grid"]
        return None if chosen == "new" else UUID(chosen)


class NameForm(Form):
    """What a grid of a plan is called."""

    name = forms.CharField(label=gettext_lazy("网格名称"), max_length=60)


class ScheduleForm(Form):
    """From which day on a plan holds."""

    starts_on = forms.DateField(
        label=gettext_lazy("从哪天起生效"), widget=forms.DateInput(attrs={"type": "date"})
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("要留意的地方已经看过，照这样划"), required=False
    )
