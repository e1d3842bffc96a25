"""The desk's pages: the queue that empties, one case with what happened left and what I do right."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.cases import selectors
from linli.cases.forms.actions import FilterForm, RevealForm
from linli.cases.selectors import offers as offering
from linli.cases.selectors import queue as queues
from linli.cases.selectors import reading
from linli.cases.services import bulk, telling
from linli.cases.views import showing
from linli.cases.views.actions import ACTIONS, Action, choices_for
from linli.kernel import clock
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.web import Request
from linli.messages import selectors as messages
from linli.people import selectors as people
from linli.people import services as people_services
from linli.places import selectors as places
from linli.posts import selectors as posts


@require_GET
def queue(request: Request) -> HttpResponse:
    """Show the queue; the address is the whole question."""
    now, question = clock.now(), _question(request)
    page = queues.queue(question, request.actor, now)
    counts = queues.tab_counts(request.actor, question.community_id)
    context = {
        "page": page,
        "rows": showing.dress(page.cases),
        "tabs": showing.tabs(counts, question.tab),
        "strip": queues.strip(request.actor, now, question.community_id),
        "question": question,
        "blank": queues.Question(),
        "marks": showing.MARKS,
        "done": _done(request),
        "empty_text": showing.empty_text(question),
        "may_enter": request.actor.can("cases.enter"),
        "now": now,
        **_choices(request, question),
    }
    return render(request, "cases/desk_queue.html", context)


def _question(request: Request) -> queues.Question:
    form = FilterForm(request.GET)
    sent = form.cleaned_data if form.is_valid() else {}
    kind, _sep, target = (sent.get("to") or "").partition(":")
    tab = sent.get("tab") or "open"
    return queues.Question(
        tab=tab if tab in queues.TABS else "open",
        words=sent.get("q") or "",
        category_id=sent.get("category"),
        community_id=sent.get("community"),
        grid_id=sent.get("grid"),
        source=sent.get("source") or "",
        due=sent.get("due") or "",
        mark=sent.get("mark") or "",
        post_id=_uuid(target) if kind == "post" else None,
        organisation_id=_uuid(target) if kind == "organisation" else None,
        is_mine=(sent.get("to") or "") == "me",
        is_newest_first=(sent.get("order") or "") == "newest",
        after=sent.get("after") or "",
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _choices(request: Request, question: queues.Question) -> dict[str, Any]:
    """Return what the filter lets people choose from; grids only of one community."""
    communities = list(places.communities_of(request.actor.scopes("cases.view")))
    chosen = question.community_id or (communities[0].pk if len(communities) == 1 else None)
    path = next((row.path for row in communities if row.pk == chosen), "")
    may_assign = bool(path) and request.actor.can("cases.dispatch", path)
    return {
        "communities": communities if len(communities) > 1 else [],
        "categories": selectors.active_categories(),
        "grids": places.grids_of(chosen) if chosen else [],
        "sources": selectors.SOURCES,
        "targets": posts.assignable(path, clock.now()) if may_assign else [],
        "may_assign": may_assign,
    }


@require_GET
def case(request: Request, case_id: UUID) -> HttpResponse:
    """Show one case. A form that was refused comes back through `act`."""
    return _case_page(request, case_id)


def _case_page(
    request: Request, case_id: UUID, *, bound: Any = None, opened: str = "", status: int = 200
) -> HttpResponse:
    now = clock.now()
    found = selectors.get_case(case_id, request.actor)
    asked = reading.asked_suspension(found)
    names = offering.offers(found, request.actor, is_suspension_asked=asked is not None)
    choices = choices_for(found, now) if {"assign", "arbitrate", "correct"} & set(names) else {}
    offer = partial(
        _offer,
        request=request,
        found=found,
        choices=choices,
        templates=reading.answer_templates(found),
        bound=bound,
        opened=opened or request.GET.get("act", ""),
    )
    context = {
        "case": showing.dress([found])[0],
        "entries": showing.entries(reading.timeline(found, for_staff=True), _photo_url(found.pk)),
        "actions": _grouped([offer(ACTIONS[name]) for name in names]),
        "report_photos": showing.photos(reading.report_photos(found), _photo_url(found.pk)),
        "asked": asked,
        "asked_text": showing.asked_text(asked),
        "done": _done(request),
        "similar": showing.dress(reading.similar_cases(found)),
        "contact": people.contact_card(found.reporter_id) if found.reporter_id else None,
        "reveal_form": RevealForm(),
        "deliveries": messages.deliveries_of_subject(found.pk),
        "reveal_url": _address(request, found, "contact"),
        "receipt_url": f"/c/{telling.token_of(found)}/receipt/",
        "grid_worker": posts.post_in(
            "grid_worker", area_path=found.area_path, estate_id=found.estate_id
        ),
        "now": now,
    }
    return render(request, f"cases/{_door(request)}_case.html", context, status=status)


def _door(request: Request) -> str:
    return "field" if request.path.startswith("/field/") else "desk"


# So many things stand open on the page; the others are one press away.
_FIRST = 4


def _grouped(offers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the things that may be done: the usual next ones first, the rare ones under "more"."""
    rank = {name: index for index, name in enumerate(ACTIONS)}
    ordered = sorted(
        offers, key=lambda one: (not one["action"].is_primary, rank[one["action"].name])
    )
    more = ordered[_FIRST:]
    return {
        "first": ordered[:_FIRST],
        "more": more,
        "more_open": any(one["is_open"] for one in more),
    }


def _address(request: Request, found: Any, part: str) -> str:
    return f"/{_door(request)}/cases/{found.pk}/{part}/"


def _done(request: Request) -> Any:
    """Return what was just done, in the words of its action."""
    action = ACTIONS.get(request.GET.get("done", ""))
    return action.done if action else ""


