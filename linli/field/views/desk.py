"""What phones handed in and the desk decides: kept apart after a post ended, or in conflict."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.field.forms import DecisionForm, ReasonForm
from linli.field.selectors import handed
from linli.field.services import deciding
from linli.kernel import clock, pictures
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.web import Request


def count(actor: Actor) -> int:
    """Return how many wait, for the rail."""
    return handed.waiting_count(actor)


@require_GET
def waiting(request: Request) -> HttpResponse:
    """Show what was kept apart and what conflicts, oldest first."""
    request.actor.require(handed.DUTY)
    context = {
        "apart": handed.waiting(request.actor, "quarantined"),
        "conflicts": handed.waiting(request.actor, "conflict"),
    }
    return render(request, "field/desk_waiting.html", context)


@require_GET
def one(request: Request, submission_id: UUID) -> HttpResponse:
    """Show one: who made it and when, what it says, both sides where they differ."""
    return _page(request, submission_id)


@require_POST
def decide(request: Request, submission_id: UUID) -> HttpResponse:
    """Decide a conflict field by field."""
    row = handed.get_waiting(submission_id, request.actor)
    handed.require_open(row)
    form = DecisionForm(request.POST, differences=row.different)
    return _doing(request, row.pk, form, deciding.decide_conflict, "form", choices=True)


@require_POST
def take(request: Request, submission_id: UUID) -> HttpResponse:
    """Let in what was kept apart."""
    form = ReasonForm(request.POST)
    return _doing(request, submission_id, form, deciding.take_quarantined, "take_form")


@require_POST
def discard(request: Request, submission_id: UUID) -> HttpResponse:
    """Ask to leave something out, or answer who asked: agree, or keep it."""
    answer = request.POST.get("answer")
    if answer:
        deciding.answer_discard(
            submission_id=submission_id, is_agreed=answer == "agree", actor=request.actor,
            now=clock.now(),
        )  # fmt: skip
        return _back(submission_id)
    form = ReasonForm(request.POST)
    return _doing(request, submission_id, form, deciding.ask_discard, "discard_form")


@require_GET
def photo(request: Request, submission_id: UUID, upload_id: UUID) -> HttpResponseBase:
    """Answer with a photo of a submission."""
    row = handed.get_waiting(submission_id, request.actor)
    handed.require_open(row)
    paths = [one.path for _code, one in handed.photos_of(row) if one.upload_id == upload_id]
    if not paths:
        raise NotFound(_("没有这张照片。"))
    try:
        return FileResponse(pictures.open_stored(paths[0]), content_type="image/jpeg")
    except FileNotFoundError:
        raise NotFound(_("没有这张照片。")) from None


def _doing(
    request: Request,
    submission_id: UUID,
    form: Any,
    do: Callable[..., Any],
    name: str,
    *,
    choices: bool = False,
) -> HttpResponse:
    """Do what a form asks; one that can't be used comes back with what was typed."""
    if form.is_valid():
        facts = {"choices": form.cleaned_data} if choices else form.cleaned_data
        with form.showing_refusals():
            do(submission_id=submission_id, actor=request.actor, now=clock.now(), **facts)
            return _back(submission_id)
    return _page(request, submission_id, **{name: form})


def _page(request: Request, submission_id: UUID, **forms: Any) -> HttpResponse:
    row = handed.get_waiting(submission_id, request.actor)
    context = {
        "row": row,
        "photos": [
            {"url": url, "thumb": url, "alt": _("照片 %(n)d") % {"n": number}}
            for number, url in enumerate(_photo_urls(row), 1)
        ],
        "asked_by_me": row.discard_asked_by == request.actor.account_id,
        "form": DecisionForm(differences=row.different),
        "take_form": ReasonForm(auto_id="take_%s"),
        "discard_form": ReasonForm(auto_id="discard_%s"),
    }
    return render(
        request, "field/desk_one.html", {**context, **forms}, status=422 if forms else 200
    )


def _photo_urls(row: Any) -> list[str]:
    if row.state == "taken" or not row.is_open:
        return []  # Once taken, they are where it was taken to.
    return [
        reverse("field:desk_photo", args=[row.pk, one.upload_id])
        for _code, one in handed.photos_of(row)
        if one.path
    ]


def _back(submission_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("field:desk_one", args=[submission_id]))
