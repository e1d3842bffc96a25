"""How the loop reckons: deadlines, the next look, titles, numbers, search words. No ORM, no
clock.
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linli.kernel import worktime
from linli.kernel.worktime import Limit, Promise, WorkCalendar

TITLE_LENGTH = 24
MANY = "、"  # between the words of an answer that chose several
SPOT_LIMIT = 80  # of a place in words, as wide as its column
TEXT_LIMIT = 20_000  # issue: 20,000 characters are taken, more get a clear message
SATISFIED, SO_SO, DISSATISFIED = 3, 2, 1
_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(f"[{_CJK}]+|[a-z0-9]+")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Promises:
    """The two promises of a service level, worked out for one moment of reporting."""

    respond: Promise
    resolve: Promise


def promises(
    reported_at: datetime, *, respond: Limit, resolve: Limit, calendar: WorkCalendar
) -> Promises:
    """Return by when an answer and a solution are due, each with its working in words.

    Source: S1 1.11 same day, S3 3.4 three working days, S5 5.9 within 24 hours.
    """
    return Promises(
        worktime.explain(reported_at, respond, calendar),
        worktime.explain(reported_at, resolve, calendar),
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of a case needs to know: its promises, and how far it was already shown
    late.
    """

    starts_at: datetime
    respond_due_at: datetime
    resolve_due_at: datetime
    is_responded: bool
    lateness: int  # 0 in time, 1 due soon, 2 late, 3 escalated


def running_due_at(clock: Clock) -> datetime:
    """Return the promise that runs now: the answer until there is one, then the solution."""
    if clock.is_responded:
        return clock.resolve_due_at
    return min(clock.respond_due_at, clock.resolve_due_at)


def is_late(due_at: datetime | None, *, ended_at: datetime | None, now: datetime) -> bool:
    """Tell whether what was promised for `due_at` came after it, or is missing and that has passed.

    The promised moment itself is in time; without a promise nothing is late.
    Source: issue 3, deadline check: the tickets of another city, read by its own record.
    """
    return due_at is not None and (ended_at or now) > due_at


def amber_at(clock: Clock, *, percent: int) -> datetime:
    """Return when the running promise is nearly used up.

    percent: how much of the time from the start to the promise may pass first, 1 to 99.
    """
    due_at = running_due_at(clock)
    return clock.starts_at + (due_at - clock.starts_at) * percent / 100


def lateness_at(clock: Clock, now: datetime, *, percent: int) -> int:
    """Return how late the running promise is at `now`: 0 in time, 1 due soon, 2 late; 3 stays 3."""
    if is_late(running_due_at(clock), ended_at=None, now=now):
        return max(2, clock.lateness)
    if now >= amber_at(clock, percent=percent):
        return max(1, clock.lateness)
    return 0


def next_look_at(
    clock: Clock, *, percent: int, escalate_after: timedelta, looked_at: datetime
) -> datetime:
    """Return when the worker must look at the case again: amber, red, or up the ladder.

    looked_at: the moment of this look; a case that went up is looked at again after the same pause.
    """
    due_at = running_due_at(clock)
    if clock.lateness == 0:
        return amber_at(clock, percent=percent)
    if clock.lateness == 1:
        return due_at
    if clock.lateness == 2:
        return due_at + escalate_after
    return max(looked_at, due_at) + escalate_after


def next_morning(moment: datetime, opens_at: time) -> datetime:
    """Return the first opening time after a local moment (aware, the community's own zone)."""
    morning = datetime.combine(moment.date(), opens_at, tzinfo=moment.tzinfo)
    return morning if morning > moment else morning + timedelta(days=1)


def title_of(text: str) -> str:
    """Return the first words of a report, for lists: its first sentence, cut with an ellipsis."""
    first = _SENTENCE_END.split(text.strip(), maxsplit=1)[0].strip(" ，,、")
    first = first or text.strip()[:TITLE_LENGTH]
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def case_number(initials: str, reported_on: datetime, count: int) -> str:
    """Return what people say on the phone: DC26110042, the community's letters, month and count."""
    return f"{initials}{reported_on:%y%m}{count:04d}"


def search_words(text: str) -> list[str]:
    """Return a text as search words: overlapping pairs of Chinese characters, Latin words and
    numbers whole.

    Two characters are enough to find a case; word segmentation would lose addresses and names
    (docs/adr/0006). A single Chinese character between others is covered by its pairs.
    """
    words: dict[str, None] = {}
    for run in _RUNS.findall(text.lower()):
        if run[0].isascii():
            words[run] = None
            # Numbers are found by their tail too: 编号后四位.
            if len(run) > 4:
                words[run[-4:]] = None
        elif len(run) == 1:
            words[run] = None
        else:
            for i in range(len(run) - 1):
                words[run[i : i + 2]] = None
    return list(words)


def asked_words(query: str) -> list[str]:
    """Return the search words of a query.

    A whole phone number asks for its tail, and a number of a case may stand in groups, as both are
    copied from elsewhere.
    """
    joined = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", query))
    if re.fullmatch(r"(\+?86)?\d{11}", joined):
        return [joined[-4:]]
    return search_words(joined if re.fullmatch(r"[A-Za-z]{1,8}\d{8,}", joined) else query)


def best_matches(text: str, labels: Mapping[str, str], most: int = 3) -> list[str]:
    """Return the keys of the labels that share most words with a text, best first; none, none.

    For whoever says in words what a case is about and chooses no picture.
    """
    said = set(search_words(text))
    shared = {key: len(said & set(search_words(label))) for key, label in labels.items()}
    ranked = sorted((key for key in shared if shared[key]), key=lambda key: -shared[key])
    return ranked[:most]


def reopens(*, is_solved: bool, satisfaction: int) -> bool:
    """Tell whether a rating sends the case back: not solved, or not satisfied.

    Source: house.md 4, solved and satisfied are two questions; issue story 5.
    """
    return not is_solved or satisfaction == DISSATISFIED


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def sample_size(population: int, *, percent: int, least: int) -> int:
    """Return how many of so many are drawn: the share, rounded up, at least `least`, at most all.

    percent: 0 draws nobody.
    """
    if percent == 0:
        return 0
    return min(population, max(least, math.ceil(population * percent / 100)))


def drawn(numbers: Iterable[str], *, seed: str, size: int) -> list[str]:
    """Return the drawn ones of case numbers, the same for the same numbers and seed on any machine.

    Each number is hashed with the seed; the smallest hashes are drawn. So nobody chooses, and
    anybody can draw again. Source: issue 3, step 3; docs/adr/0010.
    """
    ranked = sorted(
        numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest()
    )
    return ranked[:size]


def digest_of(numbers: Iterable[str]) -> str:
    """Return what tells whether two lists of case numbers are the same: 64 hex digits."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()
