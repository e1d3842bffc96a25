"""What I handed in from my phone, what came of it, and what I still have to decide."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.field.forms import DecisionForm
from linli.field.selectors import handed
from linli.field.services import deciding, devices
from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request


@require_GET
def sent(request: Request) -> HttpResponse:
    """Show what I handed in lately, and my phones."""
    _staff(request)
    context = {
        "rows": handed.my_submissions(request.actor, clock.now()),
        "devices": handed.my_devices(request.actor),
    }
    return render(request, "field/sent.html", context)


@require_GET
def one(request: Request, submission_id: UUID) -> HttpResponse:
    """Show one of mine: what I wrote, what came of it, both sides where they differ."""
    return _page(request, submission_id)


@require_POST
def decide(request: Request, submission_id: UUID) -> HttpResponse:
    """Decide a conflict of mine field by field."""
    row = handed.get_mine(submission_id, request.actor)
    form = DecisionForm(request.POST, differences=row.different)
    if form.is_valid():
        with form.showing_refusals():
            deciding.decide_conflict(
                submission_id=row.pk,
                choices=form.cleaned_data,
                actor=request.actor,
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse("field:sent_one", args=[row.pk]))
    return _page(request, submission_id, form)


@require_POST
def end(request: Request, device_id: UUID) -> HttpResponse:
    """End one of my phones, lost or given away."""
    devices.end_device(device_id=device_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("field:sent"))


def _page(request: Request, submission_id: UUID, form: Any = None) -> HttpResponse:
    row = handed.get_mine(submission_id, request.actor)
    context = {
        "row": row,
        "photos": len(row.photos),
        "form": form or DecisionForm(differences=row.different),
    }
    return render(request, "field/sent_one.html", context, status=422 if form else 200)


def _staff(request: Request) -> None:
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
