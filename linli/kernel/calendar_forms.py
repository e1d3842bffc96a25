"""What may be sent on the pages of the working calendar."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.calendar_file import MAX_NAME
from linli.kernel.forms import Form

MAX_BYTES = 200_000  # a year has 366 days


class DayForm(Form):
    """One day: worked or off, and why."""

    day = forms.DateField(
        label=gettext_lazy("哪一天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_workday = forms.TypedChoiceField(
        label=gettext_lazy("这一天"),
        choices=[("0", gettext_lazy("放假")), ("1", gettext_lazy("上班"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=gettext_lazy("名称"),
        required=False,
        max_length=MAX_NAME,
        help_text=gettext_lazy("例如：停水抢修、妇女节半天"),
    )

    def clean_day(self) -> date:
        """Return the day; far away ones are slips of the keyboard."""
        day: date = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2099:
            raise forms.ValidationError(_("这一天太远了，核对一下年份。"))
        return day


def _time(label: Any, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class HoursForm(Form):
    """From when until when work is done, and the lunch break."""

    opens_at = _time(gettext_lazy("上班"))
    lunch_starts_at = _time(gettext_lazy("午休开始"), required=False)
    lunch_ends_at = _time(gettext_lazy("午休结束"), required=False)
    closes_at = _time(gettext_lazy("下班"))


class YearFileForm(Form):
    """A file with a year's days."""

    file = forms.FileField(
        label=gettext_lazy("CSV 文件"),
        help_text=gettext_lazy("第一行是列名：日期、类型、名称。类型写“放假”或“上班”。"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> bytes:
        """Return the content."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("一年的安排不会这么大，文件可能选错了。"))
        content: bytes = upload.read()
        return content
