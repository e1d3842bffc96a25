"""The ground under questions to the rung above: their clock, their events."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from linli.cases.events import ArbitrationEvent
from linli.cases.models import Arbitration, ArbitrationState
from linli.cases.rules import whistle as rules
from linli.cases.selectors.catalogue import get_settings
from linli.kernel import events
from linli.kernel.actor import Actor

E = TypeVar("E", bound=ArbitrationEvent)


def set_clock(row: Arbitration, now: datetime) -> None:
    """Set `due_at` and `check_at`: the promise runs until there is an answer."""
    if row.state != ArbitrationState.ASKED:
        row.due_at = row.check_at = None
        return
    settings, row.due_at = get_settings(), row.answer_due_at
    clock = rules.clock_of(start=row.asked_at, due_at=row.answer_due_at, lateness=row.lateness)
    row.check_at = rules.next_look_at(
        clock,
        percent=settings.amber_percent,
        escalate_after=timedelta(hours=settings.escalate_after_hours),
        looked_at=now,
    )


def record(kind: type[E], row: Arbitration, *, actor: Actor, now: datetime, **facts: Any) -> None:
    """Record what happened to a question on its case's timeline."""
    event = kind(
        subject_id=row.case_id, area_path=row.area_path, community_id=row.community_id,
        arbitration_id=row.pk, clause_id=row.clause_id, part_id=row.part_id,
        organisation_id=row.organisation_id, **facts,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
