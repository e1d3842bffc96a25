"""Group chats: paste a stretch, tick what becomes a case, look at the original with names masked."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors
from linli.cases.forms.chats import ChatForm, MatterForm
from linli.cases.selectors import chats as asked
from linli.cases.services import chats
from linli.cases.views.register import communities
from linli.kernel import clock, runs
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import selectors as places

FORM = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 20
MESSAGES_SHOWN = 3000


@FORM
def chat_list(request: Request) -> HttpResponse:
    """Paste another stretch; below it those so far."""
    request.actor.require(asked.DUTY)
    found = communities(request)
    if not found:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    form = ChatForm(request.POST or None, communities=found, estates=_estates(found))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            paste, run = chats.paste_chat(
                community_id=sent["community"], group_name=sent["group_name"], text=sent["text"],
                estate_id=sent["estate_id"], actor=request.actor, now=clock.now(),
                key=str(sent["key"]),
            )  # fmt: skip
            if chats.is_short(paste):
                runs.carry_now(run, clock.now())
            return HttpResponseRedirect(reverse("cases:chat", args=[paste.pk]))
    context = {"form": form, "chats": asked.chats_of(request.actor)[:SHOWN]}
    status = 422 if form.errors else 200
    return render(request, "cases/desk_chats.html", context, status=status)


def _estates(found: list[Any]) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for area in found for one in places.estates_of(area.pk)]


@FORM
def chat(request: Request, chat_id: UUID) -> HttpResponse:
    """Show what was found in a chat, and take what was ticked."""
    paste = asked.get_chat(chat_id, request.actor)
    rows = asked.matters_of(paste)
    lines = _lines(request, paste, rows)
    taken = None
    if request.method == "POST" and all(line["form"].is_valid() for line in lines if line["form"]):
        picks = [
            chats.Pick(**pick)
            for line in lines
            if line["form"] and (pick := line["form"].pick(line["matter"].pk))
        ]
        taken = chats.take_matters(
            chat_id=paste.pk, picks=picks, actor=request.actor, now=clock.now()
        )
        paste = asked.get_chat(chat_id, request.actor)
        lines = _lines(request, paste, asked.matters_of(paste), is_fresh=not taken.refused)
    context = {
        "chat": paste,
        "lines": lines,
        "taken": taken,
        "open_count": sum(line["form"] is not None for line in lines),
        "run_url": reverse("kernel:run", args=[paste.run_id]) if paste.run_id else "",
    }
    is_wrong = taken is None and any(line["form"] and line["form"].errors for line in lines)
    return render(request, "cases/desk_chat.html", context, status=422 if is_wrong else 200)


def _lines(
    request: Request, paste: Any, rows: list[Any], *, is_fresh: bool = False
) -> list[dict[str, Any]]:
    """Return matters as the page shows them; those that became something have no form any more."""
    categories = [(str(one.pk), one.name) for one in selectors.active_categories()]
    buildings = _buildings(paste.community_id)
    data = None if is_fresh or request.method != "POST" else request.POST
    seen = asked.cases_seen(rows, request.actor)
    return [
        {
            "matter": row,
            "case": row.case if row.case_id in seen else None,
            "likely": row.likely if row.likely_id in seen else None,
            "names": asked.masked_names(row),
            "form": None
            if row.case_id
            else MatterForm(
                data,
                prefix=f"m{row.order}",
                initial={
                    "what": "same" if row.likely_id in seen and row.likeness >= 45 else "no",
                    "category_id": str(row.category_id or ""),
                    "building_id": str(row.building_id or ""),
                    "text": row.text,
                },
                categories=categories,
                buildings=buildings,
                has_likely=row.likely_id in seen,
            ),
        }
        for row in rows
    ]


def _buildings(community_id: UUID) -> list[tuple[str, str]]:
    rows = places.buildings_of(community_id).select_related("estate")
    return [
        (str(one.pk), f"{one.estate.name} {one.name}" if one.estate else one.name) for one in rows
    ]


@require_safe
def original(request: Request, chat_id: UUID) -> HttpResponse:
    """Show the original as evidence, names and numbers masked; one matter's messages stand out."""
    paste = asked.get_chat(chat_id, request.actor)
    said = request.GET.get("matter", "")
    rows = [row for row in asked.matters_of(paste) if str(row.order) == said]
    meant = rows[0].lines if rows else []
    shown = asked.original_of(paste, meant)
    if meant:
        first, last = min(meant) - 5, max(meant) + 5
        shown = [one for one in shown if first <= one.number <= last]
    context = {
        "chat": paste,
        "messages": shown[:MESSAGES_SHOWN],
        "matter": rows[0] if rows else None,
    }
    return render(request, "cases/desk_chat_original.html", context)


@require_POST
def discard(request: Request, chat_id: UUID) -> HttpResponse:
    """Throw a paste away."""
    chats.discard_chat(chat_id=chat_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("cases:chats"))
