"""Estates are entered, corrected and ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.places import selectors
from linli.places.errors import NameTaken
from linli.places.events import EstateChanged, EstateCreated, EstateEnded
from linli.places.models import Building, Entrance, Estate, EstateKind, Home, PlaceCode
from linli.places.services.checks import check_position, checked_name, end_codes, put_facts
from linli.places.services.recording import record

_FIELDS: Final = ("name", "kind", "lat", "lon")


@transaction.atomic
def create_estate(
    *,
    community_id: UUID,
    name: str,
    kind: EstateKind,
    lat: float | None = None,
    lon: float | None = None,
    actor: Actor,
    now: datetime,
) -> Estate:
    """Enter an estate of a community. Errors: NotAllowed, NotFound, NameTaken, BadInput."""
    community = selectors.get_community_by_id(community_id)
    actor.require("places.manage", community.path)
    estate = Estate(community=community, name=checked_name(name), kind=kind, lat=lat, lon=lon)
    check_position(lat, lon)
    _check_estate_free(estate)
    estate.save(force_insert=True)
    record(EstateCreated(subject_id=estate.pk, area_path=community.path), actor=actor, at=now)
    return estate


@transaction.atomic
def edit_estate(
    *, estate_id: UUID, facts: Mapping[str, Any], actor: Actor, now: datetime
) -> Estate:
    """Correct name, kind or position of an estate.

    Errors: NotAllowed, NotFound, NameTaken, BadInput.
    """
    estate = selectors.get_estate(estate_id, lock=True)
    actor.require("places.manage", estate.community.path)
    changed = put_facts(estate, facts, _FIELDS)
    check_position(estate.lat, estate.lon)
    if changed:
        _check_estate_free(estate)
        estate.save(update_fields=changed)
        event = EstateChanged(
            subject_id=estate.pk, area_path=estate.community.path, changed=",".join(changed)
        )
        record(event, actor=actor, at=now)
    return estate


@transaction.atomic
def end_estate(*, estate_id: UUID, actor: Actor, now: datetime) -> Estate:
    """End an estate with its buildings, entrances and codes. Errors: NotAllowed, NotFound."""
    estate = selectors.get_estate(estate_id, lock=True)
    actor.require("places.manage", estate.community.path)
    today = clock.local(now).date()
    buildings = Building.objects.filter(estate=estate, ended_on=None)
    # By subquery: an update over a join is not tied to the tenant.
    doors = Entrance.objects.filter(building__in=buildings, ended_on=None)
    Home.objects.filter(entrance__in=doors, ended_on=None).update(ended_on=today)
    doors.update(ended_on=today)
    ended = buildings.update(ended_on=today, grid=None)
    end_codes(PlaceCode.objects.filter(estate=estate), estate.community, actor, now)
    estate.ended_on = today
    estate.save(update_fields=["ended_on"])
    event = EstateEnded(subject_id=estate.pk, area_path=estate.community.path, building_count=ended)
    record(event, actor=actor, at=now)
    return estate


def _check_estate_free(estate: Estate) -> None:
    others = selectors.estates_of(estate.community_id).exclude(pk=estate.pk)
    if others.filter(name=estate.name).exists():
        raise NameTaken(_("这个社区已有“%(name)s”。") % {"name": estate.name}, field="name")
