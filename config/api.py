"""The API put together: every room's routers under /api/v1/, described in OpenAPI 3.1.

Loaded at the first call of a program (config/doors.py). `linli openapi` writes the description to
docs/openapi.json, and a test keeps the two the same.
"""

import json
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import get_schema

from config import reference
from linli.campaigns import api as campaigns
from linli.care import api as care
from linli.cases.api import (
    acting,
    calling,
    chats,
    files,
    filters,
    following,
    judging,
    reading,
    reporter,
    sampling,
    settings,
    whistles,
)
from linli.indicators import api as indicators
from linli.kernel import calendar_api, runs_api
from linli.kernel.api import Json, JsonOnly, KeyAuth, check_media, handle
from linli.messages import api as messages
from linli.people import api as people
from linli.places.api import areas, codes, facilities, houses, imports, plans
from linli.posts import api as posts
from linli.publishing import api as publishing

__all__ = ["api", "check_media", "described", "resolver"]

_ABOUT: Final = (
    "邻里的接口：页面上能做的，程序也能做，用的是同一套服务。\n\n"
    "每次请求带上钥匙：`Authorization: Bearer lk_…`。钥匙在“其他系统”那一页开，能做什么、管哪里都写在钥匙上；"
    "没有的权限看起来就像不存在（404）。写操作可以带 `Idempotency-Key`，同一个键发几次只算一次。"
    "列表按 `next` 翻页。时间是带时区的 ISO 8601。出错时回答 `application/problem+json`（RFC 9457）。"
)
_REFUSALS: Final = {
    400: "读不懂发来的内容", 401: "没有钥匙，或者钥匙不对、过期、停用", 404: "没有，或者这把钥匙看不到",
    409: "现在不能这样办，或者别人先改过", 413: "内容太大", 415: "内容类型不对", 422: "内容不能用",
    429: "太频繁，看 Retry-After",
}  # fmt: skip


@cache
def api() -> NinjaAPI:
    """Return the API with every room's routers."""
    whole = NinjaAPI(
        title="邻里", version="1", description=_ABOUT, docs_url=None, openapi_url=None,
        parser=JsonOnly(), renderer=Json(), auth=KeyAuth(), urls_namespace="api",
    )  # fmt: skip
    for kind in (Exception, HttpError, ValidationError):
        whole.add_exception_handler(kind, handle)
    for prefix, router in ROUTERS:
        whole.add_router(f"/v1/{prefix}".rstrip("/"), router)
    return whole


ROUTERS: Final = (
    ("cases", reading.router),
    ("cases", acting.router),
    ("cases", files.export_router),
    ("photos", reading.photo_router),
    ("cases", calling.case_router),
    ("cases", judging.router),
    ("cases", whistles.case_router),
    ("whistles", whistles.router),
    ("followups", calling.router),
    ("filters", filters.router),
    ("mailboxes", files.router),
    ("chats", chats.router),
    ("judgement", judging.record_router),
    ("", sampling.router),
    ("reports", reporter.router),
    ("follows", following.router),
    ("", settings.router),
    ("", areas.router),
    ("", houses.router),
    ("", codes.router),
    ("", facilities.router),
    ("", imports.router),
    ("", plans.router),
    ("", posts.router),
    ("", people.router),
    ("", care.router),
    ("", messages.router),
    ("", campaigns.router),
    ("", publishing.router),
    ("", indicators.router),
    ("", calendar_api.router),
    ("", runs_api.router),
)


@cache
def resolver() -> URLResolver:
    """Return what finds the view behind an address below /api/."""
    own = [path("", reference_page), path("openapi.json", description)]
    return URLResolver(RoutePattern(""), [*own, *api().urls[0]])


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Answer with the description of the API."""
    response = HttpResponse(described(), content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def reference_page(request: HttpRequest) -> HttpResponse:
    """Show the description to people."""
    return reference.page(request, json.loads(described()))


@cache
def described() -> str:
    """Return the description of the API as OpenAPI 3.1, as text for a file."""
    schema: dict[str, Any] = json.loads(json.dumps(get_schema(api(), "api/"), default=str))
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    schema["components"]["responses"] = {
        f"refused-{status}": {"description": words, "content": problem}
        for status, words in _REFUSALS.items()
    }
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    plain = {name: part if name == "info" else _untitled(part) for name, part in schema.items()}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def _untitled(part: Any) -> Any:
    """Return a part without the titles that only repeat the names."""
    if isinstance(part, list):
        return [_untitled(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _untitled(one)
        for name, one in part.items()
        if name != "title" or not isinstance(one, str)
    }


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add what holds for every operation: how it refuses, and the key that makes it count once."""
    for status in _REFUSALS:
        if status != 401 or "security" in operation:
            told = {"$ref": f"#/components/responses/refused-{status}"}
            operation["responses"].setdefault(str(status), told)
    if method == "post":
        operation["parameters"].append({
            "in": "header", "name": "Idempotency-Key", "required": False,
            "schema": {"type": "string", "maxLength": 200},
            "description": "同一个键发几次只算一次。",
        })  # fmt: skip


_PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
