"""The visitor's pages: the day's list, one card with three buttons, a number to call with a reason."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.care import selectors, services
from linli.care.forms import RevealForm, VisitForm
from linli.care.selectors import day as days
from linli.care.selectors import family, history, persons, words
from linli.care.views import showing
from linli.kernel import clock
from linli.kernel.errors import NotAllowed
from linli.kernel.web import Request


@require_GET
def day(request: Request) -> HttpResponse:
    """Show who is due today, those who cannot wait first."""
    request.actor.require(selectors.VISIT)
    context = {
        "day": days.day_of(request.actor, clock.now()),
        "done": showing.done_words(request),
    }
    return render(request, "care/field_day.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request, profile_id: UUID) -> HttpResponse:
    """Show somebody with the three buttons, and take what was pressed."""
    profile = selectors.get_profile(profile_id, request.actor)
    form = showing.visit_form(request, profile)
    if request.method == "POST" and not form.must_ask() and form.is_valid():
        with form.showing_refusals():
            word = showing.take_visit(request, profile, form)
            return HttpResponseRedirect(f"{reverse('care:field_day')}?done={word}")
    is_asking = request.method == "POST" and form.must_ask()
    return show(request, profile, form, is_asking=is_asking)


def show(
    request: Request,
    profile: Any,
    form: VisitForm | None = None,
    *,
    is_asking: bool = False,
    **more: Any,
) -> HttpResponse:
    """Show a card; more: what was revealed, a form with what was wrong."""
    now = clock.now()
    status = 422 if form is not None and form.is_bound and form.errors and not is_asking else 200
    context = {
        "profile": profile,
        "line": persons.line_of(profile, request.actor),
        "form": form or showing.visit_form(request, profile),
        "is_asking": is_asking or (form is not None and form.data.get("outcome") == "wrong"),
        "lost_photos": is_asking and any(request.FILES.values()),
        "why": days.why_of(profile, clock.local(now).date()),
        "needs": days.DayLine(profile=profile, line=None, why="").needs,
        "may_visit": selectors.may_visit(profile, request.actor) and not profile.is_over,
        "visits": history.visits_of(profile)[:5],
        "family": [one for one in family.family_of(profile) if one[0].withdrawn_at is None],
        "reveal_form": RevealForm(),
        "tones": words.OUTCOMES,
        "done": showing.done_words(request),
        **more,
    }
    return render(request, "care/field_card.html", context, status=status)


@require_POST
def reveal(request: Request, profile_id: UUID) -> HttpResponse:
    """Show why somebody is looked after, and their name, for a reason."""
    form = RevealForm(request.POST)
    profile = selectors.get_profile(profile_id, request.actor)
    if form.is_valid():
        with form.showing_refusals():
            shown = services.reveal_care(
                profile_id=profile_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return show(request, profile, None, is_asking=False, shown=shown)
    return show(request, profile, None, reveal_form=form)


@require_POST
def call_family(request: Request, family_id: UUID) -> HttpResponse:
    """Show a family contact's number, for a reason."""
    request.actor.require(selectors.VISIT)
    form = RevealForm(request.POST)
    profile = family.profile_of(family_id, request.actor)
    if form.is_valid():
        with form.showing_refusals():
            contact = services.reveal_family(
                family_id=family_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return show(request, profile, None, contact=contact, contact_id=family_id)
    return show(request, profile, None, reveal_form=form)


@require_GET
def photo(request: Request, visit_photo_id: UUID, size: str) -> HttpResponse | FileResponse:
    """Answer with a photo of a visit."""
    if not (request.actor.can(selectors.VISIT) or request.actor.can(selectors.VIEW)):
        raise NotAllowed("没有找到这一页，或者您的岗位看不到它。")
    return showing.photo_answer(visit_photo_id, size, request)
