"""What a reporter sends besides a report: a snapshot, an addition, a rating, the number of a case."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.resident import SPOT_LIMIT, AnyPhotosField, ContactForm, NamesField
from linli.cases.rules import TEXT_LIMIT
from linli.kernel.web import FaceSelect, Form, TileSelect


class SnapshotForm(ContactForm):
    """Three taps: a photo, what it is, send. Place by the code that was scanned, by position, or by
    estate and words.
    """

    photos = AnyPhotosField(label=_("照片"))
    kept = NamesField(required=False)
    category = forms.ChoiceField(
        label=_("是什么？"),
        widget=TileSelect,
        error_messages={"required": _("点一下是什么问题。")},
    )
    code = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    estate = forms.ChoiceField(label=_("在哪个小区"), required=False)
    spot = forms.CharField(
        label=_("具体位置"),
        required=False,
        max_length=SPOT_LIMIT,
        help_text=_("例如：东门外充电桩旁。"),
    )
    text = forms.CharField(label=_("补一句话"), required=False, max_length=TEXT_LIMIT)
    field_order = ("photos", "category", "estate", "spot", "text", "phone", "name")

    def __init__(
        self,
        data: Any = None,
        *,
        categories: Iterable[Any],
        estates: Iterable[Any],
        is_scanned: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.is_scanned = is_scanned
        found = list(categories)
        field: Any = self.fields["category"]
        field.choices = [(one.code, one.name) for one in found]
        field.widget.icons = {one.code: one.icon for one in found}
        self.fields["estate"].choices = [  # type: ignore[attr-defined]
            ("", _("不在小区里，或说不清")),
            *((str(one.pk), one.name) for one in estates),
        ]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        has_point = values.get("lat") is not None and values.get("lon") is not None
        if not (self.is_scanned or has_point or values.get("estate") or values.get("spot")):
            self.add_error("spot", _("没有拿到定位。选一下小区，或者写几个字说清楚位置。"))
        return values


class AdditionForm(Form):
    """More words or photos to one's own report."""

    text = forms.CharField(
        label=_("想补充什么"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea,
        help_text=_("例如：今天又漏得更厉害了。"),
    )
    photos = AnyPhotosField(label=_("照片"))


class WordsForm(Form):
    """A word or none, with an urge or a withdrawal."""

    text = forms.CharField(label=_("想说的话"), required=False, max_length=TEXT_LIMIT)


class RatingForm(Form):
    """The two questions at the end."""

    is_solved = forms.ChoiceField(
        label=_("问题解决了吗？"),
        choices=[("yes", _("解决了")), ("no", _("没有解决"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("选一下：解决了，还是没有解决。")},
    )
    satisfaction = forms.ChoiceField(
        label=_("办得怎么样？"),
        choices=[("3", _("满意")), ("2", _("一般")), ("1", _("不满意"))],
        widget=FaceSelect,
        error_messages={"required": _("选一个：满意、一般、不满意。")},
    )
    comment = forms.CharField(
        label=_("想说的话"),
        required=False,
        max_length=500,
        widget=forms.Textarea,
    )


class FindForm(Form):
    """The number on the receipt and the last four digits of the phone."""

    at = forms.ChoiceField(
        label=_("社区"), error_messages={"required": _("选一下是哪个社区，回执最上面写着。")}
    )
    number = forms.CharField(
        label=_("编号"),
        max_length=30,
        help_text=_("回执上的那一串，例如 DC26110042。"),
        error_messages={"required": _("请填编号，在回执上。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    tail = forms.CharField(
        label=_("手机尾号"),
        max_length=20,
        help_text=_("上报时留的电话，最后 4 位。"),
        error_messages={"required": _("请填电话的最后 4 位。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(
        self, data: Any = None, *, choices: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        found = list(choices)
        # Whoever was at none of them yet looks in the one that they say, not in the first.
        is_known = len(found) == 1 or self.initial.get("at") in dict(found)
        blank = [] if is_known else [("", _("选一个社区"))]
        self.fields["at"].choices = [*blank, *found]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """Take a number as it is copied or read aloud: in groups, in small or wide letters."""
        read = unicodedata.normalize("NFKC", self.cleaned_data["number"])
        return "".join(read.split()).upper()

    def clean_tail(self) -> str:
        digits = "".join(sign for sign in self.cleaned_data["tail"] if sign.isdigit())
        if len(digits) < 4:
            raise forms.ValidationError(_("请填电话的最后 4 位数字。"))
        return digits[-4:]
