"""What the desk may send about facilities."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form
from linli.places.selectors.facilities import STATUSES
from linli.places.services.facilities import FacilityFacts

Grouped = Iterable[tuple[str, Iterable[tuple[str, str]]]]


class FacilityForm(Form):
    """A facility. kinds: (id, name); places: grouped choices "estate:…", "building:…", "entrance:…"."""

    kind_id = forms.TypedChoiceField(label=_("类别"), coerce=UUID)
    name = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("如：3 号路灯、东侧消防栓、客梯")
    )
    number = forms.CharField(label=_("编号"), max_length=30, required=False)
    place = forms.ChoiceField(label=_("在哪里"), required=False)
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    status = forms.ChoiceField(label=_("状态"), choices=STATUSES)
    keeper = forms.CharField(
        label=_("负责单位"), max_length=60, required=False, help_text=_("坏了找谁，写单位不写个人")
    )
    keeper_phone = forms.CharField(label=_("单位电话"), max_length=20, required=False)
    area_m2 = forms.IntegerField(
        label=_("面积（平方米）"), required=False, min_value=0, max_value=1_000_000
    )
    installed_on = forms.DateField(
        label=_("安装日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(
        self, data: Any = None, *, kinds: Iterable[tuple[str, str]], places: Grouped, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind_id"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", _("不在楼里，在社区里")), *places]  # type: ignore[attr-defined]

    def facts(self) -> FacilityFacts:
        """Return what was said, as the service takes it."""
        said = dict(self.cleaned_data)
        kind, _sep, value = said.pop("place").partition(":")
        if kind:
            said[f"{kind}_id"] = UUID(value)
        said["area_m2"] = said["area_m2"] or 0
        return FacilityFacts(**said)
