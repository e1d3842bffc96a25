"""The lead's pages for promises, the numbers of the loop, and words for answers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from linli.cases import selectors
from linli.cases.forms.settings import LevelForm, MovesOpenForm, NumbersForm, TemplateForm
from linli.cases.selectors import catalogue, setup
from linli.cases.services import levels as level_services
from linli.cases.services import wording
from linli.cases.services.levels import LevelSheet
from linli.cases.services.wording import TemplateSheet
from linli.cases.views.categories import FORM, done, go
from linli.kernel import calendar, clock
from linli.kernel.errors import BadInput
from linli.kernel.web import Request


@require_safe
def levels(request: Request) -> HttpResponse:
    """List the promises, each with what it would mean now."""
    now, days = clock.now(), calendar.load()
    lines = setup.level_lines(request.actor)
    for line in lines:
        line.example = level_services.example(_sheet_of(line), now, days)  # type: ignore[attr-defined]
    context = {"lines": lines, "done": done(request), "now": now}
    return render(request, "cases/settings_levels.html", context)


@FORM
def new_level(request: Request) -> HttpResponse:
    """Add a promise."""
    request.actor.require(setup.DUTY)
    form, now = LevelForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sheet = LevelSheet(**form.cleaned_data)
            level_services.create_level(sheet=sheet, actor=request.actor, now=now)
            return go("settings_levels", "saved")
    return _level_page(request, form)


@FORM
def level(request: Request, level_id: UUID) -> HttpResponse:
    """Show and change a promise; open cases follow when asked to."""
    row, now = setup.get_level(level_id, request.actor), clock.now()
    initial = {name: getattr(row, name) for name in LevelForm.base_fields}
    form = LevelForm(request.POST or None, initial=initial)
    moves = MovesOpenForm(request.POST or None)
    if request.method == "POST" and all([form.is_valid(), moves.is_valid()]):
        with form.showing_refusals():
            moves_open = moves.cleaned_data["moves_open"]
            level_services.change_level(
                level_id=level_id,
                sheet=LevelSheet(**form.cleaned_data),
                moves_open=moves_open,
                actor=request.actor,
                now=now,
            )
            return go("settings_levels", "moving" if moves_open else "saved")
    return _level_page(request, form, level=row, moves=moves)


@require_safe
def level_example(request: Request) -> HttpResponse:
    """Answer with what the numbers in the address would promise for a case reported now."""
    request.actor.require(setup.DUTY)
    form = LevelForm(request.GET)
    form.is_valid()
    return render(request, "cases/_level_example.html", _example(form.cleaned_data))


def _level_page(
    request: Request, form: LevelForm, level: Any = None, moves: MovesOpenForm | None = None
) -> HttpResponse:
    sent = form.cleaned_data if form.is_bound else form.initial
    context = {
        "form": form,
        "level": level,
        "moves": moves,
        "open_count": setup.count_open(service_level_id=level.pk) if level else 0,
        **_example(sent),
    }
    status = 422 if form.errors else 200
    return render(request, "cases/settings_level.html", context, status=status)


def _sheet_of(row: Any) -> LevelSheet:
    return LevelSheet(**{name: getattr(row, name) for name in LevelForm.base_fields})


def _example(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the promise of these numbers in words, or nothing while they are incomplete."""
    wanted = ("respond_amount", "respond_unit", "resolve_amount", "resolve_unit")
    try:
        numbers = {name: sent[name] for name in wanted}
        return {"example": level_services.example(LevelSheet(name="", **numbers), clock.now())}
    except (KeyError, BadInput):
        return {"example": None}


@FORM
def numbers(request: Request) -> HttpResponse:
    """Show and set the numbers of the loop."""
    request.actor.require(setup.DUTY)
    kept = catalogue.get_settings()
    initial = {name: getattr(kept, name) for name, _least, _most in level_services.NUMBERS}
    form = NumbersForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            level_services.change_settings(
                numbers=form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("settings_numbers", "saved")
    context = {"form": form, "done": done(request)}
    status = 422 if form.errors else 200
    return render(request, "cases/settings_numbers.html", context, status=status)


@require_safe
def templates(request: Request) -> HttpResponse:
    """List the words for answers, by what they are for."""
    context = {
        "lines": setup.templates(request.actor),
        "kinds": dict(setup.TEMPLATE_KINDS),
        "done": done(request),
    }
    return render(request, "cases/settings_templates.html", context)


@FORM
def template(request: Request, template_id: UUID | None = None) -> HttpResponse:
    """Write a template, or change one."""
    request.actor.require(setup.DUTY)
    row = setup.get_template(template_id, request.actor) if template_id else None
    initial = {name: getattr(row, name) for name in TemplateForm.base_fields} if row else None
    form = TemplateForm(
        request.POST or None, initial=initial, categories=selectors.active_categories()
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            wording.write_template(
                sheet=TemplateSheet(**form.cleaned_data),
                template_id=template_id,
                actor=request.actor,
                now=clock.now(),
            )
            return go("settings_templates", "saved")
    context = {"form": form, "row": row}
    status = 422 if form.errors else 200
    return render(request, "cases/settings_template.html", context, status=status)


@require_POST
def end_template(request: Request, template_id: UUID) -> HttpResponse:
    """Take a template out of use."""
    wording.end_template(template_id=template_id, actor=request.actor, now=clock.now())
    return go("settings_templates", "ended")
