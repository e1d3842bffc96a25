"""What we keep about somebody: for the resident, and at the desk for who asks there."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.kernel.web import Request
from linli.people import selectors
from linli.people.forms.privacy import ConsentForm, CopyForm, RetentionForm
from linli.people.selectors import privacy as found
from linli.people.services import consents, copying, retention


@require_safe
def privacy(request: Request) -> HttpResponse:
    """Show what one agreed to, who looked, and the way to one's copy."""
    owner = found.own(request.actor)
    context = {
        "consents": found.consent_lines(owner),
        "looks": found.looks(owner),
        "is_linked": owner.person_id is not None,
        "done": request.GET.get("done", ""),
    }
    return render(request, "people/privacy.html", context)


@require_safe
def own_data(request: Request) -> HttpResponse:
    """Show everything that is kept, on a page that can be read and printed."""
    sections = copying.own_sections(request.actor)
    response = render(request, "people/own_data.html", {"sections": sections})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def consent(request: Request, purpose: str) -> HttpResponse:
    """Agree to a purpose, or take it back."""
    is_given = request.POST.get("answer") == "yes"
    change = consents.give_consent if is_given else consents.withdraw_consent
    change(purpose=purpose, actor=request.actor, now=clock.now())
    done = "given" if is_given else "withdrawn"
    return HttpResponseRedirect(f"{reverse('people:privacy')}?done={done}")


@require_POST
def own_copy(request: Request) -> HttpResponse:
    made = copying.take_copy(
        file_format=request.POST.get("file_format", ""), actor=request.actor, now=clock.now()
    )
    return _file(made)


@require_safe
def person_privacy(request: Request, person_id: UUID) -> HttpResponse:
    return _show(request, person_id)


@require_POST
def person_consent(request: Request, person_id: UUID) -> HttpResponse:
    form = ConsentForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            is_given = request.POST.get("answer") != "no"
            change = consents.give_consent if is_given else consents.withdraw_consent
            change(**form.cleaned_data, person_id=person_id, actor=request.actor, now=clock.now())
            return _back(person_id)
    return _show(request, person_id, consent=form)


@require_POST
def person_copy(request: Request, person_id: UUID) -> HttpResponse:
    found.owner_of_person(person_id, request.actor)
    form = CopyForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            made = copying.take_copy(
                **form.cleaned_data, person_id=person_id, actor=request.actor, now=clock.now()
            )
            return _file(made)
    return _show(request, person_id, copy=form)


@require_POST
def person_link(request: Request, person_id: UUID) -> HttpResponse:
    change = consents.unlink_account if "end" in request.POST else consents.link_account
    change(
        person_id=person_id,
        account_id=_id(request, person_id),
        actor=request.actor,
        now=clock.now(),
    )
    return _back(person_id)


@require_safe
def retention_rules(request: Request) -> HttpResponse:
    return _show_rules(request)


@require_POST
def retention_rule(request: Request, kind: str) -> HttpResponse:
    request.actor.require("people.manage")
    form = RetentionForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            retention.set_retention(
                kind=kind, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return HttpResponseRedirect(reverse("people:retention"))
    return _show_rules(request, kind, form)


def _show(request: Request, person_id: UUID, **bound: object) -> HttpResponse:
    owner = found.owner_of_person(person_id, request.actor)
    linked = owner.account_id
    person = selectors.get_person(person_id, request.actor)
    may_copy = all(request.actor.can(one, person.area_path) for one in copying.NEEDED)
    context = {
        "person": person,
        "consents": found.consent_lines(owner),
        "looks": found.looks(owner),
        "linked_id": linked,
        "linkable": [] if linked else found.linkable(person_id, request.actor),
        "consent": ConsentForm(auto_id="consent_%s"),
        "copy": CopyForm(auto_id="copy_%s"),
        "may_copy": may_copy,
        **bound,
    }
    return render(request, "people/person_privacy.html", context, status=422 if bound else 200)


def _show_rules(
    request: Request, kind: str = "", bound: RetentionForm | None = None
) -> HttpResponse:
    request.actor.require("people.manage")
    rows, known = retention.rules_by_kind(), retention.kinds()
    lines = [
        {
            "kind": one,
            "rule": rows[code],
            "form": bound if bound and code == kind else _rule_form(code, rows[code]),
        }
        for code, one in known.items()
    ]
    context = {"lines": lines}
    return render(request, "people/retention.html", context, status=422 if bound else 200)


def _rule_form(code: str, row: object) -> RetentionForm:
    initial = {name: getattr(row, name) for name in ("months", "action", "is_active")}
    return RetentionForm(initial=initial, auto_id=f"{code.replace('.', '_')}_%s")


def _id(request: Request, person_id: UUID) -> UUID:
    found.owner_of_person(person_id, request.actor)
    try:
        return UUID(request.POST.get("account", ""))
    except ValueError:
        raise BadInput(_("选一个账号。"), field="account") from None


def _file(made: copying.Copy) -> HttpResponse:
    response = HttpResponse(made.content, content_type=made.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _back(person_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("people:person_privacy", args=[person_id]))
