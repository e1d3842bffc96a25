"""The weather switch for other systems: what is on, and who has been reached."""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.care import schemas, services
from linli.care.api.profiles import who
from linli.care.selectors import alerts, boards
from linli.kernel import api, clock
from linli.kernel.errors import BadInput
from linli.kernel.web import Request

router = Router(tags=["关怀"])
_ALERT = "care/alerts/{uuid:alert_id}"
_DIGITS = 5  # of a priority


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


@router.get(f"{_ALERT}/board", response=api.Page[schemas.BoardRowOut],
            operation_id="list_alert_board", summary="谁联系上了")  # fmt: skip
def list_board(
    request: Request, alert_id: UUID, state: schemas.TaskState | None = None, cursor: str = ""
) -> Any:
    """A page of the board in the key's places, who is still to be reached first; masked."""
    found = alerts.get_alert(alert_id, request.actor, clock.now())
    rows = boards.rows_after(
        found.alert, request.actor, state or "", _mark(cursor), limit=api.LIMIT + 1
    )
    page = api.rows_page(rows, api.LIMIT, lambda row: api.cursor(*map(str, boards.mark_of(row))))
    return page | {"items": [_row(one) for one in page["items"]]}


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


def _row(row: boards.BoardRow) -> dict[str, Any]:
    columns = ("profile_id", "is_upstairs", "state", "gone_why", "settled_at", "visit_id")
    return {
        "name": row.line.name_masked if row.line else "",
        "home": row.line.home_label if row.line else "",
        "needs": row.needs,
        "post": row.post,
        "settled_by": row.by,
        **{name: getattr(row.task, name) for name in columns},
    }


def _mark(cursor: str) -> tuple[int, int, UUID] | None:
    """Return where a page of the board ended; None for the first. Errors: BadInput."""
    if not cursor:
        return None
    rank, _sep, rest = api.read_cursor(cursor).partition("~")
    priority, _sep, last = rest.partition("~")
    try:
        if max(len(rank), len(priority)) > _DIGITS:
            raise ValueError
        return int(rank), int(priority), UUID(last)
    except ValueError:
        raise BadInput("cursor 要原样用上一页给的 next。", field="cursor") from None
