"""The weather switch: alerts that are on, switching on and off, the board, the hall's counts."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.care import selectors, services
from linli.care.forms import AlertForm
from linli.care.selectors import alerts, boards
from linli.care.states import TaskState
from linli.care.views import showing
from linli.kernel import clock
from linli.kernel.web import Request
from linli.places import selectors as places


@require_safe
def index(request: Request) -> HttpResponse:
    """Show the alerts that are on, and those that were."""
    request.actor.require(selectors.VIEW)
    now = clock.now()
    context = {
        "on": alerts.alerts(request.actor, now, is_on=True),
        "past": alerts.alerts(request.actor, now, is_on=False),
        "may_manage": request.actor.can(selectors.MANAGE),
        "done": showing.done_words(request),
    }
    return render(request, "care/alerts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Switch an alert on."""
    request.actor.require(selectors.MANAGE)
    now, scopes = clock.now(), request.actor.scopes(selectors.MANAGE)
    communities = list(places.communities_of(scopes))
    form = AlertForm(
        request.POST or None,
        areas=[
            area for area in places.tree_of(scopes) if area.kind != "district" or not communities
        ],
        buildings=[
            one for community in communities[:3] for one in places.buildings_of(community.pk)
        ],
        now=now,
        initial={"area": str(communities[0].pk)} if communities else {},
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.start_alert(
                sheet=form.sheet(), key=str(form.cleaned_data["key"]), actor=request.actor, now=now
            )
            return _go(made.pk, "on")
    return render(
        request, "care/alert_new.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
def board(request: Request, alert_id: UUID) -> HttpResponse:
    """Show who is reached and who is not, as it is now."""
    now = clock.now()
    found = alerts.get_alert(alert_id, request.actor, now)
    state = request.GET.get("state", "")
    state = state if state in TaskState.values else ""
    counts = boards.counts(found.alert, request.actor)
    tasks = boards.tasks_of(found.alert, request.actor, state)
    page = _Pages(tasks, alerts.PAGE, counts[state]).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "rows": boards.rows_of(found.alert, list(page), request.actor),
        "all": counts[""],
        "tabs": [
            {"name": one.value, "label": one.label, "count": counts[one.value]} for one in TaskState
        ],
        "state": state,
        "may_end": found.is_on and request.actor.can(selectors.MANAGE, found.alert.area_path),
        "done": showing.done_words(request),
        "now": now,
    }
    return render(request, "care/alert.html", context)


@require_POST
def end(request: Request, alert_id: UUID) -> HttpResponse:
    """Switch an alert off."""
    services.end_alert(alert_id=alert_id, actor=request.actor, now=clock.now())
    return _go(alert_id, "off")


@require_safe
def hall(request: Request, alert_id: UUID) -> HttpResponse:
    """Show on the hall's screen how far an alert is: counts, and nobody's name."""
    now = clock.now()
    found = alerts.get_alert(alert_id, request.actor, now)
    return render(request, "care/hall.html", {"found": found, "now": now})


class _Pages(Paginator):
    """The pages of a list that somebody has counted already."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


def _go(alert_id: UUID, word: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('care:alert', args=[alert_id])}?done={word}")
