"""Proposals of root-cause cases: opened by the desk, or not, with the reason."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors as cases
from linli.kernel import clock
from linli.kernel.web import Request
from linli.patrols.forms import DismissForm, RootForm
from linli.patrols.selectors import access
from linli.patrols.selectors.roots import roots_of
from linli.patrols.services import roots as services
from linli.patrols.views.showing import done_words, go
from linli.places.selectors.facilities import faults_of


@require_safe
def index(request: Request) -> HttpResponse:
    """Show what waits to be decided, or what was."""
    request.actor.require(access.MANAGE)
    is_open = request.GET.get("decided") != "1"
    rows = roots_of(request.actor, is_open=is_open)
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "is_open": is_open,
        "done": done_words(request),
        "now": clock.now(),
    }
    return render(request, "patrols/roots.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def root(request: Request, root_id: UUID) -> HttpResponse:
    """Show a proposal with its faults, and open the case."""
    found = access.get_root(root_id, request.actor)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.open_root(
                root_id=root_id, category_id=form.cleaned_data["category"],
                text=form.cleaned_data["text"], actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("root", root_id, done="opened")
    return _page(request, found, form, DismissForm())


@require_POST
def dismiss(request: Request, root_id: UUID) -> HttpResponse:
    """Say why none is opened."""
    found, form = access.get_root(root_id, request.actor), DismissForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.dismiss_root(
                root_id=root_id, reason=form.cleaned_data["reason"], actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return go("roots", done="dismissed")
    return _page(request, found, _form(request, found, is_new=True), form)


def _page(request: Request, found: object, form: RootForm, dismissal: DismissForm) -> HttpResponse:
    context = {
        "root": found,
        "faults": faults_of(found.facility_id),  # type: ignore[attr-defined]
        "form": form,
        "dismissal": dismissal,
        "done": done_words(request),
        "now": clock.now(),
    }
    status = 422 if form.errors or dismissal.errors else 200
    return render(request, "patrols/root.html", context, status=status)


def _form(request: Request, found: object, *, is_new: bool = False) -> RootForm:
    rows = [one for one in cases.active_categories() if not one.is_confidential]
    code = found.facility.kind.category_code  # type: ignore[attr-defined]
    usual = next((str(one.pk) for one in rows if one.code == code), "")
    return RootForm(
        request.POST if request.method == "POST" and not is_new else None,
        categories=[(str(one.pk), one.name) for one in rows],
        initial={"category": usual, "text": services.words_of(found)},  # type: ignore[arg-type]
    )
