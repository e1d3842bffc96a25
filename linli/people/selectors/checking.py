"""Which households are to be looked at next, and what to ask at their doors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.people.models import Household, Person, PersonState
from linli.people.selectors.collecting import check_items, known_of_home
from linli.people.selectors.finding import REGISTER
from linli.people.selectors.register import persons_of_home
from linli.places import selectors as places
from linli.places.selectors.homes import HomeAt, building_ids_in, homes_at

A_DAY: Final = 3  # households; who does more finds them on the building's card
KEEPS: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class DueCheck:
    """A household to look at, why, and what to ask."""

    home: HomeAt
    version: int
    known_at: datetime | None  # when its people were last changed
    why: str
    items: tuple[Any, ...]


def due_checks(actor: Actor, now: datetime, *, most: int = A_DAY) -> list[DueCheck]:
    """Return the households of one's own grids that were not looked at for longest; none for those
    who answer for whole communities.
    """
    grids = tuple(
        path for path in actor.scopes(REGISTER) if path and not places.community_ids((path,))
    )
    buildings = building_ids_in(grids) if grids else []
    if not buildings:
        return []
    old = Q(checked_at=None) | Q(checked_at__lt=now - KEEPS)
    rows = Household.objects.filter(old, building_id__in=buildings)
    found = list(rows.order_by(F("checked_at").asc(nulls_first=True), "id")[:most])
    homes = homes_at(one.home_id for one in found)
    return [_due(one, homes[one.home_id], actor, now) for one in found]


def check_of(home: HomeAt, actor: Actor, now: datetime) -> tuple[tuple[Any, ...], list[Any], int]:
    """Return what to ask at a door, what is known, and the household's version."""
    household = Household.objects.filter(home_id=home.id).first()
    people = persons_of_home(home.id, actor)
    known = known_of_home(household, people, actor, now, area_path=home.area_path)
    return check_items(people, known), known, household.version if household else 0


def _due(one: Household, home: HomeAt, actor: Actor, now: datetime) -> DueCheck:
    people = persons_of_home(home.id, actor)
    known = known_of_home(one, people, actor, now, area_path=home.area_path)
    items = check_items(people, known)
    why = _("还没有上门核对过")
    if one.checked_at is not None:
        why = _("%(n)d 天没有核对了") % {"n": (now - one.checked_at).days}
    return DueCheck(home, one.version, known_at(home.id), why, items)


def known_at(home_id: UUID) -> datetime | None:
    """Return when anybody who lives in a home was last changed; None when nobody does."""
    rows = Person.objects.filter(home_id=home_id, state=PersonState.HERE)
    found: datetime | None = rows.aggregate(last=Max("updated_at"))["last"]
    return found
