"""The desk's pages: the list, one profile with its history, visitors, the list as a file."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.care import selectors, services
from linli.care.forms import EndForm, FamilyForm, RevealForm
from linli.care.selectors import alerts, catalogue, family, history, lists, persons, words
from linli.care.selectors import day as days
from linli.care.services import exporting
from linli.care.states import Need
from linli.care.views import showing
from linli.kernel import clock, ids, runs
from linli.kernel.web import Request

_TABS: Final = {
    "late": _("已过期"),
    "today": _("今天"),
    "week": _("七天内"),
    "desk": _("找不到人"),
    "all": _("全部"),
}


@require_safe
def people(request: Request) -> HttpResponse:
    """Show who is looked after, overdue first, or the longest unseen first."""
    request.actor.require(selectors.VIEW)
    now, asked = clock.now(), asked_of(request)
    counts = lists.counts(request.actor, now)
    page = lists.care_list(asked, request.actor, now)
    context = {
        "asked": asked,
        "page": page,
        "tabs": [
            {"name": name, "label": label, "count": counts[name], "current": name == asked.tab}
            for name, label in _TABS.items()
        ],
        "levels": catalogue.levels(),
        "alerts": alerts.alerts(request.actor, now, is_on=True),
        "may_manage": request.actor.can(selectors.MANAGE),
        "export_key": ids.new_id(),
        "done": showing.done_words(request),
    }
    return render(request, "care/list.html", context)


def asked_of(request: Request) -> lists.Asked:
    """Return the question of the address; nonsense is as good as nothing."""
    said = request.GET
    tab = said.get("tab", "")
    return lists.Asked(
        tab=tab if tab in lists.TABS else "late",
        sort="unseen" if said.get("sort") == "unseen" else "due",
        level=said.get("level", "")[:40],
        post_id=showing.uuid_of(said.get("post")),
        after=said.get("after", "")[:60],
    )


@require_safe
def visitors(request: Request) -> HttpResponse:
    """Show what every visitor has."""
    request.actor.require(selectors.VIEW)
    loads = lists.workload(request.actor, clock.now())
    return render(request, "care/visitors.html", {"loads": loads, "days": lists.WORKLOAD_DAYS})


@require_POST
def export(request: Request) -> HttpResponse:
    """Start writing the list as a file."""
    run = exporting.start_export(
        asked=asked_of(request),
        actor=request.actor,
        now=clock.now(),
        key=str(showing.uuid_of(request.POST.get("key")) or ids.new_id()),
    )
    return HttpResponseRedirect(runs.url_of(run))


@require_safe
def profile(request: Request, profile_id: UUID) -> HttpResponse:
    """Show one profile with its history."""
    return show(request, selectors.get_profile(profile_id, request.actor))


def show(request: Request, row: Any, status: int = 200, **more: Any) -> HttpResponse:
    """Show a profile's page; more: forms with what was wrong, what was revealed."""
    today = clock.local(clock.now()).date()
    context = {
        "row": row,
        "line": persons.line_of(row, request.actor),
        "needs": [Need(code).label for code in row.need_codes],
        "why": days.why_of(row, today),
        "days": (today - row.unseen_since).days,
        "late_days": (today - row.due_on).days,
        "visits": history.visits_of(row),
        "steps": history.steps_of(row),
        "family": family.family_of(row),
        "list_name": dict(catalogue.list_names()).get(row.list_code, ""),
        "may_manage": request.actor.can(selectors.MANAGE, row.area_path) and not row.is_over,
        "may_visit": selectors.may_visit(row, request.actor) and not row.is_over,
        "visit_form": showing.visit_form(request, row, manner="call"),
        "family_form": FamilyForm(),
        "end_form": EndForm(),
        "reveal_form": RevealForm(),
        "tones": words.OUTCOMES,
        "done": showing.done_words(request),
        **more,
    }
    return render(request, "care/profile.html", context, status=status)


@require_POST
def visit(request: Request, profile_id: UUID) -> HttpResponse:
    """Write a call or a visit down from the desk."""
    row = selectors.get_profile(profile_id, request.actor)
    form = showing.visit_form(request, row)
    if not form.must_ask() and form.is_valid():
        with form.showing_refusals():
            return go(profile_id, showing.take_visit(request, row, form))
    lost = any(request.FILES.values())
    return show(request, row, 422, visit_form=form, is_asking=True, lost_photos=lost)


@require_POST
def reveal(request: Request, profile_id: UUID) -> HttpResponse:
    """Show why somebody is looked after, for a reason."""
    row, form = selectors.get_profile(profile_id, request.actor), RevealForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            shown = services.reveal_care(
                profile_id=profile_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return show(request, row, shown=shown)
    return show(request, row, 422, reveal_form=form)


@require_POST
def call_family(request: Request, family_id: UUID) -> HttpResponse:
    """Show a family contact's number, for a reason."""
    row, form = family.profile_of(family_id, request.actor), RevealForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            contact = services.reveal_family(
                family_id=family_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return show(request, row, contact=contact, contact_id=family_id)
    return show(request, row, 422, reveal_form=form)


def go(profile_id: UUID, word: str) -> HttpResponseRedirect:
    """Go to a profile's page, which says what was done."""
    return HttpResponseRedirect(f"{reverse('care:profile', args=[profile_id])}?done={word}")
