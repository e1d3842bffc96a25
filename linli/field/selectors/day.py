"""My day: every room that gives a field worker something to do names its cards here.

A room writes `linli/<room>/field.py`, which is loaded at start:

    @day.gives("care")
    def cards(actor: Actor, now: datetime) -> list[day.Card]: ...

and says which of its events finish one, so that the day knows what is done:

    day.ends("visit", VisitMade.name)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from linli.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing to do today. Everything is shown as it is: masked names only, no phone numbers."""

    key: str  # "care.visit:<uuid>": the same thing has the same key tomorrow
    kind: str  # case, visit, point, notice, entry: picture and colour
    title: str
    why: str  # why it is here today: "14 天没联系了", "约定 18:00 前"
    place: str = ""
    link: str  # its page below /field/
    version: str = "0"  # of the record behind it: a submission made offline names it as its base
    due_at: datetime | None = None
    is_late: bool = False
    is_urgent: bool = False
    lat: float | None = None
    lon: float | None = None
    form: str = ""  # the kind of submission that finishes it, with its `items`
    subject_id: str = ""  # what such a submission is about
    facts: tuple[tuple[str, str], ...] = ()  # label, value: what has to be at hand offline
    photos: tuple[tuple[str, str], ...] = ()  # address of the small version, what it is of
    items: tuple[Any, ...] = field(default=())  # linli.field.selectors.items.Item
    done_if: tuple[str, str] = (
        "",
        "",
    )  # item, answer: only that ends it, others are words on the way
    # The items tell of people by themselves: the phone's own pages ask them, no form is made of them.
    is_of_people: bool = False
    list_code: str = (
        ""  # of the list that the items come from: one list is one form for ODK clients
    )


Fits = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """An event that finishes a card of a kind. by: the fact that names what was finished, else the event's
    subject: twice the same thing is one. fits: whether the event with its facts finishes it.
    """

    kind: str
    by: str = ""
    fits: Fits


Provider = Callable[[Actor, datetime], list[Card]]
_PROVIDERS: Final[dict[str, Provider]] = {}
_KEEPERS: Final[dict[str, Provider]] = {}
_ENDINGS: Final[dict[str, Ending]] = {}


def gives(name: str) -> Callable[[Provider], Provider]:
    """Register what gives cards; one name, one provider."""

    def register(provider: Provider) -> Provider:
        _PROVIDERS[name] = provider
        return provider

    return register


def keeps(name: str) -> Callable[[Provider], Provider]:
    """Register what gives blank forms: always at hand on the phone, never in the list of the day."""

    def register(provider: Provider) -> Provider:
        _KEEPERS[name] = provider
        return provider

    return register


def ends(kind: str, name: str, *, by: str = "", fits: Fits = lambda _facts: True) -> None:
    """Register the name of an event that finishes a card of a kind."""
    _ENDINGS[name] = Ending(kind=kind, by=by, fits=fits)


def endings() -> dict[str, Ending]:
    """Return what finishes cards, by the name of the event."""
    return dict(_ENDINGS)


def keepers() -> dict[str, Provider]:
    """Return who gives blank forms, by name."""
    return dict(_KEEPERS)


def providers() -> dict[str, Provider]:
    """Return who gives cards, by name."""
    return dict(_PROVIDERS)
