"""Requests: filed, listed, looked at; tokens; photos behind their signed addresses."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases.selectors import board, mine, open311_rows
from linli.cases.selectors import open311 as selectors
from linli.cases.selectors.open311 import Asked
from linli.cases.selectors.open311_rows import Row
from linli.cases.services import open311 as services
from linli.cases.services.intake import PHOTO_LIMIT
from linli.cases.views.open311 import showing
from linli.cases.views.open311.edge import Call, forbid, open311
from linli.cases.views.open311.filing import media_of, report_of
from linli.cases.views.open311.writing import moment
from linli.kernel import pictures, tenancy, web
from linli.kernel.errors import BadInput, NotAllowed, NotFound

SPAN: Final = timedelta(days=90)
MOST: Final = 1000  # by the standard, and so the first page of whoever asks for no pages
PAGE_SIZE: Final = 50
PHOTO_AGE: Final = timedelta(days=7)
_STATUSES: Final = ("open", "closed")


def _list(call: Call) -> HttpResponse:
    reader = selectors.reader_of(call.actor, call.community.pk if call.community else None)
    numbers = call.fields.all("service_request_id")
    if numbers:
        rows = selectors.find_requests(numbers[:MOST], reader)
        return call.answer(
            "service_requests", showing.trees(call, rows, is_public=reader.is_public)
        )
    asked = _asked(call)
    rows = selectors.requests(asked, reader)
    response = call.answer(
        "service_requests", showing.trees(call, rows, is_public=reader.is_public)
    )
    if len(rows) == asked.limit:
        response.headers["Link"] = f'<{_next(call, asked, rows[-1])}>; rel="next"'
    return response


def _asked(call: Call) -> Asked:
    fields = call.fields
    start, end = span(call, SPAN)
    wanted = set(fields.all("status"))
    if wanted - set(_STATUSES):
        raise BadInput(_("status 只有 open 和 closed。"), field="status")
    is_paged = bool(fields.get("page", "page_size", "cursor"))
    size = fields.whole("page_size", PAGE_SIZE if is_paged else MOST, MOST)
    return Asked(
        start=start,
        end=end,
        states=wanted.pop() if len(wanted) == 1 else "",
        service_codes=tuple(fields.all("service_code")),
        limit=size,
        offset=(fields.whole("page", 1, 10_000) - 1) * size,
        after=_cursor(fields.get("cursor")),
    )


def span(call: Call, most: timedelta) -> tuple[datetime, datetime]:
    """Return from when to when a list is asked for; without dates, the last days.

    Errors: BadInput (dates that are none, or too far apart).
    """
    start, end = call.fields.moment("start_date"), call.fields.moment("end_date")
    if start is None:
        end = end or call.now
        start = end - most
    elif end is None:
        end = min(start + most, max(call.now, start))
    if end < start:
        raise BadInput(_("end_date 在 start_date 以前。"), field="end_date")
    if end - start > most:
        raise BadInput(
            _("start_date 到 end_date 最多 %(n)d 天。") % {"n": most.days}, field="start_date"
        )
    return start, end


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    at, _dash, last = text.partition("~")
    try:
        found = datetime.fromisoformat(at.replace(" ", "+")), UUID(last)
    except ValueError:
        found = None
    if found is None or found[0].tzinfo is None or not 1990 <= found[0].year <= 2200:
        raise BadInput(_("cursor 要用 Link 里给出的那个。"), field="cursor")
    return found


def _next(call: Call, asked: Asked, last: Row) -> str:
    given: Any = call.request.GET.copy()
    for name in ("page", "api_key"):
        given.pop(name, None)
    given["cursor"] = f"{last.reported_at.isoformat()}~{last.id.hex}"
    # The range of a first page without dates goes along: a later page must not slide with the clock.
    given.setdefault("start_date", asked.start.isoformat())
    given.setdefault("end_date", asked.end.isoformat())
    return call.url(f"{call.request.path}?{urlencode(list(given.lists()), doseq=True)}")


def _show(call: Call, request_id: str) -> HttpResponse:
    reader = selectors.reader_of(call.actor, call.community.pk if call.community else None)
    row, is_full = selectors.get_request(request_id, reader, call.actor)
    return call.answer("service_requests", showing.trees(call, [row], is_public=not is_full))


# Filing


def _file(call: Call) -> HttpResponse:
    call.require_key()
    key = services.key_of(call.request.headers.get("Idempotency-Key", ""), call.actor)
    try:
        case = services.file_request(
            report=report_of(call, key),
            photos=photos_of(call),
            media_urls=media_of(call.fields),
            device=call.fields.get("device_id"),
            actor=call.actor,
            now=call.now,
        )
    except NotAllowed as error:
        raise forbid(error) from None
    notice = _("预计 %(when)s 前办好。") % {"when": moment(case.resolve_due_at)}
    told: dict[str, Any] = {"service_notice": notice, "account_id": None}
    if "respond-async" in call.request.headers.get("Prefer", ""):
        tree = {"token": key, **told}
    else:
        tree = {"service_request_id": case.number, **told}
    return call.answer("service_requests", [tree])


def photos_of(call: Call) -> tuple[pictures.Picture, ...]:
    """Return the photos that came along, cleaned, whatever their field is called. Errors: BadInput."""
    files = [file for _name, many in call.request.FILES.lists() for file in many if file]
    if len(files) > PHOTO_LIMIT:
        raise BadInput(_("照片最多 %(most)s 张。") % {"most": PHOTO_LIMIT}, field="media")
    return tuple(pictures.clean(file) for file in files)


def _token(call: Call, token_id: str) -> HttpResponse:
    case = mine.find_by_token([token_id, services.key_of(token_id, call.actor)])
    if case is None:
        raise NotFound(_("没有找到 token %(token)s。") % {"token": token_id[:64]})
    return call.answer("service_requests", [{"service_request_id": case.number, "token": token_id}])


requests = open311(_list, _file)
request = open311(_show)
token = open311(_token)


@web.public
@require_safe
def photo(request: Any, signed: str) -> HttpResponse:
    try:
        said = signing.loads(signed, salt=showing.PHOTO_SALT, max_age=PHOTO_AGE)
    except signing.BadSignature:
        raise NotFound(_("这张照片的地址已经过期。")) from None
    tenant_id, photo_id, is_public = int(said[0]), UUID(said[1]), said[2]
    with tenancy.tenant(tenant_id):
        may_go = not is_public or open311_rows.is_released(photo_id)
        found = board.photo_files(photo_id) if may_go else None
    if found is None:
        raise NotFound(_("没有找到这张照片。"))
    try:
        with default_storage.open(found[0]) as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise NotFound(_("这张照片的文件不在了。")) from None
    # A photo that was taken off the board must not hang about.
    response.headers["Cache-Control"] = "no-store" if is_public else "private, max-age=86400"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
