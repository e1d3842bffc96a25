"""The numbers of the board, from the room of figures: what came in, what was done, three rates.

None of them is worked out here; here they get the words that a neighbour understands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.indicators import selectors as indicators
from linli.indicators.selectors import Rate, Share, whistles
from linli.publishing.rules import bars
from linli.publishing.rules.bars import Chart
from linli.publishing.rules.periods import MONTH, Period

# How many periods the small chart shows, this one last.
SHOWN: Final = {"week": 8, "month": 6}
# Below so many answers one answer more or less is seen in the rate: it is said.
FEW: Final = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """A share as a page shows it."""

    percent: str  # "92%", or "—" where nobody answered
    part: int
    whole: int
    low: int | None
    high: int | None

    @property
    def span(self) -> int:
        """Return how wide the interval is drawn, in percents."""
        return max(2, self.high - self.low) if self.low is not None and self.high is not None else 0


@dataclass(frozen=True, slots=True)
class Line:
    """One of the three rates: raw beside official, and what it says in words."""

    name: str
    raw: Cell
    official: Cell
    says: str
    warns: str  # how little it rests on; "" where it rests on enough
    words: str  # how it is worked out


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a period; `in_hand` is how things stand now, None for a period that is over."""

    received: int
    resolved: int
    declined: int
    in_hand: int | None
    lines: tuple[Line, ...]
    chart: Chart
    words: tuple[tuple[str, str], ...]
    earlier: Period | None = None  # whose rates stand here while this period has none

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened yet: one sentence says so, instead of zeros."""
        return not (self.received or self.resolved or self.declined)


@dataclass(frozen=True, slots=True)
class Together:
    """What several departments did together, in sentences; nobody is named."""

    cases: int
    parts: int
    lines: tuple[tuple[str, Cell, str], ...]  # the step, its share, what it says


def of_period(area_path: str, period: Period, *, is_now: bool) -> Figures:
    """Return the numbers of a week or a month. Source: S3 3.5, S5 5.10, 5.11."""
    sums = indicators.counts(area_path, period.first_day, period.last_day)
    rates, earlier = indicators.rates_of(sums), None
    if is_now and _is_early(rates) and (last := period.before()):
        # Early in a week hardly anything is due and nobody has answered: a passer-by wants to know how
        # it goes, so the last whole period speaks, under its own name.
        of_last = indicators.rates(area_path, last.first_day, last.last_day)
        if not _is_early(of_last):
            rates, earlier = of_last, last
    known = indicators.BY_CODE
    return Figures(
        received=sums["received"],
        resolved=sums["resolved"],
        declined=sums["declined"],
        in_hand=indicators.now_counts(area_path)["in_hand"] if is_now else None,
        lines=tuple(_line(code, getattr(rates, code)) for code in _SAYS),
        chart=_chart(area_path, period),
        words=tuple(
            (str(known[code].name), str(known[code].words))
            for code in ("received", "resolved", "in_hand", *_SAYS)
        ),
        earlier=earlier,
    )


def _is_early(rates: Any) -> bool:
    return any(not getattr(rates, code).answers for code in _SAYS)


def together(area_path: str, period: Period, now: datetime) -> Together | None:
    """Return what several departments did together in a period; None when nothing called for it."""
    found = whistles.together(area_path, period.first_day, period.last_day, now)
    if not found.cases:
        return None
    lines = []
    for code, (name, says) in _STEPS.items():
        rate = found.rates[code]
        numbers = {"part": rate.raw.part, "whole": rate.raw.whole}
        words = says % numbers if rate.answers else _("还没有到时候。")
        lines.append((str(name), _cell(rate.raw), words))
    return Together(found.cases, found.parts, tuple(lines))


_STEPS: Final[dict[str, Any]] = {
    "report": (
        gettext_lazy("按时报到"),
        gettext_lazy("该报到的 %(whole)s 次里，%(part)s 次按时。"),
    ),
    "arrive": (
        gettext_lazy("按时到场"),
        gettext_lazy("该到场的 %(whole)s 次里，%(part)s 次按时。"),
    ),
    "finish": (
        gettext_lazy("按时办完"),
        gettext_lazy("该办完的 %(whole)s 次里，%(part)s 次按时。"),
    ),
}


_SAYS: Final[dict[str, Any]] = {
    "response": gettext_lazy("该回复的 %(whole)s 件里，%(part)s 件按时回复了。"),
    "resolution": gettext_lazy("%(whole)s 个人评价，%(part)s 个人说解决了。"),
    "satisfaction": gettext_lazy("%(whole)s 个人评价，%(part)s 个人说满意。"),
}
_NOBODY: Final[dict[str, Any]] = {
    "response": gettext_lazy("还没有到该回复的时候。"),
    "resolution": gettext_lazy("还没有人评价，所以没有百分数。"),
    "satisfaction": gettext_lazy("还没有人评价，所以没有百分数。"),
}


def _line(code: str, rate: Rate) -> Line:
    figure, numbers = indicators.BY_CODE[code], {"part": rate.raw.part, "whole": rate.answers}
    return Line(
        name=str(figure.name),
        raw=_cell(rate.raw),
        official=_cell(rate.official),
        says=_SAYS[code] % numbers if rate.answers else str(_NOBODY[code]),
        warns=_warning(rate.answers),
        words=str(figure.words),
    )


def _warning(answers: int) -> str:
    """Return how little a rate rests on, in plain words. Source: issue 3, a rate over 13 says 13."""
    if not 0 < answers < FEW:
        return ""
    return _("只有 %(n)s 个，一个就能让它变 %(points)s 个百分点。") % {
        "n": answers,
        "points": max(1, round(100 / answers)),
    }


def _cell(share: Share) -> Cell:
    if share.rate is None or share.low is None or share.high is None:
        return Cell("—", share.part, share.whole, None, None)
    return Cell(
        f"{_percent(share.rate)}%",
        share.part,
        share.whole,
        _percent(share.low),
        _percent(share.high),
    )


def _percent(rate: float) -> int:
    """Return whole percents; never 100 while one is missing, never 0 while there is one."""
    percent = round(rate * 100)
    if percent == 100 and rate < 1:
        return 99
    return 1 if percent == 0 and rate > 0 else percent


def _chart(area_path: str, period: Period) -> Chart:
    """Return what came in and what was done in this period and those before, oldest first."""
    shown = [period]
    while len(shown) < SHOWN[period.span] and (before := shown[0].before()):
        shown.insert(0, before)
    days = indicators.counts_by_day(area_path, shown[0].first_day, period.last_day)
    label = _month if period.span == MONTH else _week
    return bars.chart([_row(one, days, label) for one in shown])


def _row(
    period: Period, days: dict[Any, dict[str, int]], label: Callable[[Period], str]
) -> tuple[str, int, int]:
    own = [sums for day, sums in days.items() if period.first_day <= day <= period.last_day]
    return (
        label(period),
        sum(one["received"] for one in own),
        sum(one["resolved"] for one in own),
    )


def _week(period: Period) -> str:
    return f"{period.first_day.month}.{period.first_day.day}"


def _month(period: Period) -> str:
    return _("%(n)s 月") % {"n": period.first_day.month}
