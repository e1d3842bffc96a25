"""What can't be decided below goes up with its clause, and the answer comes back within its own promise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import (
    ArbitrationAnswered,
    ArbitrationAsked,
    ArbitrationWithdrawn,
    PartRefused,
)
from linli.cases.models import (
    Arbitration,
    ArbitrationState,
    Audience,
    Case,
    Clause,
    EntryKind,
    Outcome,
    PartState,
    WhistlePart,
)
from linli.cases.selectors import arbitrations as selectors
from linli.cases.selectors import whistles
from linli.cases.selectors.access import get_case
from linli.cases.services import _whistle as ground
from linli.cases.services._arbitration import record, set_clock
from linli.cases.services._ground import Step
from linli.cases.services.assigning import put_into_hands
from linli.cases.services.whistling import call_more, change_lead
from linli.cases.states import CaseState
from linli.kernel import calendar
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput, Conflict, DomainError, NotFound
from linli.kernel.worktime import Limit, Unit, due_at
from linli.posts import selectors as posts

TEXT_LIMIT = 1000


@transaction.atomic
def ask_arbitration(
    *,
    case_id: UUID,
    clause_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Arbitration:
    """Ask the rung above about a case that is beyond the community's authority, by a clause.

    The case waits with the desk, its own promise runs on, and the answer has a promise of its own.
    Errors: NotFound, NotAllowed, BadInput (no words), Conflict (asked already), DomainError (nobody
    above; in a whistle), IllegalMove, StaleCase.
    Source: beyond.md 6; S3 3.3, S4 4.9, what the community can't solve is reported upward.
    """
    case = get_case(case_id, actor, lock=True)
    actor.require("cases.dispatch", case.area_path)
    step = Step.begin(case, actor, now, version=version)
    step.only_from(CaseState.REPORTED, CaseState.ACCEPTED, CaseState.ASSIGNED, CaseState.IN_HAND)
    ground.refuse_while_whistled(case)
    clause = _clause(clause_id, text)
    if selectors.open_of_case(case.pk) is not None:
        raise Conflict(_("这件已经报上级裁定，正在等答复。"))
    if case.state != CaseState.ACCEPTED:
        step.move(CaseState.ACCEPTED)
    step.respond()
    case.is_in_arbitration = True
    step.set_clock()
    step.save()
    row = _ask(case, clause, text, actor, now=now)
    entry = ground.write(case, EntryKind.RULING, text.strip(), Audience.STAFF, actor=actor, now=now)
    record(ArbitrationAsked, row, actor=actor, now=now, entry_id=entry.pk, level=row.level)
    return row


@transaction.atomic
def refuse_part(
    *, part_id: UUID, clause_id: UUID, text: str, actor: Actor, now: datetime
) -> Arbitration:
    """Say that a part is not theirs, by a clause; the rung above decides, within its own promise.

    Only before anything was finished, by an organisation for itself. The part's clock stands.
    Errors: NotFound, BadInput (no words), DomainError (too late; over), Conflict (asked already).
    Source: issue 4, accepted or refused with a clause; peers.md 10, 首接负责.
    """
    step = ground.PartStep.begin(part_id, actor, now)
    if not whistles.is_mine(step.part, actor):
        raise NotFound(_("没有找到这次吹哨。"))
    if step.part.state not in ground.RUNNING:
        raise DomainError(_("这一部分已经办完，或者正在裁定。"))
    clause = _clause(clause_id, text)
    step.part.state = PartState.REFUSED
    step.save()
    row = _ask(step.case, clause, text, actor, now=now, part=step.part)
    entry = step.write(EntryKind.RULING, text.strip(), Audience.STAFF)
    step.record(PartRefused, entry=entry, clause_id=clause.pk)
    record(ArbitrationAsked, row, actor=actor, now=now, level=row.level)
    return row


def _clause(clause_id: UUID, text: str) -> Clause:
    if not text.strip():
        raise BadInput(_("写清楚为什么按这一条不归这里办，裁定的人要看。"), field="text")
    if len(text.strip()) > TEXT_LIMIT:
        raise BadInput(_("写得太长了，最多 %(n)s 字。") % {"n": TEXT_LIMIT}, field="text")
    return selectors.get_clause(clause_id)


def _ask(
    case: Case,
    clause: Clause,
    text: str,
    actor: Actor,
    *,
    now: datetime,
    part: WhistlePart | None = None,
) -> Arbitration:
    """Write the question to the rung above the community; nobody there, nobody answers."""
    # A department stands on the district's rung, and yet it is the rung above the community that decides.
    rung = posts.rung_above(
        level="community", area_path=case.area_path, estate_id=case.estate_id, now=now
    )
    if rung is None:
        raise DomainError(_("上面没有可以裁定的岗位，先和社区负责人商量。"))
    limit = Limit(clause.answer_amount, Unit(clause.answer_unit))
    row = Arbitration(
        case=case, part=part, community_id=case.community_id, area_path=case.area_path,
        clause=clause, text=text.strip(), level=rung.level, post_id=rung.post_id,
        asked_by=actor.who, asked_at=now, answer_due_at=due_at(now, limit, calendar.load()),
    )  # fmt: skip
    set_clock(row, now)
    row.save(force_insert=True)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the rung above says: the outcome, in words, and to whom it goes."""

    outcome: str
    text: str
    organisation_id: UUID | None = None


