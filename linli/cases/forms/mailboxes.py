"""What may be sent on the pages of old mailboxes: a file, then what its columns mean."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.cases.services.mailbox_columns import FIELDS
from linli.kernel.records import MOST_BYTES
from linli.kernel.web import Form, IdempotentForm

MOST_MEGABYTES: Final = MOST_BYTES // 1024**2


class MailboxForm(Form):
    """A file, which mailbox it is from, and whose community it is."""

    community = forms.TypedChoiceField(label=_("社区"), coerce=UUID)
    source_name = forms.CharField(
        label=_("哪个信箱"),
        max_length=40,
        help_text=_("同一个信箱每次写一样的名字，重复的留言就不会再进来。"),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("Excel（.xlsx）、CSV 或 JSON 行，一行一条留言。"),
        error_messages={"empty": _("这个文件是空的，另选一个。")},
    )

    def __init__(self, *args: Any, communities: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in communities]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is larger than anybody's mailbox."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            words = _t("文件超过 %(n)d MB，分成几份再来。") % {"n": MOST_MEGABYTES}
            raise forms.ValidationError(words)
        return file


class ColumnsForm(IdempotentForm):
    """Which column holds what, and the category of rows that name none."""

    otherwise = forms.TypedChoiceField(
        label=_("对不上类别的归到"), coerce=UUID, error_messages={"required": _("选一个类别。")}
    )

    def __init__(
        self,
        *args: Any,
        header: Sequence[str],
        categories: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), one.name) for one in categories]
        self.fields["otherwise"].choices = [("", _t("选一个类别")), *named]  # type: ignore[attr-defined]
        options = [
            ("", _t("没有这一列")),
            *((str(n), name or _t("第 %(n)d 列") % {"n": n + 1}) for n, name in enumerate(header)),
        ]
        for field in FIELDS:
            self.fields[field.name] = forms.ChoiceField(
                label=field.label, choices=options, required=False
            )

    def columns(self) -> dict[str, int]:
        """Return which column holds which field."""
        sent = self.cleaned_data
        return {field.name: int(sent[field.name]) for field in FIELDS if sent.get(field.name)}

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """Return the fields of the columns, in order."""
        return [self[field.name] for field in FIELDS]
