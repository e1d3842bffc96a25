"""The desk's queue, which empties: by promise, with filters in its address, many cases at once."""

from collections.abc import Container
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.cases import selectors
from linli.cases.selectors import counts, filters
from linli.cases.selectors import queue as queues
from linli.cases.selectors.conditions import DUES, TABS, Question
from linli.cases.selectors.filters import own_query
from linli.cases.services import bulk
from linli.cases.views import queue_table, showing
from linli.cases.views.case import done_words
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.memory import remember
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.posts import selectors as posts

MOST_TYPED = 80


@require_GET
def queue(request: Request) -> HttpResponse:
    """Show the queue; the address is the whole question."""
    now, question = clock.now(), asked_question(request)
    page = queues.queue(question, request.actor, now)
    choices = _choices(request, question)
    in_tabs = counts.tab_counts(request.actor, question.community_id)
    context = {
        "page": page,
        "rows": page.cases,
        "tabs": showing.tabs(in_tabs, question.tab, request.GET),
        "strip": _strip(request.actor, question.community_id, tuple(in_tabs.values())),
        "question": question,
        "blank": Question(),
        "marks": showing.MARKS,
        "done": done_words(request),
        "empty_text": showing.empty_text(question, page.looked),
        "may_enter": request.actor.can("cases.enter"),
        "saved": filters.saved_filters(request.actor),
        "own_query": own_query(request.GET.urlencode()) if request.GET else "",
        "now": now,
        **choices,
        "table": queue_table.draw(page.cases, now, may_pick=choices["may_assign"]),
    }
    return render(request, "cases/desk_queue.html", context)


def asked_question(request: Request) -> Question:
    """Return the question that an address of the queue asks.

    Read by hand, field by field: an address that was cut off somewhere still says the rest, and
    a form with its eleven fields costs every look at the queue half a millisecond.
    """
    said = {name: str(value).strip()[:MOST_TYPED] for name, value in request.GET.items()}
    kind, _sep, target = said.get("to", "").partition(":")
    tab = said.get("tab", "")
    if said.get("mark") == "review":
        tab = "declined"  # where alone something waits for another look
    return Question(
        tab=tab if tab in TABS else "open",
        words=said.get("q", ""),
        category_id=_uuid(said.get("category", "")),
        community_id=_uuid(said.get("community", "")),
        grid_id=_uuid(said.get("grid", "")),
        source=_known(said.get("source", ""), showing.SOURCE_WORDS),
        due=_known(said.get("due", ""), DUES),
        mark=_known(said.get("mark", ""), dict(showing.MARKS)),
        post_id=_uuid(target) if kind == "post" else None,
        organisation_id=_uuid(target) if kind == "organisation" else None,
        is_mine=said.get("to") == "me",
        is_newest_first=said.get("order") == "newest",
        after=said.get("after", ""),
    )


def _known(word: str, words: Container[str]) -> str:
    return word if word in words else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _choices(request: Request, question: Question) -> dict[str, Any]:
    """Return what the filter lets people choose from; grids only of one community."""
    scopes = request.actor.scopes("cases.view")
    communities = _communities(scopes)
    chosen = question.community_id or (communities[0].pk if len(communities) == 1 else None)
    path = next((row.path for row in communities if row.pk == chosen), "")
    may_assign = bool(path) and request.actor.can("cases.dispatch", path)
    return {
        "communities": communities if len(communities) > 1 else [],
        "categories": selectors.active_categories(),
        "grids": _grids(chosen) if chosen else (),
        "sources": selectors.SOURCES,
        "targets": _targets(path) if may_assign else (),
        "may_assign": may_assign,
        "may_assign_at": path,
        # All that the choices depend on, for what is drawn once and kept for a while.
        "filter_key": f"{scopes} {path} {may_assign}",
    }


# What the filter offers changes with posts and areas, not with every look at the queue.


@remember
def _strip(actor: Actor, community_id: UUID | None, _tabs: tuple[int, ...]) -> dict[str, int]:
    """Count what presses again when a tab's count has moved, or after some seconds: with a hundred
    thousand running promises it is half of what the queue costs.
    """
    return counts.strip(actor, clock.now(), community_id)


@remember
def _communities(scopes: tuple[str, ...]) -> list[Any]:
    return list(places.communities_of(scopes))


@remember
def _grids(community_id: UUID) -> list[Any]:
    return list(places.grids_of(community_id))


@remember
def _targets(path: str) -> list[posts.AssignableGroup]:
    return posts.assignable(path, clock.now(), duties=posts.TAKES_CASES)


@require_POST
def assign_many(request: Request) -> HttpResponse:
    """Put the chosen cases into the same hands, and offer to undo it."""
    kind, _sep, target = request.POST.get("target", "").partition(":")
    post_id = _uuid(target) if kind == "post" else None
    organisation_id = _uuid(target) if kind == "organisation" else None
    outcome = bulk.assign_many(
        case_ids=_chosen(request),
        post_id=post_id,
        organisation_id=organisation_id,
        actor=request.actor,
        now=clock.now(),
    )
    names = posts.post_names([post_id]) if post_id else {}
    if organisation_id:
        names = posts.organisation_names([organisation_id])
    context = {"outcome": outcome, "next": _next(request), "hands": "".join(names.values())}
    return render(request, "cases/desk_bulk.html", context)


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
