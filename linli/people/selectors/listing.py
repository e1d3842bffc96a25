"""The register page by page, for those who take it over as a whole: homes and people of an area."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linli.kernel.actor import Actor
from linli.people.models import Household, Person, PersonState
from linli.people.selectors.finding import REGISTER, in_scope, within
from linli.people.selectors.register import PersonLine, person_lines
from linli.places import selectors as places
from linli.places.selectors.homes import HomeAt, homes_at


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """A home of the register and how many live there."""

    home: HomeAt
    people: int
    checked_at: datetime | None
    version: int


def households_page(
    actor: Actor, *, area_path: str = "", after: UUID | None = None, limit: int
) -> list[tuple[UUID, HouseholdLine]]:
    """Return homes of the actor's area in a stable order, each with where the next page begins.

    area_path: only what lies below. Errors: NotAllowed, NotFound (no such area).
    """
    rows = Household.objects.filter(_where(actor, area_path))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("id")[:limit])
    ids = [one.home_id for one in found]
    people = Person.objects.filter(home_id__in=ids, state=PersonState.HERE)
    counts, homes = Counter(people.values_list("home_id", flat=True)), homes_at(ids)
    return [
        (
            one.pk,
            HouseholdLine(homes[one.home_id], counts[one.home_id], one.checked_at, one.version),
        )
        for one in found
    ]


def persons_page(
    actor: Actor, *, area_path: str = "", after: UUID | None = None, limit: int
) -> list[PersonLine]:
    """Return who lives in the actor's area, masked, in a stable order.

    area_path: only who lives below. Errors: NotAllowed, NotFound (no such area).
    """
    rows = Person.objects.filter(_where(actor, area_path), state=PersonState.HERE)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    ids = list(rows.order_by("id").values_list("id", flat=True)[:limit])
    lines = person_lines(ids, actor)
    return [lines[one] for one in ids]


def _where(actor: Actor, area_path: str) -> Q:
    actor.require(REGISTER)
    where = in_scope(actor)
    if not area_path:
        return where
    return where & within((places.area_of_path(area_path).path,))
