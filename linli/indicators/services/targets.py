"""Sets what is to be reached in a year, for an area and those below it. Source: S4 4.11."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.indicators.events import GoalKept, TargetsSet
from linli.indicators.models import Goal, Target
from linli.indicators.rules.figures import Unit
from linli.indicators.selectors.areas import area_for
from linli.indicators.selectors.figures import BY_CODE
from linli.kernel import events, memory
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound

DUTY: Final = "indicators.configure"
# What may have a target: shares, and how long it takes.
AIMABLE: Final = tuple(
    figure.code for figure in BY_CODE.values() if figure.unit in (Unit.RATE, Unit.DAYS)
)


@transaction.atomic
def set_targets(
    *, area_id: UUID, year: int, values: Mapping[str, float | None], actor: Actor, now: datetime
) -> list[str]:
    """Set or drop the targets of an area for a year; return the figures that changed.

    values: a share of 1 or days, by figure; None drops the target, what is not named stays.
    Errors: NotFound, NotAllowed, BadInput.
    """
    place = area_for(area_id, actor)
    actor.require(DUTY, place.path)
    known = dict(
        Target.objects.select_for_update()
        .filter(area_id=area_id, year=year)
        .values_list("figure", "value")
    )
    changed = [code for code, value in values.items() if known.get(code) != value]
    for code in changed:
        _check(code, values[code])
        rows = Target.objects.filter(area_id=area_id, year=year, figure=code)
        rows.delete()
        if values[code] is not None:
            Target.objects.create(
                area_id=area_id, year=year, figure=code, value=values[code],
                set_by=actor.account_id, set_at=now,
            )  # fmt: skip
    if changed:
        event = TargetsSet(
            subject_id=area_id, area_path=place.path, year=year, changed=",".join(sorted(changed))
        )
        events.record(event, actor=actor, at=now)
        transaction.on_commit(memory.forget_all)  # Pages that were drawn show the old ones.
    return changed


def _check(code: str, value: float | None) -> None:
    if code not in AIMABLE:
        raise BadInput(_("这个数字不定目标。"), field=code)
    is_rate = BY_CODE[code].unit == Unit.RATE
    if value is not None and not 0 < value <= (1 if is_rate else 365):
        words = _("百分比要大于 0，最大 100。") if is_rate else _("天数要大于 0，最大 365。")
        raise BadInput(words, field=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSheet:
    """What somebody writes about a goal that is counted by hand."""

    name: str
    unit: str
    target: float
    reached: float | None = None
    reached_on: date | None = None
    source: str = ""


@transaction.atomic
def keep_goal(*, area_id: UUID, year: int, sheet: GoalSheet, actor: Actor, now: datetime) -> Goal:
    """Write a goal of an area for a year, or change the one of that name.

    Errors: NotFound, NotAllowed, BadInput (a number without its day or where it is from).
    """
    place = area_for(area_id, actor)
    actor.require(DUTY, place.path)
    if sheet.reached is not None and not (sheet.reached_on and sheet.source.strip()):
        raise BadInput(_("写了现在的数字，就要写是哪一天的、从哪里来的。"), field="source")
    goal = Goal.objects.select_for_update().filter(
        area_id=area_id, year=year, name=sheet.name.strip()
    ).first()  # fmt: skip
    what = "changed" if goal else "created"
    goal = goal or Goal(area_id=area_id, year=year, name=sheet.name.strip())
    goal.unit, goal.target, goal.source = sheet.unit, sheet.target, sheet.source.strip()
    goal.reached = sheet.reached
    goal.reached_on = None if sheet.reached is None else sheet.reached_on
    goal.set_by, goal.set_at = actor.account_id, now
    goal.save()
    event = GoalKept(subject_id=goal.pk, area_path=place.path, year=year, what=what)
    events.record(event, actor=actor, at=now)
    transaction.on_commit(memory.forget_all)
    return goal


@transaction.atomic
def drop_goal(*, goal_id: UUID, actor: Actor, now: datetime) -> None:
    """Drop a goal that was kept by hand. Errors: NotFound, NotAllowed."""
    goal = Goal.objects.select_for_update().filter(pk=goal_id).first()
    if goal is None:
        raise NotFound(_("没有找到这个目标。"))
    place = area_for(goal.area_id, actor)
    actor.require(DUTY, place.path)
    event = GoalKept(subject_id=goal.pk, area_path=place.path, year=goal.year, what="dropped")
    events.record(event, actor=actor, at=now)
    goal.delete()
    transaction.on_commit(memory.forget_all)
