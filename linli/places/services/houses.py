"""Buildings, entrances and homes are entered, corrected and ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.places import selectors
from linli.places.errors import NameTaken
from linli.places.events import BuildingCreated, BuildingEnded, EntranceEnded
from linli.places.models import Area, AreaKind, Building, Entrance, Home, PlaceCode
from linli.places.rules import names
from linli.places.services.checks import (
    check_position,
    checked_name,
    end_codes,
    put_facts,
    record_change,
)
from linli.places.services.following import move_building
from linli.places.services.recording import record

_FIELDS: Final = ("name", "lat", "lon", "floor_count", "household_count", "grid_id")


@transaction.atomic
def create_building(
    *,
    community_id: UUID,
    estate_id: UUID | None,
    facts: Mapping[str, Any],
    entrance_names: Sequence[str] = (),
    actor: Actor,
    now: datetime,
) -> Building:
    """Enter a building with its entrances, of an estate or standing alone.

    facts: name, and as far as known lat, lon, floor_count, household_count, grid_id.
    Errors: NotAllowed, NotFound, NameTaken, BadInput.
    """
    community = selectors.get_community_by_id(community_id)
    actor.require("places.manage", community.path)
    estate = selectors.get_estate(estate_id) if estate_id else None
    if estate is not None and estate.community_id != community.pk:
        raise NotFound(_("没有找到这个小区。"))
    building = Building(community=community, estate=estate)
    put_facts(building, facts, _FIELDS)
    _check_building(building)
    building.save(force_insert=True)
    _add_entrances(building, entrance_names)
    event = BuildingCreated(
        subject_id=building.pk, area_path=community.path, entrance_count=len(entrance_names)
    )
    record(event, actor=actor, at=now)
    return building


@transaction.atomic
def edit_building(
    *, building_id: UUID, facts: Mapping[str, Any], actor: Actor, now: datetime
) -> Building:
    """Correct a building: name, position, floors, households, grid.

    Errors: NotAllowed, NotFound, NameTaken, BadInput.
    """
    building = selectors.get_building(building_id, lock=True)
    actor.require("places.manage", building.community.path)
    was_id = building.grid_id
    changed = put_facts(building, facts, _FIELDS)
    if changed:
        _check_building(building)
        building.save(update_fields=[*changed, "order"])
        record_change(building, changed, actor, now)
        move_building(building, was_id, actor, now)
    return building


@transaction.atomic
def end_building(*, building_id: UUID, actor: Actor, now: datetime) -> Building:
    """End a building with its entrances, homes and codes. Errors: NotAllowed, NotFound."""
    building = selectors.get_building(building_id, lock=True)
    actor.require("places.manage", building.community.path)
    today = clock.local(now).date()
    doors = Entrance.objects.filter(building=building, ended_on=None)
    Home.objects.filter(entrance__in=doors, ended_on=None).update(ended_on=today)
    doors.update(ended_on=today)
    end_codes(PlaceCode.objects.filter(building=building), building.community, actor, now)
    building.ended_on, building.grid = today, None
    building.save(update_fields=["ended_on", "grid"])
    event = BuildingEnded(subject_id=building.pk, area_path=building.community.path)
    record(event, actor=actor, at=now)
    return building


@transaction.atomic
def create_entrances(
    *, building_id: UUID, entrance_names: Sequence[str], actor: Actor, now: datetime
) -> list[Entrance]:
    """Add entrances to a building; those it has already are left as they are.

    Errors: NotAllowed, NotFound, BadInput.
    """
    building = selectors.get_building(building_id, lock=True)
    actor.require("places.manage", building.community.path)
    made = _add_entrances(building, entrance_names)
    if made:
        record_change(building, ["entrances"], actor, now)
    return made


@transaction.atomic
def rename_entrance(*, entrance_id: UUID, name: str, actor: Actor, now: datetime) -> Entrance:
    """Correct the name of an entrance. Errors: NotAllowed, NotFound, NameTaken, BadInput."""
    entrance = selectors.get_entrance(entrance_id, lock=True)
    building = entrance.building
    actor.require("places.manage", building.community.path)
    name = checked_name(name)
    if name != entrance.name:
        if selectors.entrances_of(building.pk).filter(name=name).exists():
            raise NameTaken(_("这栋楼已有“%(name)s”。") % {"name": name}, field="name")
        entrance.name, entrance.order = name, names.natural_order(name)
        entrance.save(update_fields=["name", "order"])
        record_change(building, ["entrances"], actor, now)
    return entrance


@transaction.atomic
def end_entrance(*, entrance_id: UUID, actor: Actor, now: datetime) -> Entrance:
    """End an entrance with its homes and its code. Errors: NotAllowed, NotFound."""
    entrance = selectors.get_entrance(entrance_id, lock=True)
    community = entrance.building.community
    actor.require("places.manage", community.path)
    entrance.ended_on = clock.local(now).date()
    Home.objects.filter(entrance=entrance, ended_on=None).update(ended_on=entrance.ended_on)
    end_codes(PlaceCode.objects.filter(entrance=entrance), community, actor, now)
    entrance.save(update_fields=["ended_on"])
    event = EntranceEnded(subject_id=entrance.pk, area_path=community.path)
    record(event, actor=actor, at=now)
    return entrance


@transaction.atomic
def create_homes(
    *, entrance_id: UUID, numbers: Sequence[str], actor: Actor, now: datetime
) -> list[Home]:
    """Add homes behind an entrance; those it has already are left as they are.

    Errors: NotAllowed, NotFound, BadInput.
    """
    entrance = selectors.get_entrance(entrance_id, lock=True)
    actor.require("places.manage", entrance.building.community.path)
    known = set(selectors.homes_of(entrance.pk).values_list("number", flat=True))
    wanted = dict.fromkeys(checked_name(number, 20) for number in numbers)
    made = Home.objects.bulk_create(
        Home(entrance=entrance, number=number, floor=names.floor_of(number))
        for number in wanted
        if number not in known
    )
    if made:
        record_change(entrance.building, ["homes"], actor, now)
    return made


def _check_building(building: Building) -> None:
    check_position(building.lat, building.lon)
    others = Building.objects.filter(
        community=building.community_id, estate=building.estate_id, ended_on=None
    ).exclude(pk=building.pk)
    if others.filter(name=building.name).exists():
        raise NameTaken(_("这里已有“%(name)s”。") % {"name": building.name}, field="name")
    if building.grid_id is None:
        return
    grid = Area.objects.filter(pk=building.grid_id, kind=AreaKind.GRID, ends_on=None).first()
    if grid is None or not grid.path.startswith(building.community.path):
        raise BadInput(_("选的网格不在这个社区，重新选一下。"), field="grid")


def _add_entrances(building: Building, entrance_names: Sequence[str]) -> list[Entrance]:
    known = set(selectors.entrances_of(building.pk).values_list("name", flat=True))
    wanted = dict.fromkeys(checked_name(name) for name in entrance_names)
    return Entrance.objects.bulk_create(
        Entrance(building=building, name=name, order=names.natural_order(name))
        for name in wanted
        if name not in known
    )
