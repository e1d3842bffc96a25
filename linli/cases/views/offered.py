"""What may be done to a case, as its page offers it: the forms in order, refused ones as typed."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.selectors import offers as offering
from linli.cases.selectors import reading
from linli.cases.views.actions import ACTIONS, Action
from linli.cases.views.choices import choices_for
from linli.kernel import web
from linli.kernel.ids import new_id
from linli.kernel.memory import SECONDS, Remembered
from linli.kernel.web import Request

# What lets people choose from posts, categories or buildings; reading those costs some queries.
CHOOSING = {"assign", "arbitrate", "correct", "refer"}
# Which answer templates serve which action.
_KINDS = {"answer": "answer", "accept": "answer", "resolve": "result", "decline": "decline"}
# So many things stand open on the page; the others are one press away.
_FIRST = 4
# Where one comes to a case from, and what the way back is called.
_WAYS = (
    ("/field/cases/", gettext_lazy("网格")),  # the list alone: a case leads back past itself
    ("/field/patrols/", gettext_lazy("巡查")),
    ("/field/campaigns/", gettext_lazy("整治")),
    ("/field/people/", gettext_lazy("住户")),
    ("/field/notices/", gettext_lazy("消息")),
)
# What is next at the desk, by state. Of what others have in hand nothing waits for it.
_AT_THE_DESK = {
    "reported": ("accept",),
    "accepted": ("decide", "decide-extension", "arbitrate", "assign"),
    "assigned": ("decide", "decide-extension", "take"),
    "in_hand": ("decide", "decide-extension", "resolve"),
    "suspended": ("resume",),
    **dict.fromkeys(("resolved", "closed", "declined"), ("decide-exclusion",)),
}
# What comes first in the field: a hand that is on the spot takes, tells, resolves.
_IN_THE_FIELD = ("take", "resume", "progress", "resolve", "return", "suspend")


def actions(
    request: Request, found: Any, names: list[str], *, refused: Any, opened: str
) -> SafeString:
    """Draw the things that may be done: the next one stands out, the rare ones are under "more"."""
    opened = opened or request.GET.get("act", "")
    templates = tuple(reading.answer_templates(found))
    door_name, token = door(request), get_token(request)
    next_one = _next(found, names, request)
    ordered = tuple(_in_order(names, door_name, next_one))
    if opened in names:
        used = request.GET.get("use", "")
        page = _Page(door_name, templates, refused=refused, opened=opened, used=used)
        return _draw(found, page, ordered, token)
    place = _Ground(
        found.area_path,
        found.category_id,
        found.category.decline_rule,
        found.category.needs_result_photo,
    )
    closed = _closed(ordered, place, _Page(door_name, templates, next_one))
    for blank, value in ((_ID, found.pk), (_VERSION, found.version), (_TOKEN, token)):
        closed = closed.replace(blank, str(value))
    return SafeString(closed)


@dataclass(frozen=True, slots=True)
class _Page:
    """What the forms of a page are drawn with: where, which words are at hand, which one is next, and
    which one is open: then its own button stands out.
    """

    door: str
    templates: tuple[reading.Template, ...]
    next_one: str = ""
    refused: Any = None
    opened: str = ""
    used: str = ""


# What stands in closed forms where one case differs from the next; nobody can guess it to write it.
_ID, _VERSION, _TOKEN = (f"blank-{new_id().hex}-{name}" for name in ("id", "version", "token"))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What of a case its closed forms depend on; it stands in for the case while they are drawn."""

    area_path: str
    category_id: UUID
    decline_rule: str
    needs_result_photo: bool
    pk: str = _ID
    version: str = _VERSION
    place_label: str = ""
    is_urgent: bool = False

    @property
    def category(self) -> "_Ground":
        return self


def _draw_closed(names: tuple[str, ...], ground: _Ground, page: _Page) -> str:
    """Draw closed forms with blanks for the case: a dozen forms cost more than the rest of the page,
    and differ from case to case in nothing else.
    """
    return _draw(ground, page, names, _TOKEN)


_closed = Remembered(_draw_closed, SECONDS, most=300)


def _draw(found: Any, page: _Page, names: tuple[str, ...], token: str) -> SafeString:
    choices = (
        choices_for(found, with_buildings=page.opened == "correct") if CHOOSING & set(names) else {}
    )
    ordered = [_offer(ACTIONS[name], found, page, choices) for name in names]
    more = ordered[_FIRST:]
    context = {
        "first": ordered[:_FIRST],
        "more": more,
        "more_open": any(one["is_open"] for one in more),
        "case": found,
        "door": page.door,
        "csrf_token": token,
    }
    return SafeString(get_template("cases/_actions.html").render(context))


def _next(found: Any, names: list[str], request: Request) -> str:
    """Return the next thing to do, or "" where nothing waits for whoever looks."""
    if door(request) == "field":
        ordered = _in_order(names, "field", "")
        return next((name for name in ordered if ACTIONS[name].is_primary), "")
    is_mine = offering.is_in_hands(found, request.actor)
    steps = _AT_THE_DESK.get(found.state, ())
    return next((one for one in steps if one in names and (is_mine or one != "resolve")), "")


def _in_order(names: list[str], door: str, next_one: str) -> list[str]:
    rank = {name: index for index, name in enumerate(ACTIONS)}
    if door == "field":
        first = {name: index for index, name in enumerate(_IN_THE_FIELD)}
        return sorted(names, key=lambda name: (first.get(name, len(first)), rank[name]))

    def place(name: str) -> tuple[bool, bool, int]:
        return name != next_one, not ACTIONS[name].is_primary, rank[name]

    return sorted(names, key=place)


def _offer(action: Action, found: Any, page: _Page, choices: Any) -> dict[str, Any]:
    """Return one thing that may be done, with its form; the refused form if it is the one sent."""
    is_open = action.name == page.opened
    fitting = [row for row in page.templates if row.kind == _KINDS.get(action.name)]
    if is_open and page.refused is not None:
        form = page.refused.seen_again(found.version)
    else:
        initial = {
            "version": found.version,
            "category_id": found.category_id,
            "is_urgent": found.is_urgent,
            "rule": found.category.decline_rule,
            **(_reused(page.used, fitting, action) if is_open else {}),
        }
        form = action.form(
            initial=initial,
            choices=choices,
            auto_id=f"{action.name}_%s",
            camera=page.door == "field",
        )
    if action.name == "resolve" and found.category.needs_result_photo:
        form.fields["after"].help_text = _("这一类要有处理后的照片才能办结，传过就不用再传。")
    return {
        "action": action,
        "form": form,
        "is_open": is_open,
        "is_primary": action.name == page.next_one,
        "is_link": action.is_apart and not is_open,
        "has_fields": len(form.fields) > 1 or bool(form.errors),
        "url": f"/{page.door}/cases/{found.pk}/{action.name}/",
        "templates": fitting,
    }


def _reused(used: str, templates: Any, action: Action) -> dict[str, str]:
    words = next((row.text for row in templates if str(row.id) == used), "")
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


def way_back(request: Request) -> dict[str, Any]:
    """Return the page of the field that somebody came from, with its filter; else today's list."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host():
        for path, label in _WAYS:
            is_part = path != "/field/cases/" and came.path.startswith(path)
            if is_part or came.path == path:
                query = f"?{came.query}" if came.query else ""
                return {"url": f"{came.path}{query}", "label": label}
    return {"url": "/field/", "label": _("今天")}


def address(request: Request, case_id: UUID, part: str) -> str:
    """Return where a part of a case's page is, at the door where one is."""
    return f"/{door(request)}/cases/{case_id}/{part}/"
