"""The desk's pages of campaigns: the list, one with its progress, its plan, its beginning and end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.campaigns.forms.planning import DayForm, EndForm, MemberForm, PartForm, PlanForm
from linli.campaigns.selectors import access, campaigns, lists, results
from linli.campaigns.services import planning
from linli.campaigns.services.planning import CampaignSheet
from linli.campaigns.states import CampaignState
from linli.campaigns.views import showing
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request, is_htmx

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def overview(request: Request) -> HttpResponse:
    """List the campaigns, those that run first, with how far each is."""
    require_view(request)
    context = {
        "lines": campaigns.campaigns(request.actor, clock.now()),
        "may_plan": request.actor.can(access.MANAGE),
        "tones": showing.TONES,
    }
    return render(request, "campaigns/campaigns.html", context)


def require_view(request: Request) -> None:
    """Refuse whoever neither views nor manages campaigns anywhere. Errors: NotFound."""
    if not (request.actor.can(access.VIEW) or request.actor.can(access.MANAGE)):
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))


@FORM
def plan(request: Request) -> HttpResponse:
    """Write a campaign down."""
    request.actor.require(access.MANAGE)
    tomorrow = clock.local(clock.now()).date() + timedelta(days=1)
    form = PlanForm(
        request.POST or None,
        communities=campaigns.communities(request.actor),
        initial={"starts_on": tomorrow, "ends_on": tomorrow + timedelta(days=2)},
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sent = dict(form.cleaned_data)
            made = planning.plan_campaign(
                community_id=sent.pop("community"),
                sheet=CampaignSheet(**sent),
                actor=request.actor,
                now=clock.now(),
            )
            return _to("plan", made.pk, "planned")
    status = 422 if form.errors else 200
    return render(request, "campaigns/campaign_new.html", {"form": form}, status=status)


@require_safe
def campaign(request: Request, campaign_id: UUID) -> HttpResponse:
    """Show a campaign: how far it is, live; days, team, what may be done."""
    require_view(request)
    return _page(request, campaign_id)


def _page(request: Request, campaign_id: UUID, *, end_form: EndForm | None = None) -> HttpResponse:
    result = results.result_of(campaign_id, request.actor)
    found = result.campaign
    today = clock.local(clock.now()).date()
    context = {
        "campaign": found,
        "result": result,
        "figures": lists.kind_counts(found),
        "states": [
            (value, label, result.by_state[value]) for value, label in campaigns.ENTRY_STATES
        ],
        "percent": _percent(result),
        "days": campaigns.days_of(found),
        "today": today,
        "team": campaigns.team_of(found),
        "may_manage": access.may_manage(found, request.actor),
        "imports": lists.waiting_imports(found),
        "tone": showing.TONES[found.state],
        "end_form": end_form or EndForm(),
        "done": showing.done_words(request),
        "now": clock.now(),
    }
    if is_htmx(request):
        return render(request, "campaigns/_progress.html", context)
    status = 422 if end_form else 200
    return render(request, "campaigns/campaign.html", context, status=status)


def _percent(result: results.Result) -> int:
    done = result.total - result.by_state["open"]
    return done * 100 // result.total if result.total else 0


@FORM
def edit(request: Request, campaign_id: UUID) -> HttpResponse:
    """Show the plan: words and days, parts, teams; and change words and days."""
    found = managed(request, campaign_id)
    initial = {
        "title": found.title, "note": found.note, "starts_on": found.starts_on,
        "ends_on": found.ends_on, "meet": next((d.meet for d in campaigns.days_of(found)), ""),
    }  # fmt: skip
    form = PlanForm(request.POST or None, communities=None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            planning.change_campaign(
                campaign_id=found.pk,
                sheet=CampaignSheet(**form.cleaned_data),
                actor=request.actor,
                now=clock.now(),
            )
            return _to("plan", found.pk, "saved")
    return _plan_page(request, found, form=form)


def managed(request: Request, campaign_id: UUID) -> Any:
    """Return a campaign that the actor plans. Errors: NotFound, NotAllowed."""
    found = access.get_campaign(campaign_id, request.actor)
    request.actor.require(access.MANAGE, found.area_path)
    return found


def _plan_page(request: Request, found: Any, **forms: Any) -> HttpResponse:
    parts = campaigns.parts_of(found)
    context = {
        "campaign": found,
        "days": campaigns.days_of(found),
        "parts": parts,
        "team": campaigns.team_of(found),
        "form": forms.get("form"),
        "day_form": forms.get("day_form") or DayForm(prefix="day"),
        "part_form": forms.get("part_form") or PartForm(areas=campaigns.area_choices(found)),
        "member_form": forms.get("member_form")
        or MemberForm(area_path=found.area_path, parts=parts),
        "done": showing.done_words(request),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "campaigns/campaign_plan.html", context, status=status)


def _form_of(found: Any) -> PlanForm:
    initial = {name: getattr(found, name) for name in ("title", "note", "starts_on", "ends_on")}
    return PlanForm(communities=None, initial=initial)


@require_POST
def day(request: Request, campaign_id: UUID) -> HttpResponse:
    """Set a day on site, or take it out."""
    found = managed(request, campaign_id)
    form = DayForm(request.POST, prefix="day")
    if form.is_valid():
        with form.showing_refusals():
            planning.set_day(
                campaign_id=found.pk, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return _to("plan", found.pk, "saved")
    return _plan_page(request, found, form=_form_of(found), day_form=form)


@require_POST
def part(request: Request, campaign_id: UUID) -> HttpResponse:
    """Add a part of the ground."""
    found = managed(request, campaign_id)
    form = PartForm(request.POST, areas=campaigns.area_choices(found))
    if form.is_valid():
        with form.showing_refusals():
            planning.add_part(
                campaign_id=found.pk, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return _to("plan", found.pk, "saved")
    return _plan_page(request, found, form=_form_of(found), part_form=form)


@require_POST
def member(request: Request, campaign_id: UUID) -> HttpResponse:
    """Put somebody on the team."""
    found = managed(request, campaign_id)
    parts = campaigns.parts_of(found)
    form = MemberForm(request.POST, area_path=found.area_path, parts=parts)
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            planning.add_member(
                campaign_id=found.pk, part_id=sent["part_id"], is_lead=sent["is_lead"],
                actor=request.actor, now=clock.now(), **sent["target"],
            )  # fmt: skip
            return _to("plan", found.pk, "saved")
    return _plan_page(request, found, form=_form_of(found), member_form=form)


@require_POST
def member_end(request: Request, member_id: UUID) -> HttpResponse:
    """Take somebody off the team."""
    found = planning.remove_member(member_id=member_id, actor=request.actor, now=clock.now())
    return _to("plan", found.pk, "saved")


@require_POST
def move(request: Request, campaign_id: UUID) -> HttpResponse:
    """Start, end, begin again or cancel."""
    managed(request, campaign_id)
    form = EndForm(request.POST)
    asked = request.POST.get("state", "")
    state = asked if asked in CampaignState.values else CampaignState.ENDED
    if form.is_valid():
        with form.showing_refusals():
            planning.move_campaign(
                campaign_id=campaign_id, state=CampaignState(state), actor=request.actor,
                now=clock.now(), **form.cleaned_data,
            )  # fmt: skip
            return _to("campaign", campaign_id, str(state))
    return _page(request, campaign_id, end_form=form)


def _to(name: str, campaign_id: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'campaigns:{name}', args=[campaign_id])}?done={done}")
