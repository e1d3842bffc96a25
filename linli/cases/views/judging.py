"""Suggestions: taken over or doubted with one tap, their record, learning anew."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from linli.cases.forms.judging import LearnForm, TakeSuggestionForm
from linli.cases.selectors import judged
from linli.cases.services import judging, learning
from linli.kernel import clock, runs
from linli.kernel.web import Request

_DONE = {"starter": gettext_lazy("已换回自带的，新上报的马上按它来。")}


@require_POST
def take(request: Request, case_id: UUID) -> HttpResponse:
    """Put the category right as suggested."""
    form = TakeSuggestionForm(request.POST)
    if not form.is_valid():
        raise Http404
    judging.take_suggestion(
        case_id=case_id, actor=request.actor, now=clock.now(), **form.cleaned_data
    )
    return _back(case_id, "correct")


@require_POST
def doubt(request: Request, case_id: UUID) -> HttpResponse:
    """Say that one can't tell the category either."""
    judging.doubt_category(case_id=case_id, actor=request.actor, now=clock.now())
    return _back(case_id, "doubted")


@require_POST
def tell_apart(request: Request, case_id: UUID) -> HttpResponse:
    """Say that the earlier report is another thing."""
    judging.doubt_earlier(case_id=case_id, actor=request.actor, now=clock.now())
    return _back(case_id, "doubted")


def _back(case_id: UUID, word: str) -> HttpResponse:
    address = reverse("cases:desk_case", args=[case_id])
    return HttpResponseRedirect(f"{address}?done={word}#judgement")


@require_safe
def record(request: Request) -> HttpResponse:
    """Show how good suggestions are by the staff's word, and where they come from."""
    return _record_page(request, LearnForm())


@require_POST
def learn(request: Request) -> HttpResponse:
    """Learn anew from what staff found right."""
    form = LearnForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            run = learning.start_learning(
                actor=request.actor, now=clock.now(), key=str(form.cleaned_data["key"])
            )
            return HttpResponseRedirect(runs.url_of(run))
    return _record_page(request, form, status=422)


@require_POST
def starter(request: Request) -> HttpResponse:
    """Go back to the suggestions that the product brings."""
    learning.use_starter(actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("cases:settings_judgement") + "?done=starter")


def _record_page(request: Request, form: LearnForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    context = {
        "record": judged.record(request.actor, now),
        "form": form,
        "least": learning.LEAST,
        "done": _DONE.get(request.GET.get("done", "")),
        "now": now,
    }
    return render(request, "cases/settings_judgement.html", context, status=status)
