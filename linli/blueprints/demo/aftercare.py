"""What comes after the end: each week's drawn calls, promises that are moved, what does not count."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, Final

from linli.blueprints.demo.words import manners
from linli.blueprints.demo.world import World
from linli.cases.selectors import followups as calling
from linli.cases.services import excluding, extending, followups, sampling
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError
from linli.places import selectors as places

WEEKS: Final = 8
_WHY_LATER: Final = (
    "要和几家住户商量好再动手，约在这个周末。",
    "负责的师傅这周排满了，已约好下周一上门。",
    "需要另一个部门配合，函已发出，等回复。",
)
_NOT_COUNTED: Final = (
    ("false", "到现场核实，反映的情况不成立，已当面说明。"),
    ("repeated", "同一人就同一事第四次反映，前三次都已办结。"),
)


def plan(world: World) -> None:
    """Draw every Monday from the week before, and call in the days after."""
    rng = Random(f"{world.tenant.code} aftercare")
    today = clock.local(world.now).date()
    monday = today - timedelta(days=today.weekday())
    for number in range(WEEKS):
        day = monday - timedelta(weeks=number)
        at = datetime.combine(day, time(8, 30), tzinfo=clock.BEIJING)
        if at > world.start:
            world.at(at, lambda moment: _draw(world, moment, rng))


def _draw(world: World, at: datetime, rng: Random) -> None:
    week_on = clock.local(at).date() - timedelta(days=7)
    sampling.draw_week(week_on=week_on, now=at)
    for row in calling.rows_behind("", week_on, week_on):
        if rng.random() < 0.85:
            world.at(
                world.working(at + timedelta(hours=rng.uniform(1, 50))), _call(world, row, rng)
            )


def _call(world: World, row: Any, rng: Random) -> Any:
    def call(at: datetime) -> None:
        caller = _somebody_else(world, row.case, at, "cases.follow_up")
        if caller is None:
            return
        if rng.random() < 0.2:
            outcome = rng.choice(["no_answer", "no_answer", "refused"])
            followups.record_attempt(followup_id=row.pk, outcome=outcome, actor=caller, now=at)
            return
        score = rng.choices([3, 2, 1], [0.78, 0.14, 0.08])[0]
        kind = {3: "satisfied", 2: "so_so", 1: "dissatisfied"}[score]
        followups.record_answers(
            followup_id=row.pk, is_solved=score > 1, satisfaction=score,
            remarks=rng.choice(manners()["rated"][kind]) if rng.random() < 0.5 else "",
            actor=caller, now=at,
        )  # fmt: skip

    return call


def _somebody_else(world: World, case: Any, at: datetime, duty: str) -> Actor | None:
    """Return somebody of the desk or the lead who has the duty and did not handle the case."""
    community = places.community_of_path(case.area_path)
    for role in ("desk", "lead"):
        actor = world.staff.in_role(role, community.path, at) if community else None
        if actor is None or not actor.can(duty, case.area_path):
            continue
        if not calling.has_handled(case, actor):
            return actor
    return None


def decide(world: World, cases: Iterable[Any]) -> None:
    """Let some handlers ask for another day, and some cases be left out; the last of each waits."""
    now, later, ended = world.now, [], []
    for case in cases:
        if case.is_confidential:
            continue
        if case.state == "in_hand" and case.resolve_due_at > now and case.suspended_at is None:
            later.append(case)
        elif case.state == "closed":
            ended.append(case)
    for number, case in enumerate(later[: len(_WHY_LATER)]):
        with suppress(DomainError):  # somebody asked for something else meanwhile
            _extend(world, case, _WHY_LATER[number], is_decided=number == 0)
    for number, case in enumerate(ended[-len(_NOT_COUNTED) :]):
        with suppress(DomainError):
            _exclude(world, case, *_NOT_COUNTED[number], is_decided=number == 0)


def _extend(world: World, case: Any, reason: str, *, is_decided: bool) -> None:
    handler = world.staff.holding(case.handler_post_id, case.handler_organisation_id, world.now)
    lead = _somebody_else(world, case, world.now, "cases.approve")
    if handler is None:
        return
    until = case.resolve_due_at + timedelta(days=4)
    extending.ask_extension(
        case_id=case.pk, reason=reason, until=until, actor=handler, now=world.now
    )
    if is_decided and lead is not None:
        extending.decide_extension(
            case_id=case.pk, is_approved=True, note="", actor=lead, now=world.now
        )


def _exclude(world: World, case: Any, reason: str, text: str, *, is_decided: bool) -> None:
    community = places.community_of_path(case.area_path)
    desk = world.staff.in_role("desk", community.path, world.now) if community else None
    if desk is None or not desk.can("cases.dispatch", case.area_path):
        return
    excluding.ask_exclusion(case_id=case.pk, reason=reason, text=text, actor=desk, now=world.now)
    lead = world.staff.in_role("lead", community.path, world.now) if community else None
    if is_decided and lead is not None and not calling.has_handled(case, lead):
        excluding.decide_exclusion(
            case_id=case.pk, is_approved=True, note="", actor=lead, now=world.now
        )
