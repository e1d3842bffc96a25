"""A plan of grids is put right by hand, gets its day, is taken back or thrown away."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.kernel import clock, jobs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places.errors import PlanFixed, PlanHasGaps
from linli.places.events import PlanChanged, PlanDiscarded, PlanScheduled, PlanWithdrawn
from linli.places.models import GridPlan, PlannedBuilding, PlannedGrid, PlanState
from linli.places.rules import names
from linli.places.selectors import planning as selectors
from linli.places.services.plan_making import DUTY, MOST_GRIDS
from linli.places.services.recording import record

TASK: Final = "places.take_effect"


@transaction.atomic
def move_buildings(
    *,
    plan_id: UUID,
    building_ids: Collection[UUID],
    to_grid_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> GridPlan:
    """Move buildings of a draft to another of its grids; None: to a new one.

    A grid that is left empty is no more. Errors: NotAllowed, NotFound, PlanFixed, BadInput.
    """
    plan = _draft(plan_id, actor)
    rows = PlannedBuilding.objects.filter(plan=plan, building_id__in=set(building_ids))
    if not building_ids or rows.count() != len(set(building_ids)):
        raise BadInput(_("先勾上要移动的楼栋。"), field="building")
    to = _target(plan, to_grid_id)
    rows.exclude(target=to).update(target=to, is_moved=True)
    PlannedGrid.objects.filter(plan=plan, buildings=None).delete()
    event = PlanChanged(
        subject_id=plan.pk, area_path=plan.community.path, to_grid=to.name,
        buildings=tuple(sorted(str(one) for one in building_ids)),
    )  # fmt: skip
    record(event, actor=actor, at=now)
    return plan


@transaction.atomic
def name_planned_grid(
    *, plan_id: UUID, grid_id: UUID, name: str, actor: Actor, now: datetime
) -> GridPlan:
    """Name a grid of a draft. Errors: NotAllowed, NotFound, PlanFixed, BadInput."""
    plan = _draft(plan_id, actor)
    row = _target(plan, grid_id)
    name = names.clean_name(name)
    if not name or len(name) > 60:
        raise BadInput(_("网格要有名称，最多 60 个字。"), field="name")
    if PlannedGrid.objects.filter(plan=plan, name=name).exclude(pk=row.pk).exists():
        raise BadInput(_("方案里已有“%(name)s”。") % {"name": name}, field="name")
    if name != row.name:
        row.name = name
        row.save(update_fields=["name"])
        event = PlanChanged(subject_id=plan.pk, area_path=plan.community.path, to_grid=name)
        record(event, actor=actor, at=now)
    return plan


@transaction.atomic
def schedule_plan(
    *, plan_id: UUID, starts_on: date, is_sure: bool, actor: Actor, now: datetime
) -> GridPlan:
    """Let a draft take effect at the beginning of a day, today at the earliest.

    is_sure: who decides has seen what is unusual (grids in pieces, far too large or small).
    Errors: NotAllowed, NotFound, PlanFixed, PlanHasGaps, BadInput.
    """
    plan = _draft(plan_id, actor)
    if starts_on < clock.local(now).date():
        raise BadInput(_("生效日期不能早于今天。"), field="starts_on")
    other = GridPlan.objects.filter(community=plan.community_id, state=PlanState.SCHEDULED)
    if other.exists():
        raise PlanFixed(_("这个社区已有一个待生效的方案，先撤回那一个。"))
    findings = selectors.findings_of(plan)
    for finding in findings:
        if finding.stops:
            raise PlanHasGaps(selectors.finding_words(plan, [finding])[0])
    if any(one.kind in ("apart", "large", "small") for one in findings) and not is_sure:
        raise PlanHasGaps(
            _("方案里有要留意的地方，看过以后勾上“已经看过”再定日期。"), field="is_sure"
        )
    plan.state, plan.starts_on = PlanState.SCHEDULED, starts_on
    plan.scheduled_at, plan.scheduled_by = now, actor.account_id
    plan.save(update_fields=["state", "starts_on", "scheduled_at", "scheduled_by"])
    due_at = max(now, datetime.combine(starts_on, time.min, tzinfo=clock.BEIJING))
    # Taken back and given the same day again, it is another job.
    jobs.enqueue(
        TASK, key=f"{plan.pk}:{now.isoformat()}", due_at=due_at, data={"plan_id": str(plan.pk)}
    )
    event = PlanScheduled(
        subject_id=plan.pk, area_path=plan.community.path, starts_on=starts_on.isoformat()
    )
    record(event, actor=actor, at=now)
    return plan


@transaction.atomic
def withdraw_plan(*, plan_id: UUID, actor: Actor, now: datetime) -> GridPlan:
    """Take a plan back before its day; it is a draft again.

    Errors: NotAllowed, NotFound, PlanFixed once it has taken effect.
    """
    plan = _plan(plan_id, actor)
    if plan.state == PlanState.APPLIED:
        raise PlanFixed(_("方案已经生效，撤不回来了。要改回去，再划一次或改网格的楼栋清单。"))
    if plan.state == PlanState.SCHEDULED:
        plan.state, plan.starts_on, plan.scheduled_at = PlanState.DRAFT, None, None
        plan.save(update_fields=["state", "starts_on", "scheduled_at"])
        event = PlanWithdrawn(subject_id=plan.pk, area_path=plan.community.path)
        record(event, actor=actor, at=now)
    return plan


@transaction.atomic
def discard_plan(*, plan_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Throw a draft away; return its community. Errors: NotAllowed, NotFound, PlanFixed."""
    plan = _draft(plan_id, actor)
    event = PlanDiscarded(subject_id=plan.pk, area_path=plan.community.path)
    record(event, actor=actor, at=now)
    PlannedBuilding.objects.filter(plan=plan).delete()
    PlannedGrid.objects.filter(plan=plan).delete()
    plan.delete()
    return plan.community_id


def _plan(plan_id: UUID, actor: Actor) -> GridPlan:
    plan = selectors.get_plan(plan_id, lock=True)
    actor.require(DUTY, plan.community.path)
    return plan


def _draft(plan_id: UUID, actor: Actor) -> GridPlan:
    plan = _plan(plan_id, actor)
    if plan.state != PlanState.DRAFT:
        raise PlanFixed(_("方案已经定了日期，先撤回再改。"))
    return plan


def _target(plan: GridPlan, grid_id: UUID | None) -> PlannedGrid:
    if grid_id is not None:
        found = PlannedGrid.objects.filter(plan=plan, pk=grid_id).first()
        if found is None:
            raise BadInput(_("选的网格不在这个方案里，刷新后重新选。"), field="to_grid")
        return found
    grids = PlannedGrid.objects.filter(plan=plan)
    order = (grids.aggregate(last=Max("order"))["last"] or 0) + 1
    if order > MOST_GRIDS:
        raise BadInput(_("网格太多了，先合并一些。"), field="to_grid")
    taken = set(grids.values_list("name", flat=True))
    name = next(text for n in range(1, 999) if (text := _("新网格 %(n)d") % {"n": n}) not in taken)
    return PlannedGrid.objects.create(
        plan=plan, order=order, name=name, parent_id=plan.community_id
    )
