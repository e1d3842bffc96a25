"""Where somebody in the field is: the grids and buildings they answer for, or a code on a door."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors as places
from linli.places.selectors import Where

# With more buildings than this the list would be too long to scroll; the spot says the entrance.
WITH_ENTRANCES = 40
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One community as far as the actor answers for it."""

    community: Any
    scopes: tuple[str, ...]
    grids: tuple[Any, ...]
    choices: list[tuple[str, list[Choice]]]

    def where(self, *, place: str, code: str, lat: float | None, lon: float | None) -> Where:
        """Return the place that a form names: the code first, then what was chosen.

        Errors: BadInput (an unknown or ended code, a place outside what the actor answers for).
        """
        found = _of_code(code) if code else self._of_choice(place, lat, lon)
        if not any(found.area_path.startswith(scope) for scope in self.scopes):
            raise BadInput(
                _("这里不归您管。扫门口的码，用居民的页面也能上报。"),
                field="code" if code else "place",
            )
        return found

    def _of_choice(self, place: str, lat: float | None, lon: float | None) -> Where:
        kind, _sep, value = place.partition(":")
        part = UUID(value)
        if kind == "building":
            return places.where_of(community_id=self.community.pk, building_id=part)
        if kind == "entrance":
            return places.where_of(community_id=self.community.pk, entrance_id=part)
        grid = next(one for one in self.grids if one.pk == part)
        if lat is None or lon is None:
            lat = lon = None
        where = places.where_of(community_id=self.community.pk, lat=lat, lon=lon)
        return replace(
            where, grid_id=grid.pk, area_path=grid.path, grid_name=grid.name, label=grid.name
        )


def communities_of(actor: Actor) -> list[Any]:
    """Return the communities in which the actor may report, by code."""
    scopes = scopes_of(actor)
    found = {one.pk: one for one in places.communities_of(scopes)}
    for scope in scopes:
        above = places.community_of_path(scope) if scope else None
        if above is not None:
            found.setdefault(above.pk, above)
    return sorted(found.values(), key=lambda one: str(one.code))


def scopes_of(actor: Actor) -> tuple[str, ...]:
    """Return where the actor may report what they meet."""
    return tuple(sorted({*actor.scopes("cases.handle"), *actor.scopes("cases.enter")}))


def ground_of(actor: Actor, community: Any) -> Ground:
    """Return a community as far as the actor answers for it, with what may be chosen."""
    scopes = scopes_of(actor)
    grids = tuple(one for one in places.grid_choices(community.pk) if _is_below(one.path, scopes))
    is_whole = _is_below(community.path, scopes)
    choices = [(str(_("公共区域")), [(f"grid:{one.pk}", one.name) for one in grids])]
    choices += _houses(community, None if is_whole else {one.pk for one in grids})
    return Ground(
        community=community,
        scopes=scopes,
        grids=grids,
        choices=[(label, options) for label, options in choices if options],
    )


def _is_below(path: str, scopes: Sequence[str]) -> bool:
    return any(path.startswith(scope) for scope in scopes)


def _houses(community: Any, grid_ids: set[UUID] | None) -> list[tuple[str, list[Choice]]]:
    buildings = places.buildings_of(community.pk).select_related("estate")
    if grid_ids is not None:
        buildings = buildings.filter(grid_id__in=grid_ids)
    found = list(buildings.prefetch_related("entrances")[: WITH_ENTRANCES + 1])
    if len(found) > WITH_ENTRANCES:
        found = list(buildings)
        return _grouped(found, {})
    return _grouped(found, {one.pk: _live(one.entrances.all()) for one in found})


def _live(entrances: Any) -> list[Any]:
    live = [one for one in entrances if one.ended_on is None]
    return sorted(live, key=lambda one: (one.order, one.name))


def _grouped(buildings: list[Any], doors: dict[UUID, list[Any]]) -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {}
    for one in buildings:
        options = groups.setdefault(one.estate.name if one.estate else str(_("独栋楼")), [])
        options.append((f"building:{one.pk}", one.name))
        for door in doors.get(one.pk, ()):
            options.append((f"entrance:{door.pk}", f"{one.name} {door.name}"))
    return list(groups.items())


def _of_code(code: str) -> Where:
    found = places.find_place_code(code)
    if found is None:
        raise BadInput(_("没有这个点位码，核对一下，或者在上面选地点。"), field="code")
    if found.ended_at is not None:
        raise BadInput(_("这个点位码已经停用，在上面选地点。"), field="code")
    return places.where_of_code(found)


def all_choices(actor: Actor) -> list[Choice]:
    """Return every place that the actor may choose, each with its group's name before its own."""
    return [
        (value, f"{group} · {label}" if group else label)
        for community in communities_of(actor)
        for group, options in ground_of(actor, community).choices
        for value, label in options
    ]


def find_where(place: str, actor: Actor) -> Where:
    """Return the place that a phone names as `all_choices` gave it. Errors: BadInput."""
    for community in communities_of(actor):
        ground = ground_of(actor, community)
        if any(value == place for _group, options in ground.choices for value, _l in options):
            return ground.where(place=place, code="", lat=None, lon=None)
    raise BadInput(_("这个地点现在不归您管，或者已经没有了。"), field="place")
