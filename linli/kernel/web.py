"""What pages share at the edge: doors and their rails, who calls from where, where to go next."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from linli.kernel.actor import Actor, ActorKind

# Pages take their forms from here too: one import for an edge.
from linli.kernel.forms import (
    FaceSelect,
    Form,
    IdempotentForm,
    PhotoInput,
    PhotosField,
    TileSelect,
    clean_text,
)

__all__ = [
    "SIZES", "SIZE_COOKIE", "FaceSelect", "Form", "IdempotentForm", "NavItem", "PhotoInput",
    "PhotosField", "Request", "TileSelect", "absolute_url", "clean_text", "client_address",
    "door_of", "is_htmx", "nav_for", "public", "register_nav", "safe_next", "type_size",
]  # fmt: skip

# Type sizes (ui.md, 2.3) and the class each puts on <html>.
SIZES = {"standard": "", "large": "elder", "larger": "elder elder--2"}
SIZE_COOKIE = "size"

View = TypeVar("View", bound=Callable[..., Any])


class Request(HttpRequest):
    """A request as it reaches a view: the actor and the tenant are known."""

    actor: Actor
    tenant: Any
    community: Any
    request_id: str


def public(view: View) -> View:
    """Mark a view that needs no sign-in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


# Doors and rails


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of a door's rail. `duty` empty: for everybody who is signed in at this door."""

    label: Any  # a lazy translation
    url_name: str
    icon: str
    duty: str = ""
    order: int = 100
    group: Any = ""  # a heading over the item and the following ones of the same group
    main: bool = False  # the round one in the middle of the field's tab bar
    # The address of the entry whose tab this one is; it stands by itself where that one isn't shown.
    under: str = ""
    tab: Any = ""  # its name among the tabs, where that is not the label
    # A cheap number beside the label (one look into an index), when the view gave none.
    count: Callable[[Actor], int] | None = None


_rails: dict[str, list[NavItem]] = {}
_addresses: dict[str, tuple[tuple[NavItem, ...], list[tuple[NavItem, str]]]] = {}


def register_nav(door: str, item: NavItem) -> None:
    """Put an item on the rail of a door ("desk" or "field"); a room does so in its `urls.py`."""
    rail = _rails.setdefault(door, [])
    if all(known.url_name != item.url_name for known in rail):
        rail.append(item)
        rail.sort(key=lambda one: one.order)


def nav_for(
    door: str, actor: Actor | None, path: str, counts: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the rail of the door as this actor sees it, the entry of the current page marked.

    Shape: dicts with label, url, icon, group, main, count, current, tab, tabs; `current` marks
    at most one. `tabs` are the entries that stand under it, itself first; none where it is alone.
    """
    if actor is None:
        return []
    held = {grant.duty for grant in actor.grants if grant.organisation_id is None}
    is_system = actor.kind is ActorKind.SYSTEM
    shown = [
        (item, url)
        for item, url in _addressed(door)
        if not item.duty or is_system or item.duty in held
    ]
    entries: dict[str, dict[str, Any]] = {
        item.url_name: {
            "label": item.label, "url": url, "icon": item.icon, "group": item.group,
            "main": item.main, "count": _count(item, actor, counts), "current": False,
            "tab": item.tab or item.label, "tabs": [],
        }
        for item, url in shown
    }  # fmt: skip
    here = _here(door, path, set(entries))
    if here:
        entries[here]["current"] = True
    for item, _url in shown:
        if item.under in entries:
            _put_under(entries, item)
    return list(entries.values())


def _here(door: str, path: str, shown: set[str]) -> str:
    """Return the entry of a page; of a tab that is not shown, the one it stands under; "" for none."""
    held = [
        (len(url), item.url_name, item.under)
        for item, url in _addressed(door)
        if path.startswith(url)
    ]
    for _length, name, under in sorted(held, reverse=True):
        for one in (name, under):
            if one in shown:
                return one
    return ""


def _put_under(entries: dict[str, dict[str, Any]], item: NavItem) -> None:
    """Make an entry a tab of another: its number counts there, its page marks that one."""
    head, own = entries[item.under], entries.pop(item.url_name)
    if not head["tabs"]:
        head["tabs"] = [{**head}]
    head["tabs"].append(own)
    head["count"] += own["count"]
    head["current"] = head["current"] or own["current"]


def _addressed(door: str) -> list[tuple[NavItem, str]]:
    """Return a rail's items with their addresses, looked up again when the rail has changed."""
    rail = tuple(_rails.get(door, ()))
    kept = _addresses.get(door)
    if kept is None or kept[0] != rail:
        kept = _addresses[door] = (rail, [(item, url) for item in rail if (url := _address(item))])
    return kept[1]


def _address(item: NavItem) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _count(item: NavItem, actor: Actor, counts: Mapping[str, int]) -> int:
    if item.count is None or item.url_name in counts:
        return counts.get(item.url_name, 0)
    return item.count(actor)


def door_of(path: str) -> str:
    """Return whose door a path belongs to: desk, field, api or resident."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    if first in ("desk", "field"):
        return first
    return "api" if first in ("api", "open311") else "resident"


# What the request tells


def type_size(request: HttpRequest) -> str:
    """Return the chosen type size: standard, large or larger."""
    size = request.COOKIES.get(SIZE_COOKIE, "")
    return size if size in SIZES else "standard"


def client_address(request: HttpRequest) -> str:
    """Return the caller's address, believing as many proxies as settings.TRUSTED_PROXIES says."""
    own = request.META.get("REMOTE_ADDR") or "0.0.0.0"
    if not settings.TRUSTED_PROXIES:
        return own
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    chain = [part.strip() for part in forwarded.split(",") if part.strip()]
    # Each trusted proxy appends whom it saw; what stands further left was written by the caller.
    told = chain[-settings.TRUSTED_PROXIES :][:1]
    try:
        return str(ipaddress.ip_address(told[0])) if told else own
    except ValueError:
        return own


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Return where to go next as the request asks (`next`), but never to another site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts=None, require_https=request.is_secure()
    ):
        return asked
    return default


def absolute_url(request: HttpRequest, path: str) -> str:
    """Return the full address of a path, as it stands in QR codes and messages."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path)


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a fragment."""
    return request.headers.get("HX-Request") == "true"
