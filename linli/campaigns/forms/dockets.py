"""What is sent about the three lists: a meeting, a problem, who answers, what shows it, whose word."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.campaigns.forms.shared import choices_of, day, read_target, targets, words
from linli.kernel.shots import ShotsField
from linli.kernel.web import Form, IdempotentForm, PhotoInput

_DONE = [("1", _("改好了")), ("0", _("还没有"))]


class DocketForm(Form):
    """A meeting or an inspection."""

    community = forms.TypedChoiceField(label=_("社区"), coerce=UUID)
    kind = forms.ChoiceField(
        label=_("从哪里来"),
        choices=[("meeting", _("会议")), ("inspection", _("检查"))],
        widget=forms.RadioSelect,
        initial="meeting",
    )
    series = forms.CharField(
        label=_("会议或检查的名字"),
        max_length=40,
        help_text=_("每次写一样的名字，没销号的会自动转到下一次。例如：三方联席会。"),
        widget=forms.TextInput(attrs={"list": "series", "autocomplete": "off"}),
    )
    held_on = day(_("哪一天"))
    next_on = day(_("下一次哪一天"), required=False)
    place = forms.CharField(label=_("在哪里"), max_length=80, required=False)
    people = forms.CharField(
        label=_("哪几方参加"),
        max_length=300,
        required=False,
        help_text=_("例如：社区、业委会、物业"),
    )

    def __init__(self, *args: Any, communities: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].choices = choices_of(communities)  # type: ignore[attr-defined]


class HandsForm(Form):
    """Who answers, what is done, by when."""

    target = forms.ChoiceField(label=_("谁负责"), required=False)
    measure = forms.CharField(label=_("怎么改"), max_length=300, required=False)
    due_on = day(_("哪天前改好"), required=False)

    def __init__(self, *args: Any, area_path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = targets(area_path)  # type: ignore[attr-defined]

    def clean_target(self) -> dict[str, UUID]:
        """Return {post_id} or {organisation_id}; {} for nobody yet."""
        return read_target(self.cleaned_data["target"])


class MatterForm(HandsForm, IdempotentForm):
    """A problem, who raised it, and what is known of the rest."""

    problem = words(_("什么问题"), error_messages={"required": _("写一句是什么问题。")})
    raised_name = forms.CharField(
        label=_("谁提出的"),
        max_length=40,
        required=False,
        help_text=_("不填就是您自己。改好以后要提出的人说好了，才能销号。"),
    )

    field_order = ("key", "problem", "raised_name", "target", "measure", "due_on")


class TicksForm(Form):
    """Ticked cases of the agenda."""

    case_ids = forms.MultipleChoiceField(
        label=_("工单"), error_messages={"required": _("先勾上要列入清单的工单。")}
    )

    def __init__(self, *args: Any, cases: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case_ids"].choices = [(str(one.pk), one.number) for one in cases]  # type: ignore[attr-defined]

    def clean_case_ids(self) -> list[UUID]:
        """Return the cases' ids."""
        return [UUID(one) for one in self.cleaned_data["case_ids"]]


class EvidenceForm(Form):
    """What shows that it is done."""

    after = ShotsField(label=_("改好以后的照片"), required=False, widget=PhotoInput(camera=True))
    before = ShotsField(label=_("原来的照片"), required=False, widget=PhotoInput(camera=True))
    evidence = words(
        _("做了什么、凭什么说改好了"),
        most=500,
        required=False,
        help_text=_("有照片的可以不写；没有照片的要写。"),
    )


class WordForm(Form):
    """The word of who raised it."""

    is_done = forms.TypedChoiceField(
        label=_("改好了吗？"),
        choices=_DONE,
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("选一下：改好了，还是还没有。")},
    )
    word = words(_("说一句"), required=False)


class WrittenForm(WordForm):
    """The word of somebody without account or phone, written down for them."""

    name = forms.CharField(
        label=_("谁说的"), max_length=40, error_messages={"required": _("写下是谁说的。")}
    )
    word = words(_("原话"), error_messages={"required": _("照原话记一句。")})

    field_order = ("name", "is_done", "word")
