"""What the desk may send about areas of the tree."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.forms import Form
from linli.places.selectors import AreaKind

_LETTERS = re.compile(r"[A-Z]{1,4}")


def _day(label: Any, hint: Any = "", *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget)


class DayForm(Form):
    """On which day the tree is looked at."""

    on = _day(gettext_lazy("看哪一天的"))


class AreaForm(Form):
    """What can be corrected of an area; its code stays."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=20, required=False)
    initials = forms.CharField(
        label=gettext_lazy("工单编号字头"),
        max_length=4,
        required=False,
        help_text=gettext_lazy("1 到 4 个大写字母，例如 DC；不填就用代码的后四位"),
    )

    def __init__(self, data: Any = None, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if kind != AreaKind.COMMUNITY:
            del self.fields["initials"]

    def clean_initials(self) -> str:
        """Return the letters in capitals."""
        return letters(self.cleaned_data["initials"])


class NewAreaForm(Form):
    """A new area; what it may be depends on what it lies in."""

    kind = forms.ChoiceField(label=gettext_lazy("是哪一级"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    code = forms.CharField(
        label=gettext_lazy("统计用区划代码"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("社区和街道填国家统计局的代码；微社区可以空着，自动编"),
    )
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=20, required=False)
    initials = forms.CharField(
        label=gettext_lazy("工单编号字头"),
        max_length=4,
        required=False,
        help_text=gettext_lazy("社区才填：1 到 4 个大写字母，例如 DC"),
    )
    starts_on = _day(gettext_lazy("从哪天起"), gettext_lazy("不填就是今天；不能晚于今天"))

    def __init__(
        self, data: Any = None, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]

    def clean_initials(self) -> str:
        """Return the letters in capitals."""
        return letters(self.cleaned_data["initials"])

    def facts(self) -> dict[str, Any]:
        """Return what `services.create_area` takes."""
        sent = dict(self.cleaned_data)
        facts = {"phone": sent.pop("phone"), "initials": sent.pop("initials")}
        return sent | {"kind": AreaKind(sent["kind"]), "facts": facts}


class EndForm(Form):
    """From which day on an area is no more."""

    ends_on = _day(gettext_lazy("从哪天起不再有"), gettext_lazy("今天或以前的一天"), required=True)


def letters(said: str) -> str:
    """Return what numbers of cases begin with, in capitals. Errors: ValidationError."""
    found = said.strip().upper()
    if found and not _LETTERS.fullmatch(found):
        raise forms.ValidationError(_("只用 1 到 4 个字母，例如 DC。"))
    return found