@transaction.atomic
def answer_arbitration(
    *, arbitration_id: UUID, answer: Answer, actor: Actor, now: datetime
) -> Arbitration:
    """Answer a question from below; what follows from it follows at once.

    Errors: NotFound, NotAllowed (asked from below, answered from above), BadInput, DomainError
    (answered already; the case ended).
    """
    seen = selectors.get_arbitration(arbitration_id, actor)
    if not selectors.may_answer(seen, actor):
        raise NotFound(_("没有找到这件裁定。"))
    case = ground.lock_case(seen.case_id)
    row = Arbitration.objects.select_for_update(of=("self",)).get(pk=arbitration_id)
    if row.state != ArbitrationState.ASKED:
        raise DomainError(_("这件已经有答复了。"))
    _check(row, answer)
    row.state, row.outcome, row.answer = (
        ArbitrationState.ANSWERED,
        answer.outcome,
        answer.text.strip(),
    )
    row.organisation_id, row.answered_by, row.answered_at = answer.organisation_id, actor.who, now
    set_clock(row, now)
    row.save()
    follow = _follow_case if row.part_id is None else _follow_part
    follow(case, row, actor, now)
    entry = ground.write(case, EntryKind.RULING, row.answer, Audience.STAFF, actor=actor, now=now)
    record(
        ArbitrationAnswered, row, actor=actor, now=now, entry_id=entry.pk, outcome=answer.outcome,
        is_in_time=now <= row.answer_due_at,
    )  # fmt: skip
    return row


def _check(row: Arbitration, answer: Answer) -> None:
    if answer.outcome not in dict(selectors.outcomes(row)):
        raise BadInput(_("选一个裁定结果。"), field="outcome")
    if not answer.text.strip():
        raise BadInput(_("写清楚为什么这样定，社区和部门都要看。"), field="text")
    needs = answer.outcome in (Outcome.TAKE, Outcome.REPLACE)
    if needs and answer.organisation_id is None:
        raise BadInput(_("选一下交给哪个单位。"), field="organisation_id")


def _follow_case(case: Case, row: Arbitration, actor: Actor, now: datetime) -> None:
    step = Step.begin(case, actor, now)
    if row.outcome == Outcome.TAKE:
        route = posts.chosen(
            post_id=None, organisation_id=row.organisation_id, area_path=case.area_path,
            by=actor.name,
        )  # fmt: skip
        case.level = route.level
        put_into_hands(step, route)
        return
    case.is_in_arbitration = False
    step.set_clock()
    step.save()


def _follow_part(case: Case, row: Arbitration, actor: Actor, now: datetime) -> None:
    by_itself = system(case.tenant_id)
    assert row.part_id is not None
    step = ground.PartStep.begin(row.part_id, by_itself, now)
    if row.outcome == Outcome.STAND:
        step.part.state = _state_before(step.part)
        ground.promise(step.part, whistles.limit_of(step.whistle), now)
        step.part.due_at = None  # a fresh clock: what was late before the question is counted there
        step.save("clock_started_at", "report_due_at", "arrive_due_at", "finish_due_at")
        return
    step.part.state = PartState.RELEASED
    step.save()
    if row.outcome == Outcome.REPLACE and row.organisation_id is not None:
        hand_on: Any = change_lead if step.part.is_lead else call_more
        hand_on(
            whistle_id=step.whistle.pk,
            organisation_id=row.organisation_id,
            actor=by_itself,
            now=now,
        )


def _state_before(part: WhistlePart) -> PartState:
    if part.arrived_at is not None:
        return PartState.ARRIVED
    return PartState.REPORTED if part.reported_at is not None else PartState.CALLED


@transaction.atomic
def withdraw_arbitration(*, arbitration_id: UUID, actor: Actor, now: datetime) -> Arbitration:
    """Take back a question about a case, by the community. Errors: NotFound, NotAllowed, DomainError."""
    seen = selectors.get_arbitration(arbitration_id, actor)
    actor.require("cases.dispatch", seen.area_path)
    case = ground.lock_case(seen.case_id)
    row = Arbitration.objects.select_for_update(of=("self",)).get(pk=arbitration_id)
    if row.state != ArbitrationState.ASKED or row.part_id is not None:
        raise DomainError(_("这件现在不能撤回。"))
    _withdraw(row, actor, now)
    step = Step.begin(case, actor, now)
    case.is_in_arbitration = False
    step.set_clock()
    step.save()
    return row


def end_with_cases(case_ids: list[UUID], *, actor: Actor, now: datetime) -> int:
    """Take back the questions about cases that ended. Return how many."""
    rows = Arbitration.objects.filter(case_id__in=case_ids, state=ArbitrationState.ASKED)
    with transaction.atomic():
        found = list(rows.select_related("case").select_for_update(of=("self",)))
        ended = [row for row in found if not row.case.is_open]
        for row in ended:
            _withdraw(row, actor, now)
    return len(ended)


def _withdraw(row: Arbitration, actor: Actor, now: datetime) -> None:
    row.state = ArbitrationState.WITHDRAWN
    set_clock(row, now)
    row.save(update_fields=["state", "due_at", "check_at"])
    record(ArbitrationWithdrawn, row, actor=actor, now=now)
