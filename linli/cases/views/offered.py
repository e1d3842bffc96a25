"""What may be done to a case, as its page offers it: the forms in order, refused ones as typed."""

from functools import partial
from typing import Any
from uuid import UUID

from linli.cases.selectors import reading
from linli.cases.views.actions import ACTIONS, Action
from linli.cases.views.choices import choices_for
from linli.kernel import web
from linli.kernel.web import Request

# What lets people choose from posts, categories or buildings; reading those costs some queries.
CHOOSING = {"assign", "arbitrate", "correct"}
# Which answer templates serve which action.
_KINDS = {"answer": "answer", "accept": "answer", "resolve": "result", "decline": "decline"}
# So many things stand open on the page; the others are one press away.
_FIRST = 4
# What comes first in the field: a hand that is on the spot takes, tells, resolves.
_IN_THE_FIELD = ("take", "resume", "progress", "resolve", "return", "suspend")


def actions(
    request: Request, found: Any, names: list[str], *, refused: Any, opened: str
) -> dict[str, Any]:
    """Return the things that may be done: the usual next ones first, the rare ones under "more"."""
    opened = opened or request.GET.get("act", "")
    offer = partial(
        _offer,
        request=request,
        found=found,
        choices=choices_for(found, with_buildings=opened == "correct")
        if CHOOSING & set(names)
        else {},
        templates=reading.answer_templates(found),
        refused=refused,
        opened=opened,
    )
    ordered = [offer(ACTIONS[name]) for name in _in_order(names, door(request))]
    if door(request) == "field":
        # On a phone one button stands out: the next thing to do.
        for other in [one for one in ordered if one["is_primary"]][1:]:
            other["is_primary"] = False
    more = ordered[_FIRST:]
    return {
        "first": ordered[:_FIRST],
        "more": more,
        "more_open": any(one["is_open"] for one in more),
    }


def _in_order(names: list[str], door: str) -> list[str]:
    rank = {name: index for index, name in enumerate(ACTIONS)}
    if door == "field":
        first = {name: index for index, name in enumerate(_IN_THE_FIELD)}
        return sorted(names, key=lambda name: (first.get(name, len(first)), rank[name]))
    return sorted(names, key=lambda name: (not ACTIONS[name].is_primary, rank[name]))


def _offer(
    action: Action,
    *,
    request: Request,
    found: Any,
    choices: Any,
    templates: Any,
    refused: Any,
    opened: str,
) -> dict[str, Any]:
    """Return one thing that may be done, with its form; the refused form if it is the one sent."""
    is_open = action.name == opened
    fitting = [row for row in templates if row.kind == _KINDS.get(action.name)]
    if is_open and refused is not None:
        form = refused.seen_again(found.version)
    else:
        initial = {
            "version": found.version,
            "category_id": found.category_id,
            "is_urgent": found.is_urgent,
            "rule": found.category.decline_rule,
            **_reused(request, fitting, action, is_open=is_open),
        }
        form = action.form(
            initial=initial,
            choices=choices,
            auto_id=f"{action.name}_%s",
            camera=door(request) == "field",
        )
    return {
        "action": action,
        "form": form,
        "is_open": is_open,
        "is_primary": action.is_primary,
        "is_link": action.is_apart and not is_open,
        "has_fields": len(form.fields) > 1 or bool(form.errors),
        "url": address(request, found.pk, action.name),
        "templates": fitting,
    }


def _reused(request: Request, templates: Any, action: Action, *, is_open: bool) -> dict[str, str]:
    used = request.GET.get("use", "") if is_open else ""
    words = next((row.text for row in templates if str(row.pk) == used), "")
    return {("reason" if action.name == "decline" else "text"): words} if words else {}


def lost(refused: Any, opened: str, names: list[str]) -> dict[str, Any] | None:
    """Return a refused form whose action is not offered any more, so that no word gets lost."""
    if refused is None or opened in names:
        return None
    return {
        "label": ACTIONS[opened].label,
        "errors": [message for _id, message in refused.error_summary()],
        "words": refused.words(),
    }


def door(request: Request) -> str:
    """Return through which door the case is looked at: desk or field."""
    return "field" if web.door_of(request.path) == "field" else "desk"


def address(request: Request, case_id: UUID, part: str) -> str:
    """Return where a part of a case's page is, at the door where one is."""
    return f"/{door(request)}/cases/{case_id}/{part}/"
