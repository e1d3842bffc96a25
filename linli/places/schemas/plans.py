"""What the API of plans of grids takes and tells."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import Day, In
from linli.places.schemas import Name


class PlanLineOut(Schema):
    """A plan of grids in a list."""

    id: UUID
    community_id: UUID
    run_id: UUID
    target: int
    state: Literal["draft", "scheduled", "applied"]
    starts_on: date | None
    created_at: datetime
    applied_at: datetime | None


class PlannedBuildingOut(Schema):
    """Where a building would go; `is_moved`: by hand."""

    building_id: UUID
    name: str
    households: int
    was_id: UUID | None
    is_moved: bool


class PlannedGridOut(Schema):
    """A grid of a plan; `grid_id` is today's that goes on as this one, none for a new one."""

    id: UUID
    name: str
    grid_id: UUID | None
    households: int
    came: int
    left: int
    buildings: list[PlannedBuildingOut]


class PlanFindingOut(Schema):
    """Something to look at. With one that stops, a plan cannot take effect."""

    kind: str
    text: str
    stops: bool


class GridPlanOut(PlanLineOut):
    """A plan with its grids, what is in none of them, today's grids that would end, and findings."""

    households: int
    grids: list[PlannedGridOut]
    loose: list[PlannedBuildingOut]
    ended_ids: list[UUID]
    findings: list[PlanFindingOut]
    remarks: list[str]
    needs_look: bool


class NewPlanIn(In):
    """How large the grids shall be; `count` left out: as many as fit."""

    target: int = Field(300, ge=20, le=3000)
    count: int | None = Field(None, ge=1, le=300)


class MoveIn(In):
    """Buildings of the plan, and the planned grid they go to; left out: a new one."""

    building_ids: list[UUID] = Field(min_length=1, max_length=2000)
    to_grid_id: UUID | None = None


class PlannedNameIn(In):
    """What a grid of a plan is called."""

    name: Name


class PlanDayIn(In):
    """From which day on a plan holds; `is_sure`: what is unusual has been looked at."""

    starts_on: Day
    is_sure: bool = False
