"""Plans of grids for other systems: made by a run, put right, given a day. Needs places.plan."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.kernel import api, runs
from linli.kernel.runs_api import RunOut
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.places.api.ground import who
from linli.places.schemas import plans as schemas
from linli.places.selectors import planning as selectors
from linli.places.services import plan_making, planning

router = Router(tags=["划网格"])
_COMMUNITY = "communities/{uuid:community_id}/grid-plans"
_ONE = "grid-plans/{uuid:plan_id}"
_LINE = (
    "id", "community_id", "run_id", "target", "state", "starts_on", "created_at", "applied_at",
)  # fmt: skip


@router.get(_COMMUNITY, response=api.Page[schemas.PlanLineOut], operation_id="list_plans",
            summary="网格方案")  # fmt: skip
def list_plans(request: Request, community_id: UUID, cursor: str = "") -> Any:
    """Drafts, waiting and applied ones, the newest first."""
    community = places.get_community_by_id(community_id)
    request.actor.require(plan_making.DUTY, community.path)
    rows = selectors.plans_of(community.pk)
    after = api.read_id_cursor(cursor)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return api.rows_page(list(rows[: api.LIMIT + 1]), api.LIMIT, lambda row: api.cursor(row.pk.hex))


@router.post(_COMMUNITY, response={202: RunOut}, operation_id="start_planning", summary="划网格")
def start_planning(request: Request, community_id: UUID, body: schemas.NewPlanIn) -> Any:
    """A run, that leaves a draft (`list_plans`); today's grids stay as they are."""
    sent = body.model_dump()
    made, _is_new = api.once(
        request,
        lambda: plan_making.start_planning(community_id=community_id, **sent, **who(request)).pk,
    )
    return runs.get_run(made, request.actor)


@router.get(_ONE, response=schemas.GridPlanOut, operation_id="get_plan", summary="一个网格方案")
def get_plan(request: Request, plan_id: UUID) -> Any:
    """Grid by grid, with what to look at before it takes effect."""
    return _plan(request, plan_id)


@router.post(f"{_ONE}/moves", response=schemas.GridPlanOut, operation_id="move_buildings",
             summary="把楼栋移到别的网格")  # fmt: skip
def move_buildings(request: Request, plan_id: UUID, body: schemas.MoveIn) -> Any:
    """Of a draft; a grid that is left empty is no more."""
    planning.move_buildings(plan_id=plan_id, **body.model_dump(), **who(request))
    return _plan(request, plan_id)


@router.patch(f"{_ONE}/grids/{{uuid:planned_id}}", response=schemas.GridPlanOut,
              operation_id="name_planned_grid", summary="给方案里的网格取名")  # fmt: skip
def name_grid(
    request: Request, plan_id: UUID, planned_id: UUID, body: schemas.PlannedNameIn
) -> Any:
    """Of a draft."""
    planning.name_planned_grid(plan_id=plan_id, grid_id=planned_id, name=body.name, **who(request))
    return _plan(request, plan_id)


@router.post(f"{_ONE}/schedule", response=schemas.GridPlanOut, operation_id="schedule_plan",
             summary="定哪天生效")  # fmt: skip
def schedule_plan(request: Request, plan_id: UUID, body: schemas.PlanDayIn) -> Any:
    """From the beginning of a day, today at the earliest."""
    planning.schedule_plan(plan_id=plan_id, **body.model_dump(), **who(request))
    return _plan(request, plan_id)


@router.post(f"{_ONE}/withdrawal", response=schemas.GridPlanOut, operation_id="withdraw_plan",
             summary="撤回方案")  # fmt: skip
def withdraw_plan(request: Request, plan_id: UUID) -> Any:
    """Before its day; it is a draft again."""
    planning.withdraw_plan(plan_id=plan_id, **who(request))
    return _plan(request, plan_id)


@router.delete(_ONE, response={204: None}, operation_id="discard_plan", summary="放弃方案")
def discard_plan(request: Request, plan_id: UUID) -> HttpResponse:
    """A draft; today's grids stay."""
    planning.discard_plan(plan_id=plan_id, **who(request))
    return HttpResponse(status=204)


def _plan(request: Request, plan_id: UUID) -> dict[str, Any]:
    found = selectors.get_plan(plan_id)
    request.actor.require(plan_making.DUTY, found.community.path)
    picture = selectors.picture_of(found)
    said = zip(picture.findings, picture.words, strict=True)
    return {name: getattr(found, name) for name in _LINE} | {
        "households": picture.households,
        "grids": [_grid(line) for line in picture.lines],
        "loose": [_building(one) for one in picture.loose],
        "ended_ids": [one.pk for one in picture.ended],
        "findings": [{"kind": one.kind, "text": text, "stops": one.stops} for one, text in said],
        "remarks": [one for one in found.remarks.split("\n") if one],
        "needs_look": picture.needs_look,
    }


def _grid(line: selectors.PlanLine) -> dict[str, Any]:
    return {
        "id": line.row.pk,
        "name": line.row.name,
        "grid_id": line.row.grid_id,
        "households": line.households,
        "came": line.came,
        "left": line.left,
        "buildings": [_building(one) for one in line.buildings],
    }


def _building(one: Any) -> dict[str, Any]:
    columns = ("building_id", "households", "was_id", "is_moved")
    return {"name": selectors.label_of(one)} | {name: getattr(one, name) for name in columns}
