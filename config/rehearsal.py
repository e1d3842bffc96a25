"""A rehearsal before the doors open: a report is made and looked at by those who work on it, then taken back.

Whatever runs for the first time leaves its marks in memory: code that adapts to what it sees, modules
that are imported late, templates, statements. Left before the processes are forked, they share them;
left after, each has its own. Measured on a million cases: a web process after reports, queue, case and
search owns 29 MiB instead of 47, the worker 23 to 30 instead of 37 (docs/performance.md). And should the loop
be broken, the log says so before a resident meets it.
"""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error as DatabaseProblem
from django.db import connection, transaction
from django.utils.module_loading import import_string

from linli.cases.selectors import catalogue, mine
from linli.kernel import clock, memory, tenancy, worker
from linli.kernel.ids import new_id
from linli.people import selectors as people
from linli.people import services
from linli.places import selectors as places
from linli.posts import selectors as posts

logger = logging.getLogger(__name__)

WORDS: Final = "开门前试一遍：报一件，看一看，再撤回，什么也不留下。"
_DESK: Final = ("/desk/cases/", f"/desk/cases/?q={quote('开门')}")
_FIELD: Final = ("/field/",)
# Whoever else holds what a report needs is not kept waiting, and we do not wait for them.
_PATIENCE: Final = {
    "sqlite": "PRAGMA busy_timeout=1000",
    "postgresql": "SET lock_timeout = '1s'",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page of the rehearsal answered."""

    path: str
    status: int
    location: str = ""


def rehearse() -> list[Answer]:
    """Walk the loop once in a transaction that is undone; return what was answered.

    Nothing of it stays: no row, no number, no connection. What can't be rehearsed, as in a database that
    is not ready or has nobody in it, is left out; no failure here keeps the doors shut.
    """
    answers: list[Answer] = []
    try:
        with _undone():
            answers += map(_ask, ("/health/", "/sign-in/", "/"))
            answers.append(_ask("/sign-in/", sent={}))
            for door in places.all_communities()[:1]:
                answers += _walk(door.at, clock.now())
    except DatabaseProblem as problem:
        logger.info("No rehearsal: %s", problem)
    except Exception:
        logger.exception("The rehearsal went wrong; the doors open all the same")
    finally:
        _leave_nothing()
    return answers


def _walk(at: str, now: datetime) -> Iterator[Answer]:
    """Report at a community's door, and look at it as those who work on it; then the worker's part."""
    tenant = places.tenant_of(at)
    if tenant is None:
        return
    with tenancy.tenant(tenant.pk):
        scene = _scene(at, now)
    key = new_id()
    yield _ask(scene.path)
    report = {"category": scene.category, "text": WORDS, "key": str(key), "distinct": "1"}
    reported = _ask(scene.path, sent={**report, "page": "all", "go": "send"})
    yield reported
    if reported.location:
        yield _ask(reported.location)
    with tenancy.tenant(tenant.pk):
        case = mine.find_by_key(key)
    own = (f"/desk/cases/{case.pk}/",) if case else ()
    for account_id, paths in ((scene.desk, (*_DESK, *own)), (scene.field, _FIELD)):
        if account_id is not None:
            yield from _seen_by(account_id, tenant.pk, paths, now)
    with tenancy.tenant(tenant.pk):
        worker.rehearse(now)


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where the report is made, of what kind, and who works there."""

    path: str
    category: str
    desk: UUID | None
    field: UUID | None


def _scene(at: str, now: datetime) -> _Scene:
    community = places.get_community(at.partition("-")[2])
    code = places.first_code(community.pk)
    _find_grid(community.pk)
    plain = (one.code for one in catalogue.categories_for_residents() if not _asks(one))
    desk = posts.accounts_with("cases.dispatch", community.path, now)
    field = posts.accounts_with("cases.handle", community.path, now)
    return _Scene(
        path=f"/s/{code}/report/" if code else f"/at/{at}/report/",
        category=next(plain, ""),
        desk=next(iter(desk), None),
        field=next(iter(field), None),
    )


def _find_grid(community_id: UUID) -> None:
    """Find the grid of a point where grids are drawn: what reckons with outlines is loaded for that."""
    for grid in places.grids_of(community_id):
        if grid.south is not None and grid.west is not None:
            places.where_of(community_id=community_id, lat=grid.south, lon=grid.west)
            return


def _asks(category: Any) -> bool:
    return bool(category.danger_text or catalogue.questions_of(category.pk))


def _seen_by(
    account_id: UUID, tenant_id: int, paths: tuple[str, ...], now: datetime
) -> Iterator[Answer]:
    """Answer pages to somebody who works here, in a session that is undone with the rest."""
    with tenancy.tenant(tenant_id):
        account = people.find_account(account_id)
    if account is None:
        return
    session: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session[services.SESSION_KEY] = services.SignedIn(
        account_id=account.id, tenant_id=tenant_id, session_round=account.session_round
    ).session(now)
    session.save()
    for path in paths:
        yield _ask(path, cookie=f"{settings.SESSION_COOKIE_NAME}={session.session_key}")


def _ask(path: str, *, cookie: str = "", sent: dict[str, str] | None = None) -> Answer:
    """Answer a request as the server would, but for the end of the connection after it."""
    from config.wsgi import application

    address, _mark, query = path.partition("?")
    body = urlencode(sent or {}).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET" if sent is None else "POST",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "HTTP_HOST": settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "") or "localhost",
        "HTTP_COOKIE": cookie,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        # Of no network: it takes nobody's share of a limit.
        "REMOTE_ADDR": "::",
    }
    setup_testing_defaults(environ)
    request: Any = WSGIRequest(environ)
    request._dont_enforce_csrf_checks = True  # There is no other site here to guard against.
    response = application.get_response(request)
    return Answer(path, response.status_code, response.headers.get("Location", ""))


@contextmanager
def _undone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_PATIENCE[connection.vendor])
    with transaction.atomic(durable=True):
        yield
        transaction.set_rollback(True)


def _leave_nothing() -> None:
    """Forget what was read of rows that are gone, and end every connection: forks must not share one."""
    memory.forget_all()
    places.forget_doors()
    connection.close()
    close_pool: Callable[[], None] | None = getattr(connection, "close_pool", None)
    if close_pool is not None:
        close_pool()
