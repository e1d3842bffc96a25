"""Promises of parts and questions move: the case stood still, or the calendar is another one."""

from datetime import datetime

from django.db import transaction

from linli.cases.models import (
    Arbitration,
    ArbitrationState,
    Whistle,
    WhistleLimit,
    WhistlePart,
    WhistleState,
)
from linli.cases.rules import whistle as rules
from linli.cases.selectors import whistles as selectors
from linli.cases.selectors.catalogue import get_settings
from linli.cases.services import _whistle as ground
from linli.cases.services._arbitration import set_clock
from linli.cases.services._ground import at_the_time_of
from linli.kernel import calendar
from linli.kernel.worktime import Limit, Unit, due_at, shift

_DONE = {"report": "reported_at", "arrive": "arrived_at", "finish": "finished_at"}
_COLUMNS = [
    "report_due_at", "arrive_due_at", "finish_due_at", "first_finish_due_at", "clock_started_at",
    "due_at", "check_at", "lateness",
]  # fmt: skip


def go_on(*, case_id: object, stopped_at: datetime, now: datetime) -> int:
    """Move what parts still owe by the time their case stood still; return how many parts.

    What was kept, and what was missed before the stop, stays what it was. A part that was called
    while the case stood has its time from when the case goes on. Inside the transaction that lets the
    case go on, so that nobody is called late in between.
    """
    return sum(
        _moved(part, selectors.limit_of(whistle), stopped_at, now)
        for whistle in Whistle.objects.filter(case_id=case_id, state=WhistleState.OPEN)
        for part in whistle.parts.select_for_update(of=("self",)).order_by("pk")
    )


def _moved(part: WhistlePart, limit: WhistleLimit, stopped_at: datetime, now: datetime) -> bool:
    stood_from = max(stopped_at, part.clock_started_at)
    days = calendar.load()
    for step in rules.STEPS:
        unit = Unit(getattr(limit, f"{step}_unit"))
        for column in (f"{step}_due_at", *(["first_finish_due_at"] if step == "finish" else [])):
            moment = getattr(part, column)
            if moment is not None and moment > stood_from and not getattr(part, _DONE[step]):
                moved = shift(
                    moment, stopped_at=stood_from, resumed_at=now, unit=unit, calendar=days
                )
                setattr(part, column, moved)
    part.clock_started_at = _started(part.clock_started_at, limit, stopped_at, now)
    ground.set_clock(part, get_settings(), now)
    part.save(update_fields=_COLUMNS)
    return True


def _started(
    started_at: datetime, limit: WhistleLimit, stopped_at: datetime, now: datetime
) -> datetime:
    """Return a start from which the promise worked out anew is the one that was moved."""
    if started_at >= stopped_at:
        return now
    unit, days = Unit(limit.finish_unit), calendar.load()
    moved = shift(started_at, stopped_at=stopped_at, resumed_at=now, unit=unit, calendar=days)
    return at_the_time_of(moved, started_at, unit)


def work_out_again(now: datetime) -> int:
    """Work open promises out again after the calendar changed; return how many moved.

    A promise that was already kept or missed stays; a day that was agreed on is never earlier for it.
    """
    parts = WhistlePart.objects.filter(due_at__isnull=False).values_list("pk", flat=True)
    asked = Arbitration.objects.filter(due_at__isnull=False).values_list("pk", flat=True)
    moved = sum(_part_again(part_id, now) for part_id in list(parts))
    return moved + sum(_question_again(question_id, now) for question_id in list(asked))


@transaction.atomic
def _part_again(part_id: object, now: datetime) -> bool:
    rows = WhistlePart.objects.select_for_update(of=("self",)).select_related("whistle")
    part = rows.filter(pk=part_id, due_at__isnull=False).first()
    if part is None:
        return False
    limits = ground.limits_of(selectors.limit_of(part.whistle))
    due = rules.due_times(part.clock_started_at, limits, calendar.load())
    before = [getattr(part, name) for name in _COLUMNS]
    for step in rules.STEPS:
        column = f"{step}_due_at"
        if getattr(part, _DONE[step]) or getattr(part, column) <= now:
            continue
        if step == "finish" and part.first_finish_due_at is not None:
            part.finish_due_at = max(part.finish_due_at, due.finish)
        else:
            setattr(part, column, getattr(due, step))
    ground.set_clock(part, get_settings(), now)
    part.save(update_fields=_COLUMNS)
    return before != [getattr(part, name) for name in _COLUMNS]


@transaction.atomic
def _question_again(question_id: object, now: datetime) -> bool:
    rows = Arbitration.objects.select_for_update(of=("self",)).select_related("clause")
    row = rows.filter(pk=question_id, state=ArbitrationState.ASKED, answer_due_at__gt=now).first()
    if row is None:
        return False
    limit = Limit(row.clause.answer_amount, Unit(row.clause.answer_unit))
    before = row.answer_due_at
    row.answer_due_at = due_at(row.asked_at, limit, calendar.load())
    set_clock(row, now)
    row.save(update_fields=["answer_due_at", "due_at", "check_at"])
    return row.answer_due_at != before
