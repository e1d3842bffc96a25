"""The day of whoever handles cases on a phone: what waits, what is in hand, who I am here."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.cases.selectors import hands
from linli.kernel import clock
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.kernel.worktime import WEEKDAYS
from linli.posts.selectors.own import own_posts

_SIZES = (
    ("standard", gettext_lazy("标准")),
    ("large", gettext_lazy("大字")),
    ("larger", gettext_lazy("特大字")),
)


@require_GET
def today(request: Request) -> HttpResponse:
    """Show the day: what waits to be taken first, then what is in hand, late first."""
    _staff(request)
    now = clock.now()
    found = hands.in_hand(request.actor, now)
    request.nav_counts = {"portals:field": len(found.waiting)}  # type: ignore[attr-defined]
    context = {
        "found": found,
        "may_report": request.actor.can("cases.handle"),
        "day": _day(now),
        "now": now,
    }
    return render(request, "portals/field_today.html", context)


@require_GET
def me(request: Request) -> HttpResponse:
    """Show who I am here: my posts, who stands in for me, the way out."""
    _staff(request)
    now = clock.now()
    context = {
        "posts": own_posts(request.actor, now),
        "sizes": _SIZES,
        "may_desk": request.actor.can("cases.view"),
        "now": now,
    }
    return render(request, "portals/field_me.html", context)


def _day(now: datetime) -> str:
    local = clock.local(now)
    return f"{local.month} 月 {local.day} 日 星期{WEEKDAYS[local.weekday()]}"


def waiting(actor: Actor) -> int:
    """Return how many cases wait to be taken, for the tab bar."""
    return hands.waiting_count(actor)


def _staff(request: Request) -> None:
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
