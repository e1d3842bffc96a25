"""The area tree: districts, subdistricts, communities, grids, now and on an earlier day."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.kernel import memory
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.places.models import Area, AreaKind
from linli.places.rules import paths
from linli.places.selectors.doors import forget_doors


def get_area(area_id: UUID, *, lock: bool = False) -> Area:
    """Return one area, ended ones too.

    lock: take the row lock; only inside a transaction that will change the area.
    Errors: NotFound, the same whether it is absent or another tenant's.
    """
    areas = Area.objects.select_for_update() if lock else Area.objects.all()
    try:
        return areas.get(pk=area_id)
    except Area.DoesNotExist:
        raise NotFound(_("没有找到这个区域。")) from None


def get_community(code: str) -> Area:
    """Return the live community of that code. Errors: NotFound."""
    try:
        return communities().get(code=code)
    except Area.DoesNotExist:
        raise NotFound(_("没有找到这个社区。")) from None


def get_community_by_id(community_id: UUID) -> Area:
    """Return the live community of that id. Errors: NotFound."""
    try:
        return communities().get(pk=community_id)
    except Area.DoesNotExist:
        raise NotFound(_("没有找到这个社区。")) from None


def communities() -> QuerySet[Area]:
    """Return the live communities of the tenant, by code, without their boundaries."""
    found = Area.objects.filter(kind=AreaKind.COMMUNITY, ends_on=None)
    return found.defer("polygon").order_by("code", "id")


def communities_of(scopes: tuple[str, ...]) -> QuerySet[Area]:
    """Return the live communities that lie wholly below one of the paths (`Actor.scopes`)."""
    return communities().filter(_below(scopes))


def areas_below(path: str) -> QuerySet[Area]:
    """Return the live areas at and below a path, in tree order."""
    return Area.objects.filter(path__startswith=path, ends_on=None).order_by("path", "id")


def areas_at(day: date, *, path: str = "") -> QuerySet[Area]:
    """Return the areas at and below a path that held on a day, in tree order."""
    held = Q(ends_on=None) | Q(ends_on__gt=day)
    return Area.objects.filter(held, path__startswith=path, starts_on__lte=day).order_by(
        "path", "id"
    )


def tree_of(scopes: tuple[str, ...], *, day: date | None = None) -> QuerySet[Area]:
    """Return the areas below any of the paths in tree order: the live ones, or those of a day."""
    found = Area.objects.filter(_below(scopes))
    if day is None:
        found = found.filter(ends_on=None)
    else:
        found = found.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)
    return found.defer("polygon").order_by("path", "id")


def ended_areas(scopes: tuple[str, ...], most: int = 200) -> list[Area]:
    """Return the areas below any of the paths that are no more, the latest first; grids too."""
    found = Area.objects.filter(_below(scopes), ends_on__isnull=False).defer("polygon")
    return list(found.order_by("-ends_on", "path", "id")[:most])


def children_of(area: Area) -> list[Area]:
    """Return what lies directly below an area, ended ones last."""
    found = Area.objects.filter(parent=area).defer("polygon").order_by("path", "id")
    return sorted(found, key=lambda one: one.ends_on is not None)


def areas_above(path: str) -> list[Area]:
    """Return the live areas that a path lies in, the highest first, without the path's own."""
    found = Area.objects.filter(path__in=paths.ancestor_paths(path)[:-1], ends_on=None)
    return list(found.defer("polygon").order_by("path"))


def area_of_path(path: str) -> Area:
    """Return the live area of a path. Errors: NotFound."""
    try:
        return Area.objects.get(path=path, ends_on=None)
    except Area.DoesNotExist:
        raise NotFound(_("没有找到这个区域。")) from None


def community_of_path(path: str) -> Area | None:
    """Return the live community that a path lies in (a grid's, its own); None above communities."""
    return communities().filter(path__in=paths.ancestor_paths(path)).first()


def grids_of(community_id: UUID) -> QuerySet[Area]:
    """Return the live grids of a community, those of its micro-communities too, by code."""
    community = Area.objects.filter(pk=community_id).values_list("path", flat=True).first()
    grids = Area.objects.filter(kind=AreaKind.GRID, ends_on=None)
    return grids.filter(path__startswith=community).order_by("path") if community else grids.none()


def grid_choices(community_id: UUID) -> QuerySet[Area]:
    """Return the live grids of a community without their boundaries, to choose from."""
    return grids_of(community_id).defer("polygon")


@remember
def community_ids(area_paths: tuple[str, ...]) -> list[UUID]:
    """Return the ids of all communities, ended ones too, below any of the paths.

    A path below a community (a grid's) names none: see `community_of_path`. Remembered, because
    every list asks for it: do not change the list.
    """
    found = Area.objects.filter(_below(area_paths), kind=AreaKind.COMMUNITY).order_by("path", "id")
    return list(found.values_list("id", flat=True))


@remember
def grid_ids(area_paths: tuple[str, ...]) -> list[UUID]:
    """Return the ids of all grids, ended ones too, at or below any of the paths."""
    found = Area.objects.filter(_below(area_paths), kind=AreaKind.GRID).order_by("path", "id")
    return list(found.values_list("id", flat=True))


def area_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of areas by id, ended ones too."""
    return dict(Area.objects.filter(pk__in=list(ids)).values_list("id", "name"))


def forget_communities() -> None:
    """Drop what this process remembers, of places and of what the rooms above made of them."""
    memory.forget_all()
    forget_doors()


def _below(area_paths: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for path in area_paths:
        found |= Q(path__startswith=path) if path else Q(pk__isnull=False)
    return found
