"""What is sent about follow-up calls: the answers, a call in vain, another share to draw."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.selectors.followups import OUTCOMES
from linli.cases.services.followups import REMARKS_LIMIT
from linli.kernel.web import FaceSelect, Form


class AnswersForm(Form):
    """What the reporter said on the phone."""

    is_solved = forms.TypedChoiceField(
        label=_("问题解决了吗？"),
        choices=[("1", _("解决了")), ("0", _("没有解决"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("选一下：解决了，还是没有解决。")},
    )
    satisfaction = forms.TypedChoiceField(
        label=_("办得怎么样？"),
        choices=[("3", _("满意")), ("2", _("一般")), ("1", _("不满意"))],
        coerce=int,
        widget=FaceSelect,
        error_messages={"required": _("选一个：满意、一般、不满意。")},
    )
    remarks = forms.CharField(
        label=_("反映人怎么说"),
        required=False,
        max_length=REMARKS_LIMIT,
        widget=forms.Textarea,
        help_text=_("照原话记一两句，例如：清了一次，第二天又满了。"),
    )
    reopens = forms.BooleanField(
        label=_("反映人要求重办"),
        required=False,
        help_text=_("交上一级重办；居民自己的评价不改。"),
    )


class AttemptForm(Form):
    """A call in vain."""

    outcome = forms.ChoiceField(
        label=_("这通电话"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("选一下这通电话打得怎么样。")},
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=200)


class ShareForm(Form):
    """Another share than usual, for a category, an organisation, or both."""

    category_id = forms.ChoiceField(label=_("类别"), required=False)
    organisation_id = forms.ChoiceField(label=_("承办单位"), required=False)
    percent = forms.IntegerField(
        label=_("每周回访百分之几"), min_value=0, max_value=100, initial=20
    )
    least = forms.IntegerField(label=_("至少几件"), min_value=0, max_value=200, initial=1)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        categories: Iterable[Any],
        organisations: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, *args, **kwargs)
        kinds = [("", _("所有类别")), *((str(one.pk), one.name) for one in categories)]
        hands = [("", _("所有单位")), *((str(one.pk), one.name) for one in organisations)]
        self.fields["category_id"].choices = kinds  # type: ignore[attr-defined]
        self.fields["organisation_id"].choices = hands  # type: ignore[attr-defined]

    def clean_category_id(self) -> UUID | None:
        """Return the category's id, or None for all."""
        return _id(self.cleaned_data["category_id"])

    def clean_organisation_id(self) -> UUID | None:
        """Return the organisation's id, or None for all."""
        return _id(self.cleaned_data["organisation_id"])


def _id(value: str) -> UUID | None:
    return UUID(value) if value else None
