"""Allowances for other systems: the rules, a month by days, frozen for the accounts. Needs posts.manage."""

from typing import Any
from uuid import UUID

from ninja import Query, Router

from linli.kernel import api, clock
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.posts import selectors, services
from linli.posts.api.offices import who
from linli.posts.schemas import allowances as schemas
from linli.posts.services import AllowanceData

router = Router(tags=["岗位补贴"])
_ONE = "allowances/{uuid:rule_id}"


@router.get("areas/{uuid:area_id}/allowances", response=list[schemas.AllowanceOut],
            operation_id="list_allowances", summary="岗位补贴")  # fmt: skip
def list_allowances(request: Request, area_id: UUID) -> Any:
    """Those of an area and below, those that last first."""
    return selectors.allowance_rules(request.actor, places.get_area(area_id).path)


@router.post("allowances", response={201: schemas.AllowanceOut}, operation_id="set_allowance",
             summary="定一项补贴")  # fmt: skip
def set_allowance(request: Request, body: schemas.AllowanceIn) -> Any:
    """Never changed afterwards, only ended: what was paid by it stays explained."""
    data = AllowanceData(**body.model_dump())
    made = api.once(request, lambda: services.set_allowance(data=data, **who(request)).pk)
    return selectors.get_allowance(made[0], request.actor)


@router.post(f"{_ONE}/ending", response=schemas.AllowanceOut, operation_id="end_allowance",
             summary="停发补贴")  # fmt: skip
def end_allowance(request: Request, rule_id: UUID, body: schemas.AllowanceEndIn) -> Any:
    """From a day on that no frozen month has in it."""
    return services.end_allowance(rule_id=rule_id, **body.model_dump(), **who(request))


@router.get(f"{_ONE}/month", response=schemas.AllowanceMonthOut, operation_id="get_allowance_month",
            summary="一个月的补贴")  # fmt: skip
def get_month(request: Request, rule_id: UUID, sent: Query[schemas.MonthIn]) -> Any:
    """By the days that posts were held, with corrections of frozen months before."""
    return _month(request, rule_id, sent)


@router.post(f"{_ONE}/freezing", response=schemas.AllowanceMonthOut, operation_id="freeze_month",
             summary="月结")  # fmt: skip
def freeze_month(request: Request, rule_id: UUID, body: schemas.MonthIn) -> Any:
    """A month that is over; its lines do not change any more."""
    api.once(
        request,
        lambda: services.freeze_month(rule_id=rule_id, month_on=body.month, **who(request)).pk,
    )
    return _month(request, rule_id, body)


def _month(request: Request, rule_id: UUID, said: schemas.MonthIn) -> dict[str, Any]:
    found = selectors.month_of(rule_id, said.month, request.actor, clock.now())
    return {
        "allowance": found.rule,
        "month_on": found.month_on,
        "total_fen": found.total_fen,
        "frozen_at": found.sheet.frozen_at if found.sheet else None,
        "lines": found.lines,
    }
