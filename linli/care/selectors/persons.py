"""The people behind profiles, as the register tells of them: masked, never more than a page needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from linli.care.models import CareProfile
from linli.kernel.actor import Actor
from linli.people.selectors import register
from linli.people.selectors.register import PersonLine
from linli.places import selectors as places
from linli.places.selectors.homes import homes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwelling:
    """Where somebody lives, as a profile keeps it."""

    community_id: UUID
    area_path: str
    building_id: UUID
    home_id: UUID
    floor: int | None


def lines_of(profiles: Iterable[CareProfile], actor: Actor) -> dict[UUID, PersonLine]:
    """Return the persons of profiles by person id; the caller may see these profiles."""
    return register.person_lines([one.person_id for one in profiles], actor)


def line_of(profile: CareProfile, actor: Actor) -> PersonLine | None:
    """Return the person of a profile, or None when the register has deleted them."""
    return lines_of([profile], actor).get(profile.person_id)


def dwelling_of_home(home_id: UUID) -> Dwelling | None:
    """Return where a home is, or None for one that is unknown."""
    found = homes_at([home_id]).get(home_id)
    if found is None:
        return None
    floors = {one.pk: one.floor for one in places.homes_of(found.entrance_id)}
    return Dwelling(
        community_id=found.community_id, area_path=found.area_path,
        building_id=found.building_id, home_id=home_id, floor=floors.get(home_id),
    )  # fmt: skip
