"""FixMyStreet's extension: what happened to requests, told and heard (servicerequestupdates)."""

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from linli.cases.selectors import open311 as selectors
from linli.cases.selectors.open311_updates import WORDS, Told, updates
from linli.cases.services import open311 as services
from linli.cases.services.open311 import Update
from linli.cases.states import CaseState
from linli.cases.views.open311 import showing
from linli.cases.views.open311.edge import Call, forbid, open311
from linli.cases.views.open311.filing import media_of
from linli.cases.views.open311.reading import Fields
from linli.cases.views.open311.requests import MOST, photos_of, span
from linli.cases.views.open311.writing import Refusals, moment
from linli.kernel.errors import BadInput, NotAllowed

SPAN: Final = timedelta(days=31)
_NEEDED: Final = ("service_request_id", "update_id", "status")


def _list(call: Call) -> HttpResponse:
    reader = selectors.reader_of(call.actor, call.community.pk if call.community else None)
    numbers = call.fields.all("service_request_id")
    start, end = span(call, SPAN) if not numbers else _whole_life(call)
    told, after = updates(
        start=start,
        end=end,
        numbers=numbers[:MOST],
        reader=reader,
        limit=call.fields.whole("page_size", MOST, MOST),
        after=_cursor(call.fields.get("cursor")),
    )
    tree = [_tree(call, one) for one in told]
    response = call.answer("service_request_updates", tree)
    if after is not None:
        given: Any = call.request.GET.copy()
        given.pop("api_key", None)
        given["cursor"] = after.hex
        given.setdefault("start_date", start.isoformat())
        given.setdefault("end_date", end.isoformat())
        query = urlencode(list(given.lists()), doseq=True)
        response.headers["Link"] = f'<{call.url(f"{call.request.path}?{query}")}>; rel="next"'
    return response


def _whole_life(call: Call) -> tuple[Any, Any]:
    start, end = call.fields.moment("start_date"), call.fields.moment("end_date")
    return start or call.now - timedelta(days=3660), end or call.now


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadInput(_("cursor 要用 Link 里给出的那个。"), field="cursor") from None


def _tree(call: Call, one: Told) -> dict[str, Any]:
    state = CaseState(one.state)
    return {
        "update_id": one.update_id.hex,
        "service_request_id": one.number,
        "status": WORDS[state],
        "updated_datetime": moment(one.at),
        "description": one.text or str(state.label),
        "media_url": showing.photo_url(call, one.photo_id, is_public=False),
        "external_status_code": str(state),
    }


def _hear(call: Call) -> HttpResponse:
    call.require_key()
    update = _update_of(call.fields)
    try:
        _case, event_id = services.update_request(
            update=update, photos=photos_of(call), actor=call.actor, now=call.now
        )
    except NotAllowed as error:
        raise forbid(error) from None
    tree = [{"update_id": event_id.hex, "account_id": None}]
    return call.answer("service_request_updates", tree)


def _update_of(fields: Fields) -> Update:
    missing = [name for name in _NEEDED if not fields.get(name)]
    if missing:
        raise Refusals([_("%(name)s 没有写。") % {"name": name} for name in missing])
    fields.moment("updated_datetime")
    more = {name: values[-1] for name, values in fields.attributes().items()}
    return Update(
        number=fields.get("service_request_id"),
        update_id=fields.get("update_id"),
        status=fields.get("status"),
        text=fields.get("description"),
        media_urls=tuple(media_of(fields)),
        duplicate_of=fields.get("duplicate_of") or more.get("duplicate_of", ""),
        rule=more.get("rule", ""),
        alternative=more.get("alternative", ""),
        review_on=_day(more.get("review_on", "")),
        satisfaction=_satisfaction(fields.get("satisfaction") or more.get("satisfaction", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(_("attribute[review_on] 要写成 2026-03-02。"), field="review_on") from None


def _satisfaction(text: str) -> int | None:
    if text not in ("", "1", "2", "3"):
        raise BadInput(_("satisfaction 是 3、2 或 1。"), field="satisfaction")
    return int(text) if text else None


service_request_updates = open311(_list, _hear)
