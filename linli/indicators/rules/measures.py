"""What is counted of a case, each with the day that it counts for.

A measure is 0 or 1 of a case (followers: their number), worked out in the database from the columns of
`cases.selectors.facts`. Everything a page shows is a sum of measures over days and places; figures.py
says which, in words. Changing a measure asks for `linli rebuild-tallies`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

# The days of a case that something counts for.
DAYS: Final = ("reported_on", "resolved_on", "missed_on", "closed_on", "rated_on", "official_on")
_MISSED = "is_late"
_NOT_EXCLUDED = "NOT is_excluded"
# The day that stands for each of DAYS, and when there is none.
DAY_SQL: Final = {
    "reported_on": "reported_on",
    "resolved_on": "resolved_on",
    "missed_on": f"CASE WHEN {_MISSED} THEN promised_on END",
    "closed_on": "CASE WHEN state = 'closed' THEN closed_on END",
    "rated_on": "CASE WHEN is_solved IS NOT NULL THEN rated_on END",
    "official_on": "CASE WHEN official_solved IS NOT NULL THEN coalesce(asked_on, rated_on) END",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted: its code, its day, and when a case counts, or for how many."""

    code: str
    day: str
    condition: str = ""  # SQL over the columns of cases.selectors.facts
    number: str = ""


_ANSWER_DUE = "responded_at IS NOT NULL OR is_late"
_ANSWERED = "responded_at <= respond_due_at"
_IN_TIME = "resolved_at <= promised_at"
MEASURES: Final = (
    Measure("received", "reported_on", number="1"),
    Measure("answer_due", "reported_on", _ANSWER_DUE),
    Measure("answered", "reported_on", _ANSWERED),
    Measure("official_answer_due", "reported_on", f"({_ANSWER_DUE}) AND {_NOT_EXCLUDED}"),
    Measure("official_answered", "reported_on", f"{_ANSWERED} AND {_NOT_EXCLUDED}"),
    Measure("finished", "reported_on", "state = 'closed'"),
    Measure("declined", "reported_on", "state = 'declined'"),
    Measure("merged", "reported_on", "state = 'merged'"),
    Measure("withdrawn", "reported_on", "state = 'withdrawn'"),
    Measure("in_hand", "reported_on", "is_open"),
    Measure("overdue", "reported_on", _MISSED),
    Measure("waiting", "reported_on", "state = 'resolved'"),
    Measure("reopened", "reported_on", "reopen_count > 0"),
    Measure("me_too", "reported_on", number="follower_count"),
    Measure("excluded", "reported_on", "is_excluded"),
    Measure("resolved", "resolved_on", "resolved_at IS NOT NULL"),
    Measure("in_time", "resolved_on", _IN_TIME),
    Measure("missed", "missed_on", _MISSED),
    Measure("closed", "closed_on", "state = 'closed'"),
    Measure("unrated", "closed_on", "state = 'closed' AND is_solved IS NULL"),
    Measure("rated", "rated_on", "is_solved IS NOT NULL"),
    Measure("solved", "rated_on", "is_solved IS TRUE"),
    Measure("satisfied", "rated_on", "satisfaction = 3"),
    Measure("so_so", "rated_on", "satisfaction = 2"),
    Measure("official_rated", "official_on", "official_solved IS NOT NULL"),
    Measure("official_solved", "official_on", "official_solved IS TRUE"),
    Measure("official_satisfied", "official_on", "official_satisfaction = 3"),
)  # fmt: skip
CODES: Final = tuple(measure.code for measure in MEASURES)
_AT: Final = {code: at for at, code in enumerate(CODES)}
_OF_DAY: Final = {
    day: tuple(at for at, measure in enumerate(MEASURES) if measure.day == day) for day in DAYS
}
DAY_OF: Final = {measure.code: measure.day for measure in MEASURES}

# How long it took, in hours: upper ends of the steps from which the median is worked out.
STEPS: Final = (
    1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 36, 48, 60, 72, 96, 120, 144, 168, 240, 336, 480, 720, 1440,
    2160, 8760,
)  # fmt: skip
LAST_STEP: Final = "99999"
STEP_SQL: Final = (
    "CASE WHEN hours IS NULL THEN '' "
    + " ".join(f"WHEN hours<={step} THEN'{step:05d}'" for step in STEPS)
    + f" ELSE '{LAST_STEP}' END"
)

