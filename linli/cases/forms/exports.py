"""How somebody wants the queue's file: which kind, and what for when contacts stand in it in full."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.services.exporting import Wish
from linli.kernel.web import IdempotentForm
from linli.people.selectors import Purpose

# Correcting one registration needs no list.
_PURPOSES: Final = [(str(one), one.label) for one in Purpose if one != Purpose.CORRECT]


class ExportForm(IdempotentForm):
    """The kind of the file, and the purpose for whoever may see contacts in full."""

    file_format = forms.ChoiceField(
        label=_("文件"),
        choices=[("xlsx", _("Excel（.xlsx）")), ("csv", _("CSV，给别的软件用"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    purpose = forms.ChoiceField(
        label=_("联系方式"),
        choices=[("", _("遮住姓名、电话和内容里的个人信息")), *_PURPOSES],
        required=False,
        help_text=_("要完整的联系方式，就选用途；谁、什么时候、导出了多少位，都会记下来。"),
    )
    note = forms.CharField(
        label=_("说明"), max_length=200, required=False, help_text=_("用途选“其他”时写一句原因。")
    )

    def __init__(self, *args: Any, may_reveal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_reveal:
            del self.fields["purpose"], self.fields["note"]

    def wish(self) -> Wish:
        """Return what was chosen."""
        sent = self.cleaned_data
        return Wish(
            file_format=sent["file_format"],
            purpose=sent.get("purpose", ""),
            note=sent.get("note", ""),
        )
