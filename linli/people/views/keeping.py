"""Keeping the register in order at the desk: lists as files, people entered twice, forms from above."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock, runs
from linli.kernel.errors import BadInput
from linli.kernel.web import Request
from linli.people.forms.register import ExportForm, ListColumnsForm, ListForm, MergeForm
from linli.people.rules.import_rows import COLUMNS, label_of
from linli.people.selectors import collecting, duplicates
from linli.people.selectors.finding import REGISTER
from linli.people.services import compiling, exporting, importing, merging
from linli.people.views.register import FORM, registering_in, show, url


@FORM
def imports(request: Request) -> HttpResponse:
    """List the lists so far, and take another one in."""
    request.actor.require(REGISTER)
    form = ListForm(
        request.POST or None, request.FILES or None, communities=registering_in(request)
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            kept = importing.prepare_import(
                community_id=UUID(form.cleaned_data["community"]),
                file_name=form.cleaned_data["file"].name,
                chunks=form.cleaned_data["file"].chunks(),
                actor=request.actor,
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse("people:desk_import", args=[kept.pk]))
    context = {
        "form": form,
        "lists": importing.imports_of(request.actor),
        "export": ExportForm(auto_id="export_%s"),
    }
    return show(request, "register_imports", context, status=422 if form.errors else 200)


@FORM
def import_(request: Request, import_id: UUID) -> HttpResponse:
    """Show a list: what its columns mean, what checking found; and have it checked."""
    kept = importing.get_import(import_id, request.actor)
    form = ListColumnsForm(
        request.POST or None,
        header=kept.header,
        fields=[(name, label_of(name)) for name in COLUMNS],
        columns=kept.columns,
        initial={"makes_homes": kept.makes_homes},
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            run = importing.check_import(
                import_id=import_id,
                columns=form.columns(),
                makes_homes=form.cleaned_data["makes_homes"],
                actor=request.actor,
                now=clock.now(),
                key=str(form.cleaned_data["key"]),
            )
            if importing.is_short(kept):
                run = runs.carry_now(run, clock.now())
            own = reverse("people:desk_import", args=[kept.pk])
            return HttpResponseRedirect(own if run.finished_at else runs.url_of(run))
    run_ = importing.run_of(kept)
    context = {"kept": kept, "form": form, "run": run_, "errors": _errors(kept, request)}
    context["may_go_on"] = run_ is not None and importing.may_go_on(kept, run_)
    return show(request, "register_import", context, status=422 if form.errors else 200)


@require_POST
def import_confirm(request: Request, import_id: UUID) -> HttpResponse:
    run = importing.confirm_import(import_id=import_id, actor=request.actor, now=clock.now())
    if (run.total_count or 0) <= importing.SHORT_ROWS:
        kept = importing.get_import(import_id, request.actor)
        if kept.found.get("rows", 0) <= importing.SHORT_ROWS:
            run = runs.carry_now(run, clock.now())
    mine = run.account_id == request.actor.account_id
    own = reverse("people:desk_import", args=[import_id])
    return HttpResponseRedirect(runs.url_of(run) if mine else own)


@require_POST
def import_discard(request: Request, import_id: UUID) -> HttpResponse:
    importing.discard_import(import_id=import_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("people:desk_imports"))


@require_POST
def export(request: Request) -> HttpResponse:
    sent = _said(ExportForm(request.POST))
    run = exporting.start_export(
        file_format=sent["file_format"],
        purpose=sent["purpose"],
        note=sent["note"],
        actor=request.actor,
        now=clock.now(),
        key=str(sent["key"]),
    )
    return HttpResponseRedirect(runs.url_of(run))


@require_safe
def pairs(request: Request) -> HttpResponse:
    merges = duplicates.recent_merges(request.actor)
    found = {"pairs": duplicates.open_pairs(request.actor), "merges": merges}
    return show(request, "register_pairs", found)


@FORM
def pair(request: Request, pair_id: UUID) -> HttpResponse:
    """Show two records side by side; merge them or keep them apart."""
    found = duplicates.get_pair(pair_id, request.actor)
    if request.method == "POST":
        form = MergeForm(request.POST)
        if form.is_valid():
            return _decide(request, found, form.cleaned_data)
    return show(request, "register_pair", {"pair": found})


@require_POST
def parting(request: Request, merge_id: UUID) -> HttpResponse:
    gone = merging.part_people(merge_id=merge_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(url(request, "person", gone.pk))


@require_safe
def forms(request: Request) -> HttpResponse:
    """Show the forms from above: how often which field is asked, and what compiling saves."""
    request.actor.require(REGISTER)
    saved = collecting.savings(request.actor, clock.now())
    context = {
        "savings": saved,
        "export": ExportForm(),
        "minutes": sum(one.minutes for one in saved),
    }
    return show(request, "register_forms", context)


@require_POST
def form_compile(request: Request, code: str) -> HttpResponse:
    sent = _said(ExportForm(request.POST))
    run = compiling.start_compiling(
        code=code,
        purpose=sent["purpose"],
        note=sent["note"],
        actor=request.actor,
        now=clock.now(),
        key=str(sent["key"]),
    )
    return HttpResponseRedirect(runs.url_of(run))


def _said(form: ExportForm) -> dict[str, Any]:
    """Return what the form says: one that says what is not on it makes no file of something else.

    Errors: BadInput.
    """
    if not form.is_valid():
        field, wrong = next(iter(form.errors.items()))
        raise BadInput(str(wrong[0]), field=field)
    return dict(form.cleaned_data)


def _decide(request: Request, found: Any, sent: dict[str, Any]) -> HttpResponse:
    keep = sent["keep"]
    if keep == "apart":
        merging.keep_apart(duplicate_id=found.id, actor=request.actor, now=clock.now())
        return HttpResponseRedirect(reverse("people:desk_duplicates"))
    kept, gone = (
        (found.first.id, found.second.id) if keep == "first" else (found.second.id, found.first.id)
    )
    looked_at = {found.first.id: sent["first"], found.second.id: sent["second"]}
    merging.merge_people(
        kept_id=kept, gone_id=gone, seen=None if None in looked_at.values() else looked_at,
        actor=request.actor, now=clock.now(),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("people:desk_person", args=[kept]))


def _errors(kept: Any, request: Request) -> list[Any]:
    if not kept.check_run_id or kept.created_by != request.actor.account_id:
        return []
    return list(runs.errors_of(runs.get_run(kept.check_run_id, request.actor))[:50])
