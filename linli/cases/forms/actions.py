"""What may be sent with each thing that staff do to a case."""

from datetime import datetime, time
from typing import Any, Self
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from linli.cases.selectors.followups import REASONS
from linli.kernel.clock import BEIJING
from linli.kernel.shots import ShotsField
from linli.kernel.web import Form
from linli.people.selectors import Purpose

TEXT_LIMIT = 2000
_MISSING = _("写几个字再提交。")


class ActionForm(Form):
    """What every action carries: the version of the case that the page showed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        choices: Any = None,
        camera: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, *args, **kwargs)
        for name, options in (choices or {}).items():
            if name in self.fields:
                self.fields[name].choices = options  # type: ignore[attr-defined]
        if camera:
            for field in self.fields.values():
                if isinstance(field, ShotsField):
                    field.widget.attrs["capture"] = "environment"

    def seen_again(self, version: int) -> Self:
        """Return the refused form as the page shows it again: for the case as it is now.

        Whoever read the message has seen the change that made their page out of date.
        """
        if isinstance(self.data, QueryDict):
            self.data["version"] = str(version)
        if any(self.files.values()):
            self.add_error(None, _("照片没能留下，发之前再选一次。"))
        return self

    def words(self) -> str:
        """Return what was written, for showing it where the form is no more."""
        names = [
            name for name, one in self.fields.items() if isinstance(one.widget, forms.Textarea)
        ]
        return "\n".join(str(self[name].value() or "") for name in names).strip()


def _text(
    label: Any, *, hint: Any = "", required: bool = True, missing: Any = _MISSING
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea,
        error_messages={"required": missing},
    )


def _photos(label: Any) -> ShotsField:
    return ShotsField(label=label, required=False)


class TakeForm(ActionForm):
    """Nothing but the wish to take it."""


class AcceptForm(ActionForm):
    """A first word to the reporter, if any."""

    text = _text(_("告诉反映人"), hint=_("可不填。填了居民会看到。"), required=False)


class TargetForm(ActionForm):
    """A post or an organisation."""

    target = forms.ChoiceField(label=_("派给"))

    def clean_target(self) -> dict[str, UUID]:
        """Return {post_id} or {organisation_id}."""
        kind, _sep, value = self.cleaned_data["target"].partition(":")
        return {f"{kind}_id": UUID(value)}


class AssignForm(TargetForm):
    """Into whose hands, and what they should know."""

    text = _text(_("给承办人的话"), hint=_("可不填，居民看不到。"), required=False)


class ArbitrateForm(TargetForm):
    """Whose it is, and why."""

    text = _text(_("裁定理由"))


class DeclineForm(ActionForm):
    """Why not, by which rule, what instead, when it is looked at again."""

    reason = _text(_("为什么不能受理"), hint=_("居民会看到，用大白话写。"))
    rule = forms.CharField(label=_("依据的规定"), max_length=200)
    alternative = forms.CharField(label=_("还可以怎么办"), max_length=500, widget=forms.Textarea)
    review_on = forms.DateField(
        label=_("什么时候再看一次"), widget=forms.DateInput(attrs={"type": "date"})
    )


class ReviewForm(ActionForm):
    """Why it still can't be done, and when it is looked at next."""

    text = _text(_("现在为什么还不能办"), hint=_("居民会看到，用大白话写。"))
    review_on = forms.DateField(
        label=_("下一次什么时候看"), widget=forms.DateInput(attrs={"type": "date"})
    )


class ExcludeForm(ActionForm):
    """Why a case should not count in the official rates."""

    reason = forms.ChoiceField(label=_("理由"), choices=[("", _("选一个理由")), *REASONS])
    text = forms.CharField(
        label=_("具体情况"),
        help_text=_("审批和审计都会看；另一位同意后才不计入，原始数据照常保留。"),
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": _("写清楚具体情况，审批和审计都要看。")},
    )


class MergeForm(ActionForm):
    """The number of the case it becomes part of."""

    into = forms.CharField(
        label=_("并入哪一件"), help_text=_("填编号，例如 DC26110042。"), max_length=20
    )


class WordsForm(ActionForm):
    """Words that must be there."""

    text = _text(_("内容"))


class ReturnForm(ActionForm):
    """Why it is not theirs."""

    text = _text(
        _("为什么不归这里办"),
        hint=_("写明应该归谁、依据什么。"),
        missing=_("写明为什么不归这里办、应该归谁，裁定的人要看。"),
    )


class ProgressForm(ActionForm):
    """How it goes, in words and photos."""

    text = _text(
        _("处理情况"), hint=_("居民可以看到，写清楚做了什么、接下来怎么办。"), required=False
    )
    before = _photos(_("处理前照片"))
    after = _photos(_("处理后照片"))


class ResolveForm(ActionForm):
    """What was done, in words and photos."""

    text = _text(
        _("办理结果"),
        hint=_("居民可以看到，写清楚做了什么。"),
        missing=_("写清楚做了什么，居民会看到。"),
    )
    before = _photos(_("处理前照片"))
    after = _photos(_("处理后照片"))


class SuspendForm(ActionForm):
    """Why the clock should stop, and until when."""

    reason = forms.CharField(
        label=_("为什么要等"), help_text=_("居民会看到。"), max_length=300, widget=forms.Textarea
    )
    until = forms.DateField(label=_("等到哪一天"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_until(self) -> datetime:
        """Return the end of the day, aware."""
        return datetime.combine(self.cleaned_data["until"], time(18), tzinfo=BEIJING)


class ExtendForm(ActionForm):
    """Why the promise can't be kept, and the new day."""

    reason = forms.CharField(
        label=_("为什么要延期"),
        help_text=_("居民会看到，写清楚难在哪里、接下来怎么办。"),
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": _("写明为什么要延期，居民会看到。")},
    )
    until = forms.DateField(
        label=_("延到哪一天"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("选一下延到哪一天。")},
    )

    def clean_until(self) -> datetime:
        """Return the end of the day, aware."""
        return datetime.combine(self.cleaned_data["until"], time(18), tzinfo=BEIJING)


class DecideForm(ActionForm):
    """Yes or no to what somebody else asked."""

    is_approved = forms.TypedChoiceField(
        label=_("是否同意"),
        choices=[("1", _("同意")), ("0", _("不同意"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = _text(_("说明"), required=False)


class CorrectForm(ActionForm):
    """Another category, place or urgency."""

    category_id = forms.ChoiceField(label=_("类别"))
    building_id = forms.ChoiceField(label=_("地点"), required=False)
    is_urgent = forms.BooleanField(label=_("加急"), required=False)

    def clean_category_id(self) -> UUID:
        """Return the category's id."""
        return UUID(self.cleaned_data["category_id"])

    def clean_building_id(self) -> UUID | None:
        """Return the building's id, or None to leave the place."""
        value = self.cleaned_data["building_id"]
        return UUID(value) if value else None


# A purpose that needs more words than a tap is asked for on the page of the contact.
PURPOSES = [(str(one), one.label) for one in Purpose if one not in (Purpose.CORRECT, Purpose.OTHER)]


class RevealForm(Form):
    """What the reporter's contact is needed for."""

    purpose = forms.ChoiceField(label=_("用来做什么"), choices=PURPOSES)
