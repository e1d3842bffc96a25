"""On its day a plan takes effect: lists, new and ended grids and boundaries change at once."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.places import selectors
from linli.places.events import AreaChanged, AreaCreated, AreaEnded, BuildingsAssigned, PlanApplied
from linli.places.models import (
    Area,
    AreaKind,
    Building,
    GridPlan,
    PlannedBuilding,
    PlannedGrid,
    PlanState,
)
from linli.places.rules import boundaries, paths
from linli.places.services.boundaries import FIELDS, Boundary, put_boundary
from linli.places.services.following import follow_buildings
from linli.places.services.recording import record

_KEPT: Final = ("name", *FIELDS)


@transaction.atomic
def take_effect(*, plan_id: UUID, actor: Actor, now: datetime) -> bool:
    """Make a scheduled plan the community's grids, once its day has come; tell whether it did.

    What changed since the plan was made is respected: a building that ended is left out, a new one
    keeps its grid, or goes with its nearest neighbour when that grid ends. Cases and posts of grids
    that go on need nothing; what is open stays in the hands that have it.
    """
    plan = GridPlan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None or plan.state != PlanState.SCHEDULED or plan.starts_on is None:
        return False  # Taken back, thrown away or done already.
    if plan.starts_on > clock.local(now).date():
        return False  # It was given a later day; another job waits for that one.
    community = selectors.get_area(plan.community_id, lock=True)
    today = {one.pk: one for one in selectors.grids_of(community.pk).select_for_update()}
    change = _Change(plan, community, actor, now)
    after = {row.pk: change.grid_of(row, today) for row in plan.grids.order_by("order")}
    moved = change.move(after)
    ended = [one for pk, one in today.items() if pk not in {grid.pk for grid in after.values()}]
    change.end(ended, after)
    plan.state, plan.applied_at = PlanState.APPLIED, now
    plan.save(update_fields=["state", "applied_at"])
    new = sum(grid.pk not in today for grid in after.values())
    event = PlanApplied(
        subject_id=plan.pk, area_path=community.path,
        new=new, kept=len(after) - new, ended=len(ended), moved=moved,
    )  # fmt: skip
    record(event, actor=actor, at=now)
    transaction.on_commit(selectors.forget_communities)
    return True


class _Change:
    def __init__(self, plan: GridPlan, community: Area, actor: Actor, now: datetime) -> None:
        self.plan, self.community, self.actor, self.now = plan, community, actor, now
        rows = PlannedBuilding.objects.filter(plan=plan, building__ended_on=None)
        self.rows = list(rows.select_related("building").order_by("order"))

    def grid_of(self, row: PlannedGrid, today: dict[UUID, Area]) -> Area:
        """Return the grid that a planned one is: today's, named and outlined anew, or a new one."""
        grid = today.get(row.grid_id) if row.grid_id else None
        cells = [one.cell for one in self.rows if one.target_id == row.pk]
        outline = boundaries.joined(cells)
        boundary = (
            Boundary(boundaries.read_outline(json.loads(outline), _same), "wgs84", ())
            if outline
            else None
        )
        if grid is None:
            return self._new_grid(row, boundary)
        before = {name: getattr(grid, name) for name in _KEPT}
        grid.name = row.name
        if boundary is not None:
            put_boundary(grid, boundary)
        changed = [name for name in ("name", "polygon") if getattr(grid, name) != before[name]]
        if changed:
            grid.save(update_fields=_KEPT)
            event = AreaChanged(subject_id=grid.pk, area_path=grid.path, changed=",".join(changed))
            record(event, actor=self.actor, at=self.now)
        return grid

    def move(self, after: dict[UUID, Area]) -> int:
        """Give each grid its list; return how many buildings changed over."""
        moved = 0
        for planned_id, grid in after.items():
            wanted = {one.building_id for one in self.rows if one.target_id == planned_id}
            held = set(_live(grid).values_list("pk", flat=True))
            planned = {one.building_id for one in self.rows}
            moved += self._assign(grid, added=wanted - held, removed=(held - wanted) & planned)
        return moved

    def end(self, grids: Sequence[Area], after: dict[UUID, Area]) -> None:
        """End the grids that no planned one goes on as; what is left in them goes to its neighbours."""
        lost: list[UUID] = []
        for grid in grids:
            left = list(_live(grid))
            for one in left:
                to = self._nearest(one, after)
                if to is not None:
                    self._assign(to, added={one.pk}, removed=set())
                else:
                    Building.objects.filter(pk=one.pk).update(grid=None)
                    lost.append(one.pk)
            grid.ends_on = self.plan.starts_on
            grid.save(update_fields=["ends_on"])
            event = AreaEnded(subject_id=grid.pk, area_path=grid.path, building_count=len(left))
            record(event, actor=self.actor, at=self.now)
        follow_buildings(lost, None)  # once none of the ended ones holds them any more

    def _new_grid(self, row: PlannedGrid, boundary: Boundary | None) -> Area:
        parent = Area.objects.filter(pk=row.parent_id, ends_on=None).first() or self.community
        below = Area.objects.filter(path__startswith=self.community.path)
        code = paths.next_grid_code(list(below.values_list("code", flat=True)))
        assert self.plan.starts_on is not None
        grid = Area(
            kind=AreaKind.GRID, code=code, name=row.name, parent=parent,
            path=paths.child_path(parent.path, code), starts_on=self.plan.starts_on,
        )  # fmt: skip
        put_boundary(grid, boundary)
        grid.save(force_insert=True)
        event = AreaCreated(subject_id=grid.pk, area_path=grid.path, kind=grid.kind)
        record(event, actor=self.actor, at=self.now)
        PlannedGrid.objects.filter(pk=row.pk).update(grid=grid)
        return grid

    def _assign(self, grid: Area, *, added: set[UUID], removed: set[UUID]) -> int:
        if not added and not removed:
            return 0
        # Removed ones are on their way to another grid of the plan, which takes them itself.
        Building.objects.filter(pk__in=removed, grid=grid).update(grid=None)
        Building.objects.filter(pk__in=added).update(grid=grid)
        follow_buildings(added, grid)
        event = BuildingsAssigned(
            subject_id=grid.pk, area_path=grid.path,
            added=tuple(sorted(map(str, added))), removed=tuple(sorted(map(str, removed))),
        )  # fmt: skip
        record(event, actor=self.actor, at=self.now)
        return len(added)

    def _nearest(self, house: Building, after: dict[UUID, Area]) -> Area | None:
        same = [one for one in self.rows if one.target_id and _is_beside(one.building, house)]
        near = same or [one for one in self.rows if one.target_id]
        if not near or (house.lat is None and not same):
            return None
        best = min(near, key=lambda one: _apart(one.building, house))
        return after[best.target_id] if best.target_id else None


def _live(grid: Area) -> Any:
    return Building.objects.filter(grid=grid, ended_on=None).order_by("order", "id")


def _is_beside(one: Building, other: Building) -> bool:
    return one.estate_id is not None and one.estate_id == other.estate_id


def _apart(one: Building, other: Building) -> float:
    """Return how far two buildings are from each other, as far as it matters which is nearer."""
    if one.lat is None or other.lat is None or one.lon is None or other.lon is None:
        return 1.0
    return (one.lat - other.lat) ** 2 + (0.85 * (one.lon - other.lon)) ** 2


def _same(lat: float, lon: float) -> tuple[float, float]:
    return lat, lon
