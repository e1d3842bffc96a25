"""The weather switch for other systems: what is on, and who has been reached."""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.care import schemas, services
from linli.care.api.profiles import who
from linli.care.selectors import alerts
from linli.kernel import api, clock
from linli.kernel.web import Request

router = Router(tags=["关怀"])
_ALERT = "care/alerts/{uuid:alert_id}"


@router.get("care/alerts", response=list[schemas.AlertOut], operation_id="list_alerts",
            summary="预警")  # fmt: skip
def list_alerts(request: Request, which: schemas.Which = "on") -> Any:
    """Those that are on, or the latest that are over, with how many were reached."""
    return [_alert(one) for one in alerts.alerts(request.actor, clock.now(), is_on=which == "on")]


@router.post("care/alerts", response={201: schemas.AlertOut}, operation_id="start_alert",
             summary="开启预警")  # fmt: skip
def start_alert(request: Request, body: schemas.AlertIn) -> Any:
    """The day's lists of the place become those who cannot wait; it ends by itself."""
    sent = body.model_dump() | {"building_ids": tuple(body.building_ids)}

    def make() -> UUID:
        sheet = services.AlertSheet(**sent)
        return services.start_alert(sheet=sheet, key="", **who(request)).pk

    return _alert(alerts.get_alert(api.once(request, make)[0], request.actor, clock.now()))


@router.get(_ALERT, response=schemas.AlertOut, operation_id="get_alert", summary="一次预警")
def get_alert(request: Request, alert_id: UUID) -> Any:
    """How many were reached, and how many are still to be."""
    return _alert(alerts.get_alert(alert_id, request.actor, clock.now()))


@router.get(f"{_ALERT}/board", response=list[schemas.BoardRowOut], operation_id="list_alert_board",
            summary="谁联系上了")  # fmt: skip
def list_board(request: Request, alert_id: UUID, state: schemas.TaskState | None = None) -> Any:
    """Everybody on the board in the key's places, who is still to be reached first; masked."""
    found = alerts.get_alert(alert_id, request.actor, clock.now())
    return [
        {
            "profile_id": row.task.profile_id,
            "name": row.line.name_masked if row.line else "",
            "home": row.line.home_label if row.line else "",
            "needs": row.needs,
            "post": row.post,
            "settled_by": row.by,
            **{
                name: getattr(row.task, name)
                for name in ("is_upstairs", "state", "gone_why", "settled_at", "visit_id")
            },
        }
        for row in alerts.board(found.alert, request.actor, state or "")
    ]


@router.post(f"{_ALERT}/ending", response=schemas.AlertOut, operation_id="end_alert",
             summary="结束预警")  # fmt: skip
def end_alert(request: Request, alert_id: UUID) -> Any:
    """By hand, before its time; one that is over stays as it is."""
    services.end_alert(alert_id=alert_id, **who(request))
    return _alert(alerts.get_alert(alert_id, request.actor, clock.now()))


def _alert(found: alerts.Summary) -> dict[str, Any]:
    row, tally = found.alert, found.tally
    columns = ("id", "kind", "area_path", "words", "advice", "starts_at", "until", "ended_at")
    return {
        "area": row.area_name,
        "is_on": found.is_on,
        "total": tally.total,
        "reached": tally.reached,
        "wrong": tally.wrong,
        "away": tally.away,
        "open": tally.open,
        "gone": tally.gone,
        **{name: getattr(row, name) for name in columns},
    }
