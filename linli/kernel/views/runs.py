"""The pages of long work: somebody's runs, one run as it gets on, its file."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock, runs
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request, is_htmx

PER_PAGE = 30
_TONES = {
    "waiting": "new",
    "running": "doing",
    "done": "done",
    "failed": "back",
    "cancelled": "off",
}


@require_safe
def run_list(request: Request) -> HttpResponse:
    """List the runs that somebody started; for the operator, on request, everybody's."""
    _staff_only(request)
    is_all = request.GET.get("all") == "1"
    found = runs.my_runs(request.actor, is_all=is_all)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(run, _TONES[run.state]) for run in page],
        "is_all": is_all,
        "may_see_all": request.actor.can(runs.OPERATE),
    }
    return render(request, "kernel/runs.html", context)


@never_cache
@require_safe
def run(request: Request, run_id: UUID) -> HttpResponse:
    """Show how far a run is; what htmx asks for again and again is the fragment alone."""
    found = runs.get_run(run_id, request.actor)
    template = "kernel/_run.html" if is_htmx(request) else "kernel/run.html"
    return render(request, template, _shown(found, request, clock.now()))


@require_POST
def run_cancel(request: Request, run_id: UUID) -> HttpResponse:
    """Ask a run to stop."""
    found = runs.cancel_run(run_id=run_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(runs.url_of(found))


@never_cache
@require_safe
def run_result(request: Request, run_id: UUID) -> FileResponse:
    """Hand out the file that came of a run."""
    found, file = runs.open_result(run_id=run_id, actor=request.actor, now=clock.now())
    answer = FileResponse(
        file, as_attachment=True, filename=found.result_name, content_type=found.result_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _staff_only(request: Request) -> None:
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))


def _shown(found: runs.Run, request: Request, now: datetime) -> dict[str, Any]:
    errors = runs.errors_of(found) if found.error_count else []
    return {
        "run": found,
        "tone": _TONES[found.state],
        "is_over": found.finished_at is not None,
        "is_mine": found.account_id == request.actor.account_id,
        "percent": _percent(found),
        "left": _left(found, now),
        "errors": errors,
        "more_errors": found.error_count - len(errors),
        "error_kinds": sorted(found.error_kinds.items(), key=lambda one: -one[1]),
        "megabytes": f"{found.result_size / 2**20:.1f}" if found.result_size > 2**20 else "",
        "kilobytes": max(1, round(found.result_size / 1024)),
    }


def _percent(found: runs.Run) -> int | None:
    if not found.total_count:
        return None
    return min(100, found.done_count * 100 // found.total_count)


def _left(found: runs.Run, now: datetime) -> str:
    """Return about how long it will still take, once that can be told."""
    if found.state != runs.RunState.RUNNING or not (found.total_count and found.done_count):
        return ""
    gone = (now - found.started_at).total_seconds() if found.started_at else 0.0
    if gone < 3:
        return ""
    seconds = gone * max(0, found.total_count - found.done_count) / found.done_count
    if seconds < 60:
        return _("不到一分钟")
    return _("大约 %(n)d 分钟") % {"n": round(seconds / 60)}
