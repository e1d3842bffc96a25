"""Homes with everything around them, as the register of people needs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.kernel.prepared import Prepared
from linli.places.models import Building, Home
from linli.places.rules import names
from linli.places.selectors.areas import grid_ids

_COLUMNS = (
    "id", "number", "entrance_id", "entrance__name", "entrance__building_id",
    "entrance__building__name", "entrance__building__estate__name",
    "entrance__building__community_id", "entrance__building__community__path",
    "entrance__building__grid_id", "entrance__building__grid__path", "ended_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HomeAt:
    """A home and where it is. `area_path` is the grid's of its building, else the community's."""

    id: UUID
    number: str
    entrance_id: UUID
    entrance: str
    building_id: UUID
    building: str
    estate: str  # "" when the building stands alone
    community_id: UUID
    community_path: str
    grid_id: UUID | None
    area_path: str
    is_ended: bool

    @property
    def label(self) -> str:
        """Return the address in words: 幸福家园 3号楼 2单元 501."""
        return names.place_label(self.estate, self.building, self.entrance, self.number)


def get_home(home_id: UUID) -> HomeAt:
    """Return one live home. Errors: NotFound, also for another tenant's."""
    found = [one for one in map(_home, _one_home(home_id=home_id)) if not one.is_ended]
    if not found:
        raise NotFound(_("没有找到这一户。"))
    return found[0]


def homes_at(home_ids: Iterable[UUID]) -> dict[UUID, HomeAt]:
    """Return homes by id, ended ones too; unknown ids are left out."""
    wanted = list(dict.fromkeys(home_ids))
    found: dict[UUID, HomeAt] = {}
    for at in range(0, len(wanted), 500):
        rows = Home.objects.filter(pk__in=wanted[at : at + 500]).values_list(*_COLUMNS)
        found.update((one.id, one) for one in map(_home, rows))
    return found


def homes_of_building(building_id: UUID) -> list[HomeAt]:
    """Return the live homes of a building, entrance by entrance, from the lowest floor up."""
    rows = Home.objects.filter(entrance__building_id=building_id, ended_on=None)
    ordered = rows.order_by("entrance__order", "entrance__name", "floor", "number", "id")
    return [_home(row) for row in ordered.values_list(*_COLUMNS)]


@Prepared
def _one_home(_shape: None, *, home_id: UUID) -> Any:
    return Home.objects.filter(pk=home_id).values_list(*_COLUMNS)


def _home(row: Any) -> HomeAt:
    (
        home_id, number, entrance_id, entrance, building_id, building, estate, community_id,
        community_path, grid_id, grid_path, ended_on,
    ) = row  # fmt: skip
    return HomeAt(
        home_id, number, entrance_id, entrance, building_id, building, estate or "", community_id,
        community_path, grid_id, grid_path or community_path, ended_on is not None,
    )  # fmt: skip


@remember
def building_ids_in(scopes: tuple[str, ...]) -> list[UUID]:
    """Return the buildings on the lists of the grids at or below any of the paths.

    Remembered: do not change the list.
    """
    rows = Building.objects.filter(grid_id__in=grid_ids(scopes), ended_on=None)
    return list(rows.order_by("id").values_list("id", flat=True))
