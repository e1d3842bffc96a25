"""The offices that watch: the audit trail, and how the house runs."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.people import selectors as people
from linli.posts import selectors, services
from linli.posts.forms import TrailForm
from linli.posts.selectors import TrailFilter

PAGE = 50


@require_safe
def audit(request: Request) -> HttpResponse:
    form = TrailForm(request.GET, names=selectors.event_choices())
    wanted = _wanted(form) if form.is_valid() else TrailFilter()
    lines = selectors.trail(request.actor, wanted=wanted, before=_before(request), limit=PAGE + 1)
    context = {
        "form": form,
        "lines": lines[:PAGE],
        "more": lines[PAGE - 1].id if len(lines) > PAGE else None,
    }
    return render(request, "posts/audit.html", context)


@require_safe
def operate(request: Request) -> HttpResponse:
    found = selectors.running(request.actor, clock.now())
    return render(request, "posts/operate.html", {"running": found})


@require_POST
def job_again(request: Request, job_id: UUID) -> HttpResponse:
    services.try_job_again(job_id=job_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("posts:operate"))


@require_POST
def event_again(request: Request, retry_id: UUID) -> HttpResponse:
    services.try_event_again(retry_id=retry_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("posts:operate"))


def _wanted(form: TrailForm) -> TrailFilter:
    data = form.cleaned_data
    person = data["person"]
    return TrailFilter(
        name=data["name"],
        account_ids=people.accounts_named(person) if person else None,
        first_day=data["first_day"],
        last_day=data["last_day"],
    )


def _before(request: Request) -> UUID | None:
    text = request.GET.get("before", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(_("没有找到这一页。")) from None
