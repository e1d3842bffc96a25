"""The desk's pages of the three lists: meetings and inspections, their matters, an agenda, paper, files."""

from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.campaigns.forms.dockets import DocketForm, MatterForm, TicksForm
from linli.campaigns.rules import next_month
from linli.campaigns.selectors import access, campaigns
from linli.campaigns.selectors import dockets as asked
from linli.campaigns.services import dockets, exporting
from linli.campaigns.services.dockets import DocketSheet, MatterSheet
from linli.campaigns.views import showing
from linli.campaigns.views.planning import require_view
from linli.kernel import clock
from linli.kernel.web import Request

FORM = require_http_methods(["GET", "HEAD", "POST"])
# The three lists of one docket: its name, and what stands in its columns.
LISTS: Final = (
    ("problems", gettext_lazy("问题清单")),
    ("hands", gettext_lazy("责任清单")),
    ("measures", gettext_lazy("整改清单")),
)


@require_safe
def overview(request: Request) -> HttpResponse:
    """List meetings, campaigns and inspections whose matters are followed."""
    require_view(request)
    today = clock.local(clock.now()).date()
    context = {
        "rows": asked.dockets(request.actor),
        "late": asked.overdue_count(request.actor, today),
        "may_open": request.actor.can(access.MANAGE),
    }
    return render(request, "campaigns/dockets.html", context)


@FORM
def docket_new(request: Request) -> HttpResponse:
    """Begin the lists of a meeting or an inspection."""
    request.actor.require(access.MANAGE)
    communities = campaigns.communities(request.actor)
    today = clock.local(clock.now()).date()
    initial: dict[str, Any] = {"held_on": today, "next_on": next_month(today)}
    if request.GET.get("series"):
        initial["series"] = str(request.GET["series"])[:40]
    form = DocketForm(request.POST or None, communities=communities, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sent = dict(form.cleaned_data)
            made, _is_new = dockets.open_docket(
                community_id=sent.pop("community"),
                sheet=DocketSheet(**sent),
                actor=request.actor,
                now=clock.now(),
            )
            return _to("docket", made.pk, "opened")
    context = {"form": form, "series": asked.series_names(one.pk for one in communities)}
    status = 422 if form.errors else 200
    return render(request, "campaigns/docket_new.html", context, status=status)


@require_POST
def of_campaign(request: Request, campaign_id: UUID) -> HttpResponse:
    """Begin the lists of a campaign: what it left open, handed on or could not do."""
    access.get_campaign(campaign_id, request.actor)
    made = dockets.open_docket_of_campaign(
        campaign_id=campaign_id, actor=request.actor, now=clock.now()
    )
    return _to("docket", made.pk, "opened")


@require_safe
def docket(request: Request, docket_id: UUID) -> HttpResponse:
    """Show the lists of one meeting, with the agenda that suggests itself."""
    require_view(request)
    return _page(request, docket_id)


def _page(request: Request, docket_id: UUID, **forms: Any) -> HttpResponse:
    found, now = asked.get_docket(docket_id, request.actor), clock.now()
    may_manage = request.actor.can(access.MANAGE, found.area_path)
    context = {
        "docket": found,
        "lines": asked.lines_of(found, now),
        "counts": [
            (value, label, asked.counts_of(found)[value]) for value, label in asked.MATTER_STATES
        ],
        "tones": showing.TONES,
        "agenda": asked.agenda(found, request.actor, now) if may_manage else [],
        "may_manage": may_manage,
        "matter_form": forms.get("matter_form") or MatterForm(area_path=found.area_path),
        "ticks_form": forms.get("ticks_form"),
        "done": showing.done_words(request),
    }
    return render(request, "campaigns/docket.html", context, status=422 if forms else 200)


@require_POST
def matter_new(request: Request, docket_id: UUID) -> HttpResponse:
    """Put a problem on the list."""
    found = asked.get_docket(docket_id, request.actor)
    form = MatterForm(request.POST, area_path=found.area_path)
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            sheet = MatterSheet(
                problem=sent["problem"],
                is_own=not sent["raised_name"].strip(),
                raised_name=sent["raised_name"],
                measure=sent["measure"],
                due_on=sent["due_on"],
                **sent["target"],
            )
            dockets.raise_matter(
                docket_id=docket_id, sheet=sheet, key=str(sent["key"]), actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return _to("docket", docket_id, "raised")
    return _page(request, docket_id, matter_form=form)


@require_POST
def agenda(request: Request, docket_id: UUID) -> HttpResponse:
    """Put ticked cases of the agenda on the list."""
    found = asked.get_docket(docket_id, request.actor)
    groups = asked.agenda(found, request.actor, clock.now())
    form = TicksForm(request.POST, cases=[one for group in groups for one in group.cases])
    if form.is_valid():
        with form.showing_refusals():
            dockets.raise_cases(
                docket_id=docket_id, case_ids=form.cleaned_data["case_ids"],
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return _to("docket", docket_id, "raised")
    return _page(request, docket_id, ticks_form=form)


@require_safe
def paper(request: Request, docket_id: UUID) -> HttpResponse:
    """Show the three lists for paper, each on a page of its own."""
    require_view(request)
    found = asked.get_docket(docket_id, request.actor)
    request.community = found.community
    context = {
        "docket": found,
        "lines": asked.lines_of(found, clock.now()),
        "lists": LISTS,
        "now": clock.now(),
    }
    return render(request, "campaigns/docket_paper.html", context)


@require_safe
def workbook(request: Request, docket_id: UUID) -> HttpResponse:
    """Answer with the three lists as a workbook of three sheets."""
    require_view(request)
    found = asked.get_docket(docket_id, request.actor)
    content = exporting.three_lists(asked.lines_of(found, clock.now()))
    answer = HttpResponse(content, content_type=exporting.XLSX_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="three-lists.xlsx"'
    return answer


@require_safe
def invitation(request: Request, docket_id: UUID) -> HttpResponse:
    """Answer with the next meeting as a calendar file, for phones."""
    require_view(request)
    found = asked.get_docket(docket_id, request.actor)
    on = found.next_on or next_month(found.held_on)
    starts_at = datetime.combine(on, time(9), tzinfo=clock.BEIJING)
    content = exporting.invitation(found, starts_at, clock.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answer


def _to(name: str, row_id: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'campaigns:{name}', args=[row_id])}?done={done}")