# What a fact is: its id, where it belongs, its days, its measures; in the order of the columns.
PLACE: Final = ("area_path", "category", "organisation", "took")
FACT: Final = ("id", "tenant_id", "is_confidential", *PLACE, *DAYS, *CODES)
PLACE_SQL: Final = {"took": STEP_SQL}

# A sum belongs to an area and a cut through it: all, one category, one handler, one step of time.
ALL, CATEGORY, ORGANISATION, TOOK = "", "category", "organisation", "took"
Place = tuple[str, str, str, str]  # PLACE
Cell = tuple[str, str, str, str]  # area_path, cut, key, day
Counts = list[int]


def fact_sql(source: str, *, cast: str) -> str:
    """Return the query that makes facts of cases.

    source: the query of cases.selectors.facts. cast: what makes a number of a truth, if anything must.
    Shape: the columns are those of FACT by their places and have no names, so that it stays short.
    """
    measured = {m.code: m.number or f"(({m.condition}) IS TRUE){cast}" for m in MEASURES}
    known = PLACE_SQL | DAY_SQL | measured
    columns = ", ".join(known.get(name, name) for name in FACT)
    return f"SELECT {columns} FROM ({source}) f"


def sum_sql(day: str, facts: str, which: str) -> str:
    """Return the query that adds up what counts for one of DAYS, place by place.

    Shape: a row of PLACE, the day, and the sums of `measures_of(day)`.
    """
    took = "took" if day == "resolved_on" else "''"
    sums = ", ".join(f"sum({CODES[at]})" for at in measures_of(day))
    return (
        f"SELECT area_path, category, organisation, {took} AS took, {day}, {sums} FROM {facts}"
        f" WHERE {which} AND {day} IS NOT NULL GROUP BY 1, 2, 3, 4, 5"
    )


def measures_of(day: str) -> tuple[int, ...]:
    """Return the places in MEASURES of what counts for one of DAYS."""
    return _OF_DAY[day]


def differences(
    old: Iterable[Sequence[Any]], new: Iterable[Sequence[Any]]
) -> dict[tuple[Place, str], Counts]:
    """Return by how much each place and day changes when old facts become new ones.

    Shape: {(PLACE, day): counts in the order of MEASURES}; what does not change is not in it.
    """
    sums: dict[tuple[Place, str], Counts] = {}
    for sign, facts in ((-1, old), (1, new)):
        for fact in facts:
            _add(sums, fact, sign)
    return {key: counts for key, counts in sums.items() if any(counts)}


_PLACE_AT = FACT.index(PLACE[0])
_DAY_AT = {day: FACT.index(day) for day in DAYS}
_COUNT_AT = FACT.index(CODES[0])


def _add(sums: dict[tuple[Place, str], Counts], fact: Sequence[Any], sign: int) -> None:
    place: Any = tuple(fact[_PLACE_AT : _PLACE_AT + len(PLACE)])
    for name, measures in _OF_DAY.items():
        day = fact[_DAY_AT[name]]
        if day is not None:
            counts = sums.setdefault((place, str(day)), [0] * len(CODES))
            for at in measures:
                counts[at] += sign * fact[_COUNT_AT + at]


def spread(sums: Mapping[tuple[Place, str], Counts]) -> dict[Cell, Counts]:
    """Return what each cell of the tallies changes by: all areas above, each cut."""
    cells: dict[Cell, Counts] = {}
    for (place, day), counts in sums.items():
        area_path, category, organisation, took = place
        cuts = [(ALL, ""), (CATEGORY, category)]
        if organisation:
            cuts.append((ORGANISATION, organisation))
        timed = _timed(counts) if took else None
        for path in above(area_path):
            for cut, key in cuts:
                _merge(cells, (path, cut, key, day), counts)
            if timed:
                _merge(cells, (path, TOOK, took, day), timed)
    return {cell: counts for cell, counts in cells.items() if any(counts)}


def _timed(counts: Counts) -> Counts | None:
    number = counts[_AT["resolved"]]
    if not number:
        return None
    timed = [0] * len(CODES)
    timed[_AT["resolved"]] = number
    return timed


def _merge(cells: dict[Cell, Counts], cell: Cell, counts: Counts) -> None:
    known = cells.get(cell)
    cells[cell] = (
        list(counts) if known is None else [a + b for a, b in zip(known, counts, strict=True)]
    )


def above(area_path: str) -> list[str]:
    """Return a path and every path above it, the district first: "a/b/" gives "a/", "a/b/"."""
    parts = area_path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
