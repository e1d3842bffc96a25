"""What the clock does to parts and to questions: a reminder, late, up the ladder; it blocks nobody."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from linli.cases.events import (
    ArbitrationLate,
    LeadLost,
    PartDueSoon,
    PartEscalated,
    PartLate,
)
from linli.cases.models import (
    Arbitration,
    ArbitrationState,
    Lateness,
    WhistlePart,
    WhistleState,
)
from linli.cases.rules import is_late, lateness_at
from linli.cases.rules import whistle as rules
from linli.cases.selectors.catalogue import get_settings
from linli.cases.services import _whistle as ground
from linli.cases.services._arbitration import record, set_clock
from linli.cases.states import CaseState
from linli.kernel import jobs, tenancy
from linli.kernel.actor import Actor, system
from linli.posts import selectors as posts

BATCH = 100


def check_due(now: datetime, *, limit: int = BATCH) -> int:
    """Look at parts and questions whose next look is due; return how many there were."""
    parts = WhistlePart.objects.filter(check_at__lte=now).order_by("check_at")
    questions = Arbitration.objects.filter(check_at__lte=now).order_by("check_at")
    part_ids = list(parts.values_list("pk", flat=True)[:limit])
    question_ids = list(questions.values_list("pk", flat=True)[:limit])
    count = jobs.for_each(part_ids, lambda one: check_part(part_id=one, now=now))
    return count + jobs.for_each(question_ids, lambda one: check_question(one, now=now))


@transaction.atomic
def check_part(*, part_id: UUID, now: datetime) -> bool:
    """Remind, mark late, show to the rung above; each once. Return whether anything was due."""
    actor = system(tenancy.current_tenant_id())
    due = WhistlePart.objects.filter(pk=part_id, check_at__lte=now)
    if not due.exists():
        return False
    step = ground.PartStep.begin(part_id, actor, now)
    if step.part.check_at is None or step.part.check_at > now or step.part.due_at is None:
        return False
    if step.case.state == CaseState.SUSPENDED:
        # The whole case stands still; `whistle_promises.go_on` moves the promises when it goes on.
        WhistlePart.objects.filter(pk=part_id).update(check_at=now + timedelta(hours=1))
        return True
    _look(step)
    return True


def _look(step: ground.PartStep) -> None:
    part, old, name = step.part, step.part.lateness, ground.step_of(step.part)
    assert part.due_at is not None
    clock = rules.clock_of(start=part.clock_started_at, due_at=part.due_at, lateness=part.lateness)
    part.lateness = lateness_at(clock, step.now, percent=step.settings.amber_percent)
    pause = timedelta(hours=step.settings.escalate_after_hours)
    is_up = part.lateness >= Lateness.LATE and step.now >= part.due_at + pause
    if is_up:
        part.lateness = Lateness.ESCALATED
    part.was_late = part.was_late or part.lateness >= Lateness.LATE
    step.save()
    if old < Lateness.DUE_SOON and part.lateness == Lateness.DUE_SOON:
        step.record(PartDueSoon, step=name)
    if old < Lateness.LATE <= part.lateness:
        step.record(PartLate, step=name)
    if is_up:
        _go_up(step, name)


def _go_up(step: ground.PartStep, name: str) -> None:
    """Show a late part to the next rung above the community; at the top nobody is left to tell."""
    part, case = step.part, step.case
    rung = posts.rung_above(
        level=part.rung or "community",
        area_path=case.area_path,
        estate_id=case.estate_id,
        now=step.now,
    )
    if rung is None:
        part.check_at = None
    else:
        part.rung = rung.level
        step.record(PartEscalated, step=name, to_level=rung.level)
    part.save(update_fields=["rung", "check_at"])


@transaction.atomic
def check_question(arbitration_id: UUID, *, now: datetime) -> bool:
    """Mark a question to the rung above amber or late. Return whether anything was due."""
    rows = Arbitration.objects.select_for_update(of=("self",))
    row = rows.filter(pk=arbitration_id, check_at__lte=now, state=ArbitrationState.ASKED).first()
    if row is None:
        return False
    was = row.lateness
    clock = rules.clock_of(start=row.asked_at, due_at=row.answer_due_at, lateness=was)
    row.lateness = lateness_at(clock, now, percent=get_settings().amber_percent)
    set_clock(row, now)
    is_up = was == Lateness.LATE and _ask_higher(row, now)
    if row.lateness >= Lateness.LATE and (is_up or was >= Lateness.LATE):
        row.check_at = None  # nobody else is told; the list keeps it at the top
    row.save(update_fields=["lateness", "due_at", "check_at", "level", "post"])
    if is_up or (was < Lateness.LATE and is_late(row.answer_due_at, ended_at=None, now=now)):
        actor = system(tenancy.current_tenant_id())
        record(ArbitrationLate, row, actor=actor, now=now)
    return True


def _ask_higher(row: Arbitration, now: datetime) -> bool:
    """Put a question that stays without answer before the next rung too, once; tell whether there is one.

    Whoever was asked first goes on seeing it, and may still answer.
    """
    case = row.case
    rung = posts.rung_above(
        level=row.level, area_path=case.area_path, estate_id=case.estate_id, now=now
    )
    if rung is None or rung.post_id is None:
        return False
    row.level, row.post_id, row.lateness = rung.level, rung.post_id, Lateness.ESCALATED
    return True


def tell_lost_leads(organisation_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Tell whoever whistled that the lead was ended while its whistles are open; return how many."""
    rows = WhistlePart.objects.filter(
        organisation_id=organisation_id, is_lead=True, whistle__state=WhistleState.OPEN
    )
    found = list(rows.select_related("whistle"))
    for part in found:
        ground.record(
            LeadLost, part.whistle, actor=actor, now=now, part_id=part.pk,
            organisation_id=organisation_id,
        )  # fmt: skip
    return len(found)
