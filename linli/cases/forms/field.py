"""What is sent from the field: a quick report with photos, at a place of one's own grid."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.actions import ShotsField
from linli.cases.rules import TEXT_LIMIT
from linli.kernel.web import Form, IdempotentForm, PhotoInput, TileSelect

SPOT_LIMIT = 60


class PatrolForm(IdempotentForm):
    """A quick report: what it is about, a sentence, photos, where.

    categories: to choose from. places: grouped choices whose values are "grid:", "building:" or
    "entrance:" and an id.
    """

    category = forms.ChoiceField(
        label=_("是什么"),
        widget=TileSelect,
        error_messages={"required": _("点一下是什么问题，挑个接近的就行。")},
    )
    text = forms.CharField(
        label=_("看到了什么"),
        max_length=TEXT_LIMIT,
        help_text=_("例如：2 单元门前堆了纸箱，挡住消防通道。"),
        widget=forms.Textarea,
        error_messages={"required": _("简单写一下看到了什么，一两句话就可以。")},
    )
    photos = ShotsField(label=_("现场照片"), widget=PhotoInput(camera=True))
    place = forms.ChoiceField(label=_("在哪里"), required=False)
    code = forms.CharField(
        label=_("或者填点位码"),
        required=False,
        max_length=200,
        help_text=_("扫出来的网址，或者海报上的那一串，例如 wjq-4f7k2m。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    spot = forms.CharField(
        label=_("具体位置"),
        required=False,
        max_length=SPOT_LIMIT,
        help_text=_("例如：2 单元 3 楼拐角、东门花坛旁。"),
    )
    is_urgent = forms.BooleanField(
        label=_("加急"), required=False, help_text=_("有危险、不能等到明天的事才勾。")
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *args: Any, categories: Any, places: Any, **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [(str(one.pk), one.name) for one in categories]
        field.widget.icons = {str(one.pk): one.icon for one in categories}
        self.fields["place"].choices = [("", _("选一个地点")), *places]  # type: ignore[attr-defined]

    def clean_category(self) -> UUID:
        """Return the category's id."""
        return UUID(self.cleaned_data["category"])

    def clean_code(self) -> str:
        """Return the code itself: what is scanned is a whole address."""
        return str(self.cleaned_data["code"]).strip().rstrip("/").rsplit("/", 1)[-1]

    def clean(self) -> dict[str, Any]:
        """Ask for a place, and for a few words where only the grid is known."""
        values: dict[str, Any] = super().clean() or {}
        place, code = values.get("place", ""), values.get("code", "")
        if not place and not code and "place" not in self.errors:
            self.add_error("place", _("选一下在哪里，或者填门口的点位码。"))
        has_point = values.get("lat") is not None and values.get("lon") is not None
        if place.startswith("grid:") and not code and not values.get("spot") and not has_point:
            self.add_error("spot", _("在公共区域的哪里？写几个字，别人才找得到。"))
        return values


class CommunityForm(Form):
    """Which community, for those who work in several."""

    community = forms.ChoiceField(label=_("在哪个社区"))

    def __init__(self, data: Any = None, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["community"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.name) for one in communities
        ]


class ListForm(Form):
    """The list of the grid, as it stands in the address."""

    q = forms.CharField(required=False, max_length=60)
    due = forms.CharField(required=False, max_length=10)
    after = forms.CharField(required=False, max_length=80)
