"""What may be sent around whistles: whom to call, what each does, what the rung above is asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.actions import ActionForm
from linli.kernel.clock import BEIJING
from linli.kernel.shots import ShotsField
from linli.kernel.web import Form

Choices = Sequence[tuple[str, Any]]
_SCORES = [("3", _("满意")), ("2", _("一般")), ("1", _("不满意"))]


def _words(label: Any, most: int, *, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea
    )


class WhistleForm(ActionForm):
    """Whom to call, for what, how soon."""

    lead = forms.ChoiceField(label=_("谁牵头"))
    assisting = forms.MultipleChoiceField(
        label=_("谁协办"), required=False, widget=forms.CheckboxSelectMultiple
    )
    brief = _words(_("来办什么"), 1000, hint=_("来的部门先看这一段，居民看不到。"))
    limit_code = forms.ChoiceField(label=_("多久要到"))

    def __init__(self, *args: Any, organisations: Choices, limits: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = [("", _t("选一家牵头")), *organisations]  # type: ignore[attr-defined]
        self.fields["assisting"].choices = list(organisations)  # type: ignore[attr-defined]
        self.fields["limit_code"].choices = list(limits)  # type: ignore[attr-defined]

    def call(self) -> dict[str, Any]:
        """Return whom to call, as the service takes it."""
        sent = self.cleaned_data
        lead = UUID(sent["lead"])
        others = tuple(UUID(one) for one in sent["assisting"] if one != sent["lead"])
        return {
            "lead_id": lead, "assisting": others, "words": sent["brief"],
            "limit_code": sent["limit_code"],
        }  # fmt: skip


class NewWhistleForm(WhistleForm):
    """A whistle about something that nobody has reported: what and where come first."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    category_id = forms.TypedChoiceField(label=_("什么事"), coerce=UUID)
    building_id = forms.ChoiceField(label=_("在哪里"), required=False)
    spot = forms.CharField(label=_("具体位置"), required=False, max_length=80)
    text = _words(_("看到了什么"), 2000, hint=_("居民和部门都看得到。"))
    photos = ShotsField(label=_("照片"), required=False)
    field_order = (
        "category_id", "building_id", "spot", "text", "photos", "lead", "assisting", "brief",
        "limit_code",
    )  # fmt: skip

    def __init__(
        self, *args: Any, categories: Iterable[Any], buildings: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), one.name) for one in categories if not one.is_confidential]
        self.fields["category_id"].choices = [("", _t("选一个类别")), *named]  # type: ignore[attr-defined]
        self.fields["building_id"].choices = buildings  # type: ignore[attr-defined]


class ReportInForm(ActionForm):
    """Where whoever reports in is."""

    place = forms.CharField(
        label=_("到了哪里"),
        required=False,
        max_length=80,
        help_text=_("可不填；点“记下我的位置”更快。"),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)


class ArriveForm(ActionForm):
    """A photo from the site."""

    photos = ShotsField(label=_("现场照片"), required=False)


class FinishForm(ActionForm):
    """What was done, in words and photos."""

    text = _words(_("你们这边办得怎么样"), 2000, hint=_("写清楚做了什么、还剩什么。"))
    before = ShotsField(label=_("处理前照片"), required=False)
    after = ShotsField(label=_("处理后照片"), required=False)


class CloseForm(ActionForm):
    """What the reporter reads; and for each part without a result, why it has none."""

    text = _words(_("一起办的结果"), 2000, hint=_("居民会看到，写清楚做了什么。"))
    before = ShotsField(label=_("处理前照片"), required=False)
    after = ShotsField(label=_("处理后照片"), required=False)

    def __init__(self, *args: Any, unfinished: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unfinished = list(unfinished)
        for part in self.unfinished:
            label = _t("%(name)s为什么没有结果") % {"name": part.organisation.name}
            self.fields[f"missing-{part.pk}"] = forms.CharField(
                label=label, required=False, max_length=300
            )

    def missing(self) -> dict[UUID, str]:
        """Return why which part has no result."""
        return {part.pk: self.cleaned_data[f"missing-{part.pk}"] for part in self.unfinished}


class RefuseForm(ActionForm):
    """By which entry of the catalogue it is not theirs, or beyond the community, and why."""

    clause_id = forms.ChoiceField(
        label=_("依据哪一条"), error_messages={"required": _("选一条职责清单。")}
    )
    text = _words(_("为什么"), 1000, hint=_("裁定的人要看，写具体。"))

    def clean_clause_id(self) -> UUID:
        """Return the id of the entry."""
        return UUID(self.cleaned_data["clause_id"])


class MoreForm(ActionForm):
    """One more organisation, and what it is called for."""

    organisation_id = forms.ChoiceField(label=_("叫哪一家"))
    task = forms.CharField(label=_("来办什么"), required=False, max_length=300)

    def clean_organisation_id(self) -> UUID:
        """Return the organisation's id."""
        return UUID(self.cleaned_data["organisation_id"])


class LeadForm(ActionForm):
    """Another organisation that leads."""

    organisation_id = forms.ChoiceField(label=_("换哪一家牵头"))

    def clean_organisation_id(self) -> UUID:
        """Return the organisation's id."""
        return UUID(self.cleaned_data["organisation_id"])


class WithdrawForm(ActionForm):
    """Why the whistle is taken back."""

    reason = _words(_("为什么撤哨"), 300, hint=_("来的部门会看到。"))


class PartExtendForm(ActionForm):
    """Until when a part may take, and why."""

    until = forms.DateField(label=_("延到哪一天"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("为什么延"), max_length=300)

    def clean_until(self) -> datetime:
        """Return the end of the day, aware."""
        return datetime.combine(self.cleaned_data["until"], time(18), tzinfo=BEIJING)


class ScoreForm(ActionForm):
    """A word on the other side."""

    score = forms.TypedChoiceField(
        label=_("打分"), choices=_SCORES, coerce=int, widget=forms.RadioSelect
    )
    remark = forms.CharField(
        label=_("说一句"), required=False, max_length=300, help_text=_("不满意的要写为什么。")
    )


class AnswerForm(Form):
    """What the rung above says."""

    outcome = forms.ChoiceField(label=_("怎么定"), widget=forms.RadioSelect)
    organisation_id = forms.ChoiceField(
        label=_("交给哪个单位"), required=False, help_text=_("交给别的单位时才选。")
    )
    text = _words(_("为什么这样定"), 1000, hint=_("社区和部门都会看到。"))

    def __init__(
        self, *args: Any, outcomes: Choices, organisations: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]
        self.fields["organisation_id"].choices = [("", "—"), *organisations]  # type: ignore[attr-defined]

    def clean_organisation_id(self) -> UUID | None:
        """Return the organisation's id, or None."""
        value = self.cleaned_data["organisation_id"]
        return UUID(value) if value else None
