"""Everything that the leaders' page shows of an area and a period, asked once for a few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.selectors.catalogue import all_categories
from linli.indicators.rules import attention
from linli.indicators.rules.attention import Finding, Situation
from linli.indicators.rules.figures import rate_of
from linli.indicators.rules.measures import CODES
from linli.indicators.rules.periods import Period, steps_of
from linli.indicators.rules.shares import Rate
from linli.indicators.selectors import sums
from linli.indicators.selectors.areas import Place, below, parts
from linli.indicators.selectors.figures import BY_CODE, FIGURES
from linli.indicators.selectors.targets import Aim, aims_of
from linli.posts import selectors as posts

Counts = Mapping[str, int]
RATE_CODES: Final = tuple(figure.code for figure in FIGURES if figure.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: an area, a category or a handler, with its numbers."""

    key: str
    name: str
    counts: Counts
    rates: Mapping[str, Rate]
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """An area in a period. `before`: the same part of the period before. `now`: in_hand, overdue."""

    place: Place
    period: Period
    counts: Counts
    before: Counts
    now: Counts
    rates: Mapping[str, Rate]
    rates_before: Mapping[str, Rate]
    median: float | None
    median_before: float | None
    aims: Mapping[str, Aim]
    steps: tuple[Period, ...]
    trend: tuple[Counts | None, ...]  # None: still to come
    areas: tuple[Line, ...]
    parts: Mapping[str, Counts]  # what a map shows: `now` by path
    categories: tuple[Line, ...]
    organisations: tuple[Line, ...]
    findings: tuple[Finding, ...]


def overview(place: Place, period: Period, today: date) -> Overview:
    """Return what the page of an area shows for a period. A dozen statements on the tallies."""
    last = period.until(today)
    first_before, last_before = period.same_part_before(today)
    children = below(place)
    paths = [place.path, *(child.path for child in children)]
    shown = [part.path for part in parts(place)]
    now = sums.now_by_area([*dict.fromkeys([*paths, *shown])])
    by_day = sums.counts_by_day(place.path, period.first_day, last)
    counts, before = _total(by_day.values()), sums.counts(place.path, first_before, last_before)
    rates, rates_before = rates_of(counts), rates_of(before)
    aims = aims_of(place.path, period.first_day.year)
    areas = _areas(children, period.first_day, last, now)
    categories = _categories(place, period.first_day, last)
    were = sums.counts_by("category", place.path, first_before, last_before)
    # What came in lately had no time to be closed: held against earlier days it always looks bad.
    fair = {code: rate for code, rate in rates.items() if code != "closing"}
    aimed = rates if period.last_day < today else fair
    situation = Situation(
        overdue={("" if path == place.path else path): _late(now[path]) for path in paths},
        rates=rates,
        before={code: rate for code, rate in rates_before.items() if code in fair},
        targets={code: aim.value for code, aim in aims.items() if code in aimed},
        received={
            line.key: (line.counts["received"], were.get(line.key, {}).get("received", 0))
            for line in categories
            if line.key != SECRET
            and before["received"]  # before the first report nothing can have risen
        },
        reopened=(counts["reopened"], counts["received"]),
    )
    return Overview(
        place=place,
        period=period,
        counts=counts,
        before=before,
        now=now[place.path],
        rates=rates,
        rates_before=rates_before,
        median=sums.median_days(place.path, period.first_day, last),
        median_before=sums.median_days(place.path, first_before, last_before),
        aims=aims,
        steps=tuple(steps_of(period)),
        trend=tuple(_of_step(step, by_day, today) for step in steps_of(period)),
        areas=areas,
        parts={path: now[path] for path in shown},
        categories=categories,
        organisations=_organisations(place, period.first_day, last),
        findings=tuple(attention.findings(situation)),
    )


def rates_of(counts: Counts) -> dict[str, Rate]:
    """Return every figure that is a rate, by its code."""
    return {code: rate_of(BY_CODE[code], counts) for code in RATE_CODES}


def _late(counts: Counts) -> tuple[int, int]:
    return counts["overdue"], counts["in_hand"]


def _total(many: Any) -> dict[str, int]:
    total = dict.fromkeys(CODES, 0)
    for counts in many:
        for code, number in counts.items():
            total[code] += number
    return total


def _of_step(step: Period, by_day: Mapping[date, Counts], today: date) -> Counts | None:
    if step.first_day > today:
        return None
    return _total(
        counts for day, counts in by_day.items() if step.first_day <= day <= step.last_day
    )


def _areas(
    children: list[Place], first: date, last: date, now: Mapping[str, Counts]
) -> tuple[Line, ...]:
    found = sums.counts_by_area([child.path for child in children], first, last)
    return tuple(
        _line(child.path, child.name, {**found[child.path], **now[child.path]}, child)
        for child in children
    )


# Confidential matters are counted, but not by name: whoever may see the page may not see them.
SECRET: Final = "-"


def _categories(place: Place, first: date, last: date) -> tuple[Line, ...]:
    known = {one.code: one for one in all_categories().values()}
    names = {code: one.name for code, one in known.items()} | {SECRET: _("保密事项")}
    found: dict[str, Counts] = {}
    for code, counts in sums.counts_by("category", place.path, first, last).items():
        is_secret = code in known and known[code].is_confidential
        key = SECRET if is_secret else code
        found[key] = {
            **counts,
            **{code: n + counts.get(code, 0) for code, n in found.get(key, {}).items()},
        }
    lines = [_line(code, names.get(code, code), counts) for code, counts in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.counts["received"], line.key)))


def _organisations(place: Place, first: date, last: date) -> tuple[Line, ...]:
    found = sums.counts_by("organisation", place.path, first, last)
    names = posts.organisation_names(UUID(key) for key in found)
    lines = [_line(key, names.get(UUID(key), ""), counts) for key, counts in found.items()]
    return tuple(
        sorted((line for line in lines if line.name), key=lambda one: -one.counts["received"])
    )


def _line(key: str, name: str, counts: Counts, place: Place | None = None) -> Line:
    return Line(key=key, name=name, counts=counts, rates=rates_of(counts), place=place)
