"""What may be sent around a pasted chat: the stretch itself, then what becomes of each matter."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import TEXT_LIMIT
from linli.kernel.web import Form, IdempotentForm


class ChatForm(IdempotentForm):
    """A stretch of a chat, whose group it is, and where."""

    community = forms.TypedChoiceField(label=_("社区"), coerce=UUID)
    group_name = forms.CharField(
        label=_("哪个群"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    estate_id = forms.ChoiceField(
        label=_("是哪个小区的群"),
        required=False,
        help_text=_("选了以后，群里只说“3 号楼”也能对上。"),
    )
    text = forms.CharField(
        label=_("群聊内容"),
        widget=forms.Textarea,
        strip=False,
        help_text=_("在微信里多选、复制，原样贴进来就行；手机、电脑上复制的都认得。"),
        error_messages={"required": _("把群里的聊天复制过来，贴在这里。")},
    )

    def __init__(
        self,
        *args: Any,
        communities: Iterable[Any],
        estates: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), one.name) for one in communities]
        self.fields["community"].choices = named  # type: ignore[attr-defined]
        self.fields["estate_id"].choices = [("", _t("不止一个小区")), *estates]  # type: ignore[attr-defined]

    def clean_estate_id(self) -> UUID | None:
        """Return the estate's id, or None."""
        value = self.cleaned_data["estate_id"]
        return UUID(value) if value else None


class MatterForm(Form):
    """One matter: ticked as a new case or as the open one, with what staff put right."""

    what = forms.ChoiceField(
        choices=[("no", _("不立件")), ("new", _("立一件")), ("same", _("和在办的是同一件"))],
        required=False,
        label=_("怎么办"),
        widget=forms.RadioSelect,
    )
    category_id = forms.ChoiceField(label=_("类别"), required=False)
    building_id = forms.ChoiceField(label=_("地点"), required=False)
    text = forms.CharField(
        label=_("内容"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea
    )

    def __init__(
        self,
        *args: Any,
        categories: Sequence[tuple[str, str]],
        buildings: Sequence[tuple[str, str]],
        has_likely: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category_id"].choices = [("", _t("选一个类别")), *categories]  # type: ignore[attr-defined]
        self.fields["building_id"].choices = [("", _t("没有对上楼栋")), *buildings]  # type: ignore[attr-defined]
        if not has_likely:
            self.fields["what"].choices = self.fields["what"].choices[:2]  # type: ignore[attr-defined]

    def pick(self, matter_id: UUID) -> dict[str, Any] | None:
        """Return what was ticked as the service takes it; None for nothing."""
        sent = self.cleaned_data
        if sent["what"] not in ("new", "same"):
            return None
        return {
            "matter_id": matter_id,
            "category_id": UUID(sent["category_id"]) if sent["category_id"] else None,
            "building_id": UUID(sent["building_id"]) if sent["building_id"] else None,
            "text": sent["text"],
            "is_same": sent["what"] == "same",
        }
