"""What every room's API shares: what may be sent, who must be known, cursors, keys that make once.

Only `api.py` and `schemas.py` of rooms import this, and config/api.py imports those at the first call
of a program: pages and the worker never pay for ninja (docs/adr/0016).
"""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, model_validator

from linli.kernel import idempotency, problems
from linli.kernel.actor import ActorKind
from linli.kernel.errors import BadInput, DomainError
from linli.kernel.forms import clean_text
from linli.kernel.problems import refusal
from linli.kernel.web import Request

T = TypeVar("T")
LIMIT: Final = 100  # rows of a page, where a caller may choose
MOST_DEPTH: Final = 20  # of what is sent: boundaries are the deepest, with five


# What may be sent


class In(Schema):
    """What a program sends: nothing unknown, text without characters that nobody types."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def clean(cls, values: Any) -> Any:
        """Take control characters and broken letters out of every text."""
        return clean(values)


def clean(value: Any, room: int = MOST_DEPTH) -> Any:
    """Return what was sent with every text in it cleaned. Errors: ValueError (nested too deeply)."""
    if isinstance(value, str):
        return clean_text(value.encode("utf-8", "ignore").decode())
    if not isinstance(value, list | dict):
        return value
    if not room:
        raise ValueError(_("内容嵌套太深。"))
    if isinstance(value, list):
        return [clean(one, room - 1) for one in value]
    return {key: clean(one, room - 1) for key, one in value.items()}


def _sensible(moment: datetime) -> datetime:
    if not datetime(2000, 1, 1, tzinfo=UTC) <= moment <= datetime(2100, 1, 1, tzinfo=UTC):
        raise ValueError(_("日期要在 2000 年到 2100 年之间。"))
    return moment


def _sensible_day(day: date) -> date:
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise ValueError(_("日期要在 2000 年到 2100 年之间。"))
    return day


Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]
Day = Annotated[date, AfterValidator(_sensible_day)]
Text = Annotated[str, Field(max_length=2000)]
Line = Annotated[str, Field(max_length=300)]
Version = Annotated[
    int | None, Field(ge=0, le=2**31 - 1, description="看到的版本号；有人先改过就会被拒绝（409）。")
]


# What is answered


class Problem(Schema):
    """A refusal (RFC 9457): `code` for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None


class Page(Schema, Generic[T]):
    """One page of a list; `next` is the cursor of the following one, null on the last."""

    items: list[T]
    next: str | None = None


def rows_page(rows: Sequence[T], limit: int, cursor_of: Callable[[T], str]) -> dict[str, Any]:
    """Return a page of rows of which one more than `limit` was asked for."""
    shown = list(rows[:limit])
    return {"items": shown, "next": cursor_of(shown[-1]) if len(rows) > limit else None}


def cursor(*parts: str) -> str:
    """Return where a page ended, so that nobody builds on what is in it."""
    return base64.urlsafe_b64encode("~".join(parts).encode()).rstrip(b"=").decode()


def read_cursor(text: str) -> str:
    """Return what `cursor` was given, joined by "~"; "" for the first page. Errors: BadInput."""
    try:
        raw = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(raw, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise _bad_cursor() from None


def read_id_cursor(text: str | None) -> UUID | None:
    """Return the id where a page ended; None for the first page. Errors: BadInput."""
    if not text:
        return None
    try:
        return UUID(read_cursor(text))
    except ValueError:
        raise _bad_cursor() from None


def _bad_cursor() -> BadInput:
    return BadInput(_("cursor 要原样用上一页给的 next。"), field="cursor")


class Json(JSONRenderer):
    """Chinese as it is, and no spaces."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


def as_json(data: Any, status: int = 200) -> HttpResponse:
    """Answer with what is plain already, past the schemas: for lists that are asked for often."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")


# Who asks, and how often it counts


class KeyAuth(HttpBearer):
    """A key in `Authorization: Bearer lk_…`; clients.middleware has looked at it already."""

    def authenticate(self, request: Any, token: str) -> Any:
        """Return the actor of the key."""
        return request.actor if request.actor.kind is ActorKind.CLIENT else None


def once(request: Request, make: Callable[[], UUID]) -> tuple[UUID, bool]:
    """Do what a program asks, once per Idempotency-Key; return the id of what came of it, and
    whether it was done now.

    Errors: Conflict when the key came with other content before, and whatever `make` raises.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return make(), True
    mark = idempotency.fingerprint(request.method, request.path, *_content(request))
    with transaction.atomic():
        return idempotency.once(f"api:{_caller(request)}", key, mark, make)


def _caller(request: Request) -> str:
    """Return whose keys are kept apart: a program's, or those sent with one secret link."""
    client_id = request.actor.client_id
    if client_id:
        return client_id.hex
    secret = request.path.removeprefix("/api/v1/").split("/")[1:2]
    return f"by {idempotency.fingerprint(*secret)[:32]}"


def _content(request: Request) -> list[Any]:
    if request.content_type == "multipart/form-data":
        sent: Any = request.FILES.items()
        files = [(name, one.name, one.size) for name, one in sent]
        return [sorted(request.POST.items()), files]
    return [request.body]


# What goes wrong


class UnsupportedMedia(DomainError):
    """The body is of a kind that this address does not read."""

    status = 415
    code = "unsupported_media"


class JsonOnly(Parser):
    """Reads bodies that say they are JSON, as the standard has it: no NaN, no Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what was sent. Errors: ValueError, RecursionError: then it is not JSON."""
        return json.loads(request.body, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


def check_media(request: HttpRequest) -> None:
    """Refuse a body that is neither JSON nor a form with files. Errors: UnsupportedMedia."""
    kind = request.content_type
    length = request.headers.get("Content-Length", "")
    if kind in ("application/json", "multipart/form-data") or length in ("", "0"):
        return
    raise UnsupportedMedia(
        _("请用 Content-Type: application/json 发送；带照片的用 multipart/form-data。")
    )


_WORDS: Final = {
    "missing": _("还没有填。"),
    "extra_forbidden": _("这里没有这一项。"),
    "string_too_long": _("太长了。"),
    "string_too_short": _("太短了。"),
    "uuid_parsing": _("要填一个编号（UUID）。"),
    "enum": _("不是可以选的值。"),
    "literal_error": _("不是可以选的值。"),
}


def handle(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer what went wrong in an operation as a problem document; what nobody foresaw flies."""
    if isinstance(error, DomainError):
        return refusal(request, error)
    if isinstance(error, ValidationError):
        return _invalid(error)
    if isinstance(error, HttpError):
        if error.status_code == 401:
            words = _("请求要带上钥匙：Authorization: Bearer lk_…。钥匙在“其他系统”那一页开。")
            return problems.answer(401, code="sign_in_first", detail=words)
        return problems.answer(400, code="unreadable", detail=_("内容不是一份完整的 JSON。"))
    raise error


def _invalid(error: ValidationError) -> HttpResponse:
    found = [
        {"field": ".".join(map(str, one["loc"][1:])), "detail": _words(one)} for one in error.errors
    ]
    first = found[0]
    detail = f"{first['field']}：{first['detail']}" if first["field"] else first["detail"]
    return problems.answer(
        422, code="bad_input", detail=detail, field=first["field"], errors=found[:20]
    )


def _words(error: dict[str, Any]) -> str:
    return str(_WORDS.get(error["type"]) or error["msg"].removeprefix("Value error, "))
