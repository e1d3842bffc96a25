"""The lead's pages for kinds of cases: the list in its order, one category with its questions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.forms.settings import CategoryForm, QuestionForm
from linli.cases.selectors import setup
from linli.cases.services import setup as services
from linli.cases.services.setup import CategorySheet, QuestionSheet
from linli.kernel import clock
from linli.kernel.web import Request

FORM = require_http_methods(["GET", "HEAD", "POST"])
BLANKS, MOST_QUESTIONS = 2, 20
DONE = {
    "saved": gettext_lazy("已保存，新上报的马上按这个来。"),
    "ended": gettext_lazy("已停用，在办的照常办完。"),
    "restored": gettext_lazy("已恢复使用。"),
    "moving": gettext_lazy("已保存，在办工单的期限正在重算，一般几秒内完成。"),
}


def done(request: Request) -> Any:
    """Return what the page says after something was done, from the word in the address."""
    return DONE.get(request.GET.get("done", ""))


def go(name: str, word: str) -> HttpResponseRedirect:
    """Go to a settings page, which says what was done."""
    return HttpResponseRedirect(f"{reverse(f'cases:{name}')}?done={word}")


@require_safe
def categories(request: Request) -> HttpResponse:
    """List the kinds of cases, those in use first, in the order of their tiles."""
    lines = setup.category_lines(request.actor)
    context = {
        "lines": [line for line in lines if line.ended_at is None],
        "ended": [line for line in lines if line.ended_at is not None],
        "done": done(request),
    }
    return render(request, "cases/settings_categories.html", context)


@FORM
def new_category(request: Request) -> HttpResponse:
    """Add a kind of case."""
    request.actor.require(setup.DUTY)
    initial = {"icon": "message-circle", "shown_to_residents": True, "shown_on_board": True}
    form = CategoryForm(request.POST or None, initial=initial)
    rows = _question_forms(request, [])
    if request.method == "POST" and _are_valid(form, rows):
        with form.showing_refusals():
            services.create_category(
                sheet=CategorySheet(**form.cleaned_data),
                questions=_questions(rows),
                actor=request.actor,
                now=clock.now(),
            )
            return go("settings", "saved")
    return _page(request, form, rows)


@FORM
def category(request: Request, category_id: UUID) -> HttpResponse:
    """Show and change a kind of case."""
    row = setup.get_any_category(category_id, request.actor)
    initial = {name: getattr(row, name) for name in CategoryForm.base_fields}
    form = CategoryForm(request.POST or None, initial=initial)
    rows = _question_forms(request, setup.questions_to_edit(category_id))
    if request.method == "POST" and _are_valid(form, rows):
        with form.showing_refusals():
            services.change_category(
                category_id=category_id,
                sheet=CategorySheet(**form.cleaned_data),
                questions=_questions(rows),
                actor=request.actor,
                now=clock.now(),
            )
            return go("settings", "saved")
    return _page(request, form, rows, category=row)


@require_POST
def move_category(request: Request, category_id: UUID) -> HttpResponse:
    """Move a kind of case one place up or down."""
    is_up = request.POST.get("to") == "up"
    services.move_category(
        category_id=category_id, is_up=is_up, actor=request.actor, now=clock.now()
    )
    return HttpResponseRedirect(f"{reverse('cases:settings')}#c{category_id.hex}")


@require_POST
def end_category(request: Request, category_id: UUID) -> HttpResponse:
    """Take a kind of case out of use."""
    services.end_category(category_id=category_id, actor=request.actor, now=clock.now())
    return go("settings", "ended")


@require_POST
def restore_category(request: Request, category_id: UUID) -> HttpResponse:
    """Use a kind of case again."""
    services.restore_category(category_id=category_id, actor=request.actor, now=clock.now())
    return go("settings", "restored")


def _page(
    request: Request, form: CategoryForm, rows: list[QuestionForm], category: Any = None
) -> HttpResponse:
    is_wrong = bool(form.errors) or any(row.errors for row in rows)
    context = {
        "form": form,
        "rows": rows,
        "category": category,
        "open_count": setup.count_open(category_id=category.pk) if category else 0,
    }
    status = 422 if is_wrong else 200
    return render(request, "cases/settings_category.html", context, status=status)


def _question_forms(request: Request, kept: Iterable[Any]) -> list[QuestionForm]:
    """Return a form for each question, and some blank ones; as many as were sent after sending."""
    if request.method == "POST":
        sent = {key.split("-")[0] for key in request.POST if key.endswith("-kind")}
        prefixes = sorted(sent, key=lambda one: (len(one), one))[:MOST_QUESTIONS]
        return [QuestionForm(request.POST, prefix=prefix) for prefix in prefixes]
    shown = [_initial(row, number) for number, row in enumerate(kept, 1)]
    shown += [{"order": len(shown) + n + 1} for n in range(BLANKS)]
    return [QuestionForm(prefix=f"q{n}", initial=one) for n, one in enumerate(shown)]


def _initial(row: Any, number: int) -> dict[str, Any]:
    return {
        "code": row.code,
        "text": row.text,
        "kind": row.kind,
        "choices": "\n".join(row.choices),
        "is_required": row.is_required,
        "order": number,
    }


def _are_valid(form: CategoryForm, rows: list[QuestionForm]) -> bool:
    # Every form is looked at, so that all mistakes show at once.
    return all([form.is_valid(), *(row.is_valid() for row in rows)])


def _questions(rows: list[QuestionForm]) -> list[QuestionSheet]:
    sent = [row.cleaned_data for row in rows if row.cleaned_data["text"].strip()]
    sent.sort(key=lambda one: one["order"] or 99)
    return [
        QuestionSheet(**{name: value for name, value in one.items() if name != "order"})
        for one in sent
    ]
