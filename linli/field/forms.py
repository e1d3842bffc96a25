"""What people decide over what phones handed in, and the form that lets a form client in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import IdempotentForm
from linli.kernel.web import Form

REASON_LIMIT = 500


class DecisionForm(Form):
    """One choice for each field in which the phone and the record differ."""

    def __init__(
        self, data: Any = None, *args: Any, differences: Iterable[dict[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        for one in differences:
            self.fields[one["name"]] = forms.ChoiceField(
                label=one["label"],
                choices=[
                    ("sent", _("用手机上写的：%(words)s") % {"words": one["sent"] or _("（空）")}),
                    ("here", _("留现在的：%(words)s") % {"words": one["here"] or _("（空）")}),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("这一项选一边。")},
            )


class ReasonForm(Form):
    """Why somebody decides so."""

    reason = forms.CharField(
        label=_("为什么这样定"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("写一句为什么这样定。")},
    )


class ClientForm(IdempotentForm):
    """Which phone a form client is on."""

    name = forms.CharField(
        label=_("哪部手机"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
