"""Finds the home that an address names as people write it, and enters one that a door shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.people.selectors.finding import REGISTER
from linli.people.services import import_words
from linli.places.selectors.home_book import HomeBook, NoHome
from linli.places.services.homes import add_homes

_FIELDS = {NoHome.ESTATE: "estate", NoHome.ENTRANCE: "entrance", NoHome.HOME: "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A home as somebody writes it; "" for what needs no saying: the only estate, the only entrance."""

    community_id: UUID
    building: str
    number: str
    entrance: str = ""
    estate: str = ""

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """Return it as the book of homes asks for it."""
        return self.estate, self.building, self.entrance, self.number


@transaction.atomic
def home_at(*, address: Address, actor: Actor, now: datetime) -> UUID:
    """Return the home at an address where the actor registers; a new number is entered.

    Errors: NotFound, BadInput (with the field; also when it is not the actor's area).
    """
    book = HomeBook(address.community_id)
    found = book.find(*address.parts)
    if isinstance(found, NoHome):
        label = " ".join(part for part in address.parts if part)[:40]
        said = {NoHome.ESTATE: address.estate, NoHome.BUILDING: address.building}
        _kind, words = import_words.say_home(found, said.get(found, label)[:40])
        raise BadInput(words, field=_FIELDS.get(found, "building"))
    if isinstance(found, UUID):
        made = add_homes(wanted=[(found, address.number)], duty=REGISTER, actor=actor, now=now)
        return next(iter(made.values()))
    if not actor.can(REGISTER, found.area_path):
        raise BadInput(
            _("那一户不归您登记：请那边的网格员或社区在那一户办“有人搬进来”。"), field="number"
        )
    return found.id