def _offer(
    action: Action,
    *,
    request: Request,
    found: Any,
    choices: Any,
    templates: Any,
    bound: Any,
    opened: str,
) -> dict[str, Any]:
    """Return one thing that may be done, with its form; the refused form if it is the one sent."""
    is_open = action.name == opened
    fitting = [row for row in templates if row.kind == _KINDS.get(action.name)]
    initial = {
        "version": found.version,
        "category_id": found.category_id,
        "is_urgent": found.is_urgent,
        "rule": found.category.decline_rule,
        **_reused(request, fitting, action, is_open=is_open),
    }
    form = bound if is_open and bound is not None else None
    if form is None:
        form = action.form(initial=initial, choices=choices, auto_id=f"{action.name}_%s")
    return {
        "action": action,
        "form": form,
        "is_open": is_open,
        "has_fields": len(form.fields) > 1,
        "url": _address(request, found, action.name),
        "templates": fitting,
    }


# Which answer templates serve which action, and which field they fill.
_KINDS = {"answer": "answer", "accept": "answer", "resolve": "result", "decline": "decline"}


def _reused(request: Request, templates: Any, action: Action, *, is_open: bool) -> dict[str, str]:
    used = request.GET.get("use", "") if is_open else ""
    words = next((row.text for row in templates if str(row.pk) == used), "")
    return {("reason" if action.name == "decline" else "text"): words} if words else {}


def _photo_url(case_id: UUID) -> showing.PhotoUrl:
    def url(photo_id: UUID, size: str) -> str:
        return reverse("cases:desk_photo", args=[case_id, photo_id, size])

    return url


@require_POST
def act(request: Request, case_id: UUID, action: str) -> HttpResponse:
    """Do one thing to a case; a form that can't be used comes back with what was typed."""
    chosen = ACTIONS.get(action)
    if chosen is None:
        raise NotFound("没有这个操作。")
    now = clock.now()
    found = selectors.get_case(case_id, request.actor)
    form = chosen.form(
        request.POST, request.FILES, choices=choices_for(found, now), auto_id=f"{action}_%s"
    )
    if not form.is_valid():
        return _case_page(request, case_id, bound=form, opened=action, status=422)
    try:
        chosen.run(case_id=case_id, actor=request.actor, now=now, **form.cleaned_data)
    except BadInput as refusal:
        # What was typed stays on the page, the message stands at its field.
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _case_page(request, case_id, bound=form, opened=action, status=422)
    return HttpResponseRedirect(_back(request, case_id, action))


def _back(request: Request, case_id: UUID, action: str) -> str:
    """Return the case, or the list when it has left the actor's sight."""
    door = _door(request)
    try:
        selectors.get_case(case_id, request.actor)
    except NotFound:
        return reverse("cases:queue" if door == "desk" else "cases:field_list") + f"?done={action}"
    return reverse(f"cases:{door}_case", args=[case_id]) + f"?done={action}"


@require_GET
def photo(request: Request, case_id: UUID, photo_id: UUID, size: str) -> HttpResponse:
    """Answer with a photo of a case that the actor may see."""
    found = selectors.get_case(case_id, request.actor)
    return showing.photo_answer(photo_id, found.pk, size)  # type: ignore[return-value]


@require_POST
def reveal(request: Request, case_id: UUID) -> HttpResponse:
    """Show the reporter's contact once, for a purpose that is kept."""
    found = selectors.get_case(case_id, request.actor)
    form = RevealForm(request.POST)
    if not form.is_valid() or found.reporter_id is None:
        return _case_page(request, case_id, status=422)
    offering_hands = offering.is_in_hands(found, request.actor)
    card = people_services.reveal_contact(
        contact_id=found.reporter_id,
        purpose=form.cleaned_data["purpose"],
        area_path=found.area_path,
        subject_id=found.pk,
        is_allowed=offering_hands,
        actor=request.actor,
        now=clock.now(),
    )
    back = reverse(f"cases:{_door(request)}_case", args=[found.pk])
    return render(
        request, "cases/desk_contact.html", {"case": found, "card": card, "back_url": back}
    )


@require_POST
def assign_many(request: Request) -> HttpResponse:
    """Put the chosen cases into the same hands, and offer to undo it."""
    kind, _sep, target = request.POST.get("target", "").partition(":")
    outcome = bulk.assign_many(
        case_ids=_chosen(request),
        post_id=_uuid(target) if kind == "post" else None,
        organisation_id=_uuid(target) if kind == "organisation" else None,
        actor=request.actor,
        now=clock.now(),
    )
    return render(request, "cases/desk_bulk.html", {"outcome": outcome, "next": _next(request)})


@require_POST
def accept_many(request: Request) -> HttpResponse:
    """Accept the chosen cases, and offer to undo it."""
    outcome = bulk.accept_many(case_ids=_chosen(request), actor=request.actor, now=clock.now())
    return render(request, "cases/desk_bulk.html", {"outcome": outcome, "next": _next(request)})


@require_POST
def undo_many(request: Request, action_id: UUID) -> HttpResponse:
    """Undo one's own bulk action."""
    outcome = bulk.undo_bulk(action_id=action_id, actor=request.actor, now=clock.now())
    return render(
        request,
        "cases/desk_bulk.html",
        {"outcome": outcome, "next": _next(request), "is_undone": True},
    )


def _chosen(request: Request) -> list[UUID]:
    ids = (_uuid(value) for value in request.POST.getlist("case"))
    return [case_id for case_id in ids if case_id is not None]


def _next(request: Request) -> str:
    asked = request.POST.get("next", "")
    return asked if asked.startswith("/desk/cases/") else reverse("cases:queue")
