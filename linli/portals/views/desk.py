"""The desk's first page: a greeting, what asks for attention, what was said to me."""

import re
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases.selectors import hands
from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.kernel.worktime import WEEKDAYS
from linli.messages import selectors as messages
from linli.portals import selectors

NOTICES_SHOWN = 6


@require_safe
def home(request: Request) -> HttpResponse:
    """Show what waits for whoever signed in; a confined post sees what is in its hands."""
    if request.actor.kind is not ActorKind.STAFF or request.actor.account_id is None:
        raise NotFound(_("没有找到这一页。"))
    now = clock.now()
    unread = messages.notices_of(request.actor.account_id, only_unread=True, limit=99)
    cases, day = selectors.case_matters(request.actor, now), clock.local(now)
    others = selectors.other_matters(request.actor, now)
    counts = {one.name: one.count for one in others}
    request.nav_counts = {  # type: ignore[attr-defined]
        "messages:desk_notices": len(unread),
        "cases:whistles": counts.get("whistles", 0),
        "cases:arbitrations": counts.get("arbitrations", 0),
    }
    context = {
        "greeting": greeting(now),
        "cases": cases,
        "sentence": _sentence(cases),
        "others": others,
        "upcoming": selectors.upcoming(request.actor, now) if cases else [],
        "found": None if cases else hands.in_hand(request.actor, now),
        "notices": unread[:NOTICES_SHOWN],
        "unread": len(unread),
        "may_enter": request.actor.can("cases.enter"),
        "day": f"{day.year} 年 {day.month} 月 {day.day} 日 周{WEEKDAYS[day.weekday()]}",
        "now": now,
    }
    return render(request, "portals/desk_home.html", context)


def greeting(now: datetime) -> str:
    """Return a greeting for the hour of the day."""
    hour = clock.local(now).hour
    if hour < 11:
        return _("早上好")
    if hour < 13:
        return _("中午好")
    return _("下午好") if hour < 18 else _("晚上好")


def _sentence(cases: list[selectors.Matter]) -> str:
    """Say first what is pressing: 3 件已超时，2 件待裁定。"""
    pressing = [one for one in cases if one.count and one.name not in ("reopened", "mine")]
    if not pressing:
        return _("没有超时和快到期的，手上的事都在点上。") if cases else ""
    said = [_("%(n)s 件 %(what)s") % {"n": f"{one.count:,}", "what": one.label} for one in pressing]
    # A space stands between characters and figures only.
    return re.sub(r"件 (?!\d)", "件", "，".join(said)) + "。"
