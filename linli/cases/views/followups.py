"""The desk's pages of follow-up calls: whom to call, what they said, how it was drawn, what is left
out.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors
from linli.cases.forms.followups import AnswersForm, AttemptForm, ShareForm
from linli.cases.selectors import catalogue, progress
from linli.cases.selectors import followups as calling
from linli.cases.services import followup_export, sampling
from linli.cases.services import followups as services
from linli.cases.views import showing
from linli.kernel import clock, ids, lists, runs
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.people import selectors as people
from linli.posts import selectors as posts

FORM = require_http_methods(["GET", "HEAD", "POST"])
_DONE = {
    "answered": gettext_lazy("已记下，和居民自己的评价放在一起。"),
    "tried": gettext_lazy("已记下这通电话，名单里还会再提醒。"),
    "unreached": gettext_lazy("已记为未接通，不再拨打。"),
    "reopened": gettext_lazy("已记下，并交上一级重办。"),
    "saved": gettext_lazy("已保存，下一次抽样按这个来。"),
    "ended": gettext_lazy("已停用，按办理规则里的比例抽。"),
}
_WEEKS = timedelta(weeks=4)


@require_safe
def waiting(request: Request) -> HttpResponse:
    """List the follow-ups of one state, those to be made first, with what reporters said lately."""
    _require(request)
    states = [value for value, _label in calling.STATES]
    asked = request.GET.get("state", "")
    state = asked if asked in states else states[0]
    rows = showing.followups(calling.followups(request.actor, state))
    own = calling.handled_among([row.case for row in rows], request.actor)
    for row in rows:
        row.is_own = row.case_id in own
        row.own_answer = progress.SATISFACTION.get(row.case.satisfaction or 0, "")
    context = {
        "rows": rows,
        "state": state,
        "tabs": _tabs(request, state),
        "said": _said(request),
        "key": ids.new_id().hex,
        "done": _DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "cases/followups.html", context)


@require_POST
def export(request: Request) -> HttpResponse:
    """Let the calls of one state leave as a file: a run."""
    _require(request)
    run = followup_export.start_export(
        state=request.GET.get("state", "waiting"), actor=request.actor, now=clock.now(),
        **lists.wish_of(request),
    )  # fmt: skip
    return HttpResponseRedirect(runs.url_of(run))


def _require(request: Request) -> None:
    if not request.actor.can(calling.DUTY):
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))


def _tabs(request: Request, current: str) -> list[dict[str, Any]]:
    counts = calling.counts(request.actor)
    return [
        {"name": name, "label": label, "count": counts[name], "current": name == current}
        for name, label in calling.STATES
    ]


def _said(request: Request) -> Any:
    """Return what was said on the phone in the last four weeks, where the actor looks after calls."""
    today = clock.local(clock.now()).date()
    return calling.answers_of(request.actor, today - _WEEKS, today)


@require_safe
def followup(request: Request, followup_id: UUID) -> HttpResponse:
    """Show one follow-up: the case in short, what its reporter answered, the two forms."""
    return _page(request, followup_id)


@require_POST
def answers(request: Request, followup_id: UUID) -> HttpResponse:
    """Keep what the reporter said."""
    form = AnswersForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            sent = {**form.cleaned_data, "actor": request.actor, "now": clock.now()}
            services.record_answers(followup_id=followup_id, **sent)
            return _back("reopened" if sent["reopens"] else "answered")
    return _page(request, followup_id, answers_form=form)


@require_POST
def attempts(request: Request, followup_id: UUID) -> HttpResponse:
    """Keep a call in vain."""
    form = AttemptForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            sent = {**form.cleaned_data, "actor": request.actor, "now": clock.now()}
            row = services.record_attempt(followup_id=followup_id, **sent)
            return _back("unreached" if row.state == "unreached" else "tried")
    return _page(request, followup_id, attempt_form=form)


@FORM
def contact(request: Request, followup_id: UUID) -> HttpResponse:
    """Show whom to call, once; the look is kept."""
    calling.get_followup(followup_id, request.actor)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("cases:followup", args=[followup_id]))
    card = services.reveal_phone(followup_id=followup_id, actor=request.actor, now=clock.now())
    return _page(request, followup_id, card=card)


def _page(request: Request, followup_id: UUID, **shown: Any) -> HttpResponse:
    _require(request)
    row = calling.get_followup(followup_id, request.actor)
    case = row.case
    forms = [one for one in (shown.get("answers_form"), shown.get("attempt_form")) if one]
    context = {
        "row": showing.followups([row])[0],
        "case": showing.dress([case])[0],
        "result": calling.result_words(case),
        "calls": calling.calls_of(row),
        "contact": people.contact_card(case.reporter_id) if case.reporter_id else None,
        "is_own": calling.has_handled(case, request.actor),
        "can_see": selectors.sees(case.pk, request.actor),
        "answers_form": shown.get("answers_form") or AnswersForm(),
        "attempt_form": shown.get("attempt_form") or AttemptForm(),
        "card": shown.get("card"),
    }
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, "cases/followup.html", context, status=status)


def _back(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('cases:followups')}?done={done}")


@require_safe
def samples(request: Request) -> HttpResponse:
    """Show how the lists were drawn, and the shares that differ from the usual one."""
    _require(request)
    return _samples(request, _share_form(request))


@require_POST
def shares(request: Request) -> HttpResponse:
    """Set another share for a category or an organisation."""
    form = _share_form(request)
    if form.is_valid():
        with form.showing_refusals():
            sampling.set_rule(**form.cleaned_data, actor=request.actor, now=clock.now())
            return HttpResponseRedirect(f"{reverse('cases:followup_samples')}?done=saved")
    return _samples(request, form)


@require_POST
def end_share(request: Request, share_id: UUID) -> HttpResponse:
    """Go back to the usual share."""
    sampling.end_rule(rule_id=share_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(f"{reverse('cases:followup_samples')}?done=ended")


def _share_form(request: Request) -> ShareForm:
    return ShareForm(
        request.POST if request.method == "POST" else None,
        categories=catalogue.active_categories(),
        organisations=posts.organisations_below(request.actor, duty=sampling.DUTY),
    )


def _samples(request: Request, form: ShareForm) -> HttpResponse:
    _require(request)
    rows = calling.samples()
    asked = request.GET.get("check", "")
    for row in rows:
        is_asked = str(row.pk) == asked
        row.is_same = sampling.is_reproducible(row.pk) if is_asked else None  # type: ignore[attr-defined]
    context = {
        "rows": rows,
        "rules": calling.followup_rules(),
        "settings": catalogue.get_settings(),
        "form": form,
        "may_set": request.actor.can(sampling.DUTY),
        "done": _DONE.get(request.GET.get("done", ""), ""),
    }
    status = 422 if form.errors else 200
    return render(request, "cases/followup_samples.html", context, status=status)


@require_safe
def exclusions(request: Request) -> HttpResponse:
    """List what does not count in the official rates: why, and which two people say so."""
    if not (request.actor.can(calling.DUTY) or request.actor.can("cases.approve")):
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    rows = calling.exclusions(request.actor)
    ids = {one for row in rows for one in (row.asked_by, row.decided_by) if one}
    names = people.account_names(ids)
    for row in rows:
        row.asker = names.get(row.asked_by, "")  # type: ignore[attr-defined]
        row.decider = names.get(row.decided_by, "") if row.decided_by else ""  # type: ignore[attr-defined]
    return render(request, "cases/exclusions.html", {"rows": rows})
