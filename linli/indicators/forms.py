"""What may be sent on the pages of figures: targets, goals kept by hand, the wish for a report."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.indicators.rules.figures import Unit
from linli.indicators.selectors import BY_CODE
from linli.indicators.services.targets import AIMABLE, GoalSheet
from linli.kernel.web import Form, IdempotentForm


class TargetsForm(Form):
    """The targets of an area for a year: a field for each figure that may have one.

    inherited: what holds from above where nothing is set here, as `shown` gives it.
    """

    def __init__(self, *args: Any, inherited: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in AIMABLE:
            above = inherited.get(code)
            is_rate = BY_CODE[code].unit == Unit.RATE
            self.fields[code] = forms.FloatField(
                label=BY_CODE[code].name,
                required=False,
                min_value=0.1,
                max_value=100 if is_rate else 365,
                help_text=_("不低于，%") if is_rate else _("不超过，天"),
                localize=False,
            )
            if above:
                words = _("%(words)s；不写就看上一级的 %(above)s")
                field: Any = self.fields[code]
                field.help_text = words % {"words": field.help_text, "above": above}

    def values(self) -> dict[str, float | None]:
        """Return the targets by figure, percents as shares of 1."""
        return {code: _share_of(code, self.cleaned_data[code]) for code in AIMABLE}


def _share_of(code: str, number: float | None) -> float | None:
    if number is None or BY_CODE[code].unit != Unit.RATE:
        return number
    return round(number / 100, 6)


def shown(values: Mapping[str, float]) -> dict[str, str]:
    """Return stored targets as a form shows them: shares as percents."""
    return {
        code: f"{value * 100:g}" if BY_CODE[code].unit == Unit.RATE else f"{value:g}"
        for code, value in values.items()
        if code in AIMABLE
    }


class GoalForm(Form):
    """A goal that is counted by hand."""

    name = forms.CharField(
        label=_("目标"), max_length=60, help_text=_("例如：用房达到 400 平方米的社区")
    )
    target = forms.FloatField(label=_("要达到"), min_value=0)
    unit = forms.CharField(label=_("单位"), max_length=10, help_text=_("个、%、户"))
    reached = forms.FloatField(label=_("现在"), min_value=0, required=False)
    reached_on = forms.DateField(
        label=_("哪一天的"), required=False, widget=forms.DateInput({"type": "date"})
    )
    source = forms.CharField(label=_("数字从哪里来"), max_length=120, required=False)

    def sheet(self) -> GoalSheet:
        """Return what was written."""
        return GoalSheet(**self.cleaned_data)


class ReportForm(IdempotentForm):
    """Which period is reported on, and why again."""

    period = forms.ChoiceField(label=_("时间"))
    reason = forms.CharField(
        label=_("再出一次的原因"),
        help_text=_("这段时间出过报告才要写，会印在报告上"),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["period"]
        field.choices = choices


class RecountForm(IdempotentForm):
    """The wish that everything be counted anew."""
