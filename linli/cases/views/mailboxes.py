"""Old mailboxes: a file comes in, its columns are named, it is checked, and imported when confirmed."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import selectors
from linli.cases.forms.mailboxes import ColumnsForm, MailboxForm
from linli.cases.selectors import mailboxes as asked
from linli.cases.services import mailboxes
from linli.kernel import clock, runs
from linli.kernel.web import Request
from linli.places import selectors as places

FORM = require_http_methods(["GET", "HEAD", "POST"])
SHOWN: Final = 20  # files in the list
SAMPLE: Final = 5  # rows of a file


@FORM
def mailbox_list(request: Request) -> HttpResponse:
    """List the files so far and take another one in."""
    request.actor.require("cases.enter")
    communities = list(places.communities_of(request.actor.scopes("cases.enter")))
    form = MailboxForm(request.POST or None, request.FILES or None, communities=communities)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            kept = mailboxes.prepare_mailbox(
                community_id=sent["community"],
                source_name=sent["source_name"],
                file_name=sent["file"].name,
                chunks=sent["file"].chunks(),
                actor=request.actor,
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse("cases:mailbox", args=[kept.pk]))
    context = {
        "form": form,
        "mailboxes": asked.mailboxes_of(request.actor)[:SHOWN],
        "sources": asked.source_names(),
    }
    status = 422 if form.errors else 200
    return render(request, "cases/desk_mailboxes.html", context, status=status)


@FORM
def mailbox(request: Request, mailbox_id: UUID) -> HttpResponse:
    """Show a file: what its columns mean, what checking found; and have it checked."""
    kept = asked.get_mailbox(mailbox_id, request.actor)
    form = _columns_form(request, kept)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            run = mailboxes.check_mailbox(
                mailbox_id=kept.pk,
                columns=form.columns(),
                category_id=form.cleaned_data["otherwise"],
                actor=request.actor,
                now=clock.now(),
                key=str(form.cleaned_data["key"]),
            )
            if mailboxes.is_short(kept):
                run = runs.carry_now(run, clock.now())
            is_done = run.state == runs.RunState.DONE
            own = reverse("cases:mailbox", args=[kept.pk])
            return HttpResponseRedirect(own if is_done else runs.url_of(run))
    status = 422 if form.errors else 200
    return render(request, "cases/desk_mailbox.html", _shown(request, kept, form), status=status)


@require_POST
def mailbox_import(request: Request, mailbox_id: UUID) -> HttpResponse:
    """File the good rows."""
    run = mailboxes.import_mailbox(mailbox_id=mailbox_id, actor=request.actor, now=clock.now())
    kept = asked.get_mailbox(mailbox_id, request.actor)
    if kept.found.get("rows", 0) <= mailboxes.SHORT_ROWS:
        run = runs.carry_now(run, clock.now())
    if run.account_id != request.actor.account_id:
        return HttpResponseRedirect(reverse("cases:mailbox", args=[mailbox_id]))
    return HttpResponseRedirect(runs.url_of(run))


@require_POST
def mailbox_discard(request: Request, mailbox_id: UUID) -> HttpResponse:
    """Throw a file away."""
    mailboxes.discard_mailbox(mailbox_id=mailbox_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("cases:mailboxes"))


def _columns_form(request: Request, kept: Any) -> ColumnsForm:
    initial = {name: str(number) for name, number in kept.columns.items()}
    if kept.category_id:
        initial["otherwise"] = str(kept.category_id)
    return ColumnsForm(
        request.POST or None,
        header=kept.header,
        categories=selectors.active_categories(),
        initial=initial,
    )


def _run_url(run_id: UUID | None) -> str:
    return reverse("kernel:run", args=[run_id]) if run_id else ""


def _shown(request: Request, kept: Any, form: ColumnsForm) -> dict[str, Any]:
    run = mailboxes.run_of(kept)
    is_own = kept.created_by == request.actor.account_id
    return {
        "mailbox": kept,
        "form": form,
        # Names and phones stand in it: for whoever brought it alone.
        "sample": mailboxes.sample_of(kept, SAMPLE) if is_own else [],
        "run": run,
        "is_mine": run is not None and run.account_id == request.actor.account_id,
        "may_go_on": run is not None and mailboxes.may_go_on(kept, run),
        "check_url": _run_url(kept.check_run_id) if is_own else "",
        "good": kept.found.get("new", 0) + kept.found.get("history", 0),
    }
