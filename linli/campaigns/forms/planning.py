"""What is sent to plan a campaign: its words and days, a part, a member of the team, its end."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.campaigns.forms.shared import choices_of, day, read_target, targets, words
from linli.kernel.web import Form


class PlanForm(Form):
    """A campaign as it is written down."""

    community = forms.TypedChoiceField(label=_("社区"), coerce=UUID)
    title = forms.CharField(
        label=_("这次行动叫什么"), max_length=60, help_text=_("例如：利源片区乱堆乱放集中整治")
    )
    starts_on = day(_("从哪天"))
    ends_on = day(_("到哪天"))
    meet = forms.CharField(
        label=_("几点在哪里集合"),
        max_length=80,
        required=False,
        help_text=_("例如：09:00 小区西门"),
    )
    note = words(_("要注意什么"), required=False, most=1000)

    def __init__(self, *args: Any, communities: Iterable[Any] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if communities is None:
            del self.fields["community"]
        else:
            self.fields["community"].choices = choices_of(communities)  # type: ignore[attr-defined]


class DayForm(Form):
    """One day on site, or one that is none."""

    on = day(_("哪一天"))
    meet = forms.CharField(label=_("几点在哪里集合"), max_length=80, required=False)
    is_off = forms.BooleanField(label=_("这天不出动"), required=False)


class PartForm(Form):
    """Another part of the ground."""

    area_id = forms.TypedChoiceField(label=_("加一个片区"), coerce=UUID)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_id"].choices = areas  # type: ignore[attr-defined]


class MemberForm(Form):
    """Who takes part, where, and whether they lead."""

    target = forms.ChoiceField(
        label=_("单位或岗位"), error_messages={"required": _("选一个单位或岗位。")}
    )
    part_id = forms.ChoiceField(label=_("在哪个片区"), required=False)
    is_lead = forms.BooleanField(label=_("牵头"), required=False)

    def __init__(self, *args: Any, area_path: str, parts: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = targets(area_path)  # type: ignore[attr-defined]
        self.fields["part_id"].choices = choices_of(parts, first=_("所有片区"))  # type: ignore[attr-defined]

    def clean_target(self) -> dict[str, UUID]:
        """Return {post_id} or {organisation_id}."""
        return read_target(self.cleaned_data["target"])

    def clean_part_id(self) -> UUID | None:
        """Return the part, or None for all."""
        value = self.cleaned_data["part_id"]
        return UUID(value) if value else None


class EndForm(Form):
    """How a campaign came out, besides its numbers."""

    summary = words(_("总结一句"), required=False, most=500)
    leftover = words(
        _("没办的为什么没办"),
        required=False,
        help_text=_("清单上还有没结果的才要写，会记在每一条上。"),
    )
