"""Facilities are entered, changed, looked at, ended."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors
from linli.places.errors import NameTaken, StillInUse
from linli.places.events import (
    FacilityChanged,
    FacilityCreated,
    FacilityEnded,
)
from linli.places.models import (
    Facility,
    FacilityKind,
    FacilityStatus,
    PlaceCode,
)
from linli.places.rules import names
from linli.places.selectors import facilities as found
from linli.places.selectors.where import Where, where_of
from linli.places.services.codes import make_code
from linli.places.services.recording import record

DUTY: Final = "places.manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityFacts:
    """What is said of a facility. Position in WGS-84, both or neither."""

    kind_id: UUID
    name: str
    number: str = ""
    estate_id: UUID | None = None
    building_id: UUID | None = None
    entrance_id: UUID | None = None
    lat: float | None = None
    lon: float | None = None
    status: str = FacilityStatus.IN_USE
    keeper: str = ""
    keeper_phone: str = ""
    area_m2: int = 0
    note: str = ""
    installed_on: date | None = None


@transaction.atomic
def create_facility(
    *, community_id: UUID, facts: FacilityFacts, actor: Actor, now: datetime
) -> Facility:
    """Enter a facility of a community.

    Errors: NotAllowed, NotFound, BadInput (a place that is not of the community), NameTaken.
    """
    community = selectors.get_community_by_id(community_id)
    actor.require(DUTY, community.path)
    facility = Facility(community=community)
    _put(facility, _settled(facility, facts, clock.local(now).date()))
    facility.save(force_insert=True)
    event = FacilityCreated(
        subject_id=facility.pk, area_path=facility.area_path, kind=facility.kind.code
    )
    record(event, actor=actor, at=now)
    return facility


@transaction.atomic
def edit_facility(
    *, facility_id: UUID, facts: FacilityFacts, actor: Actor, now: datetime
) -> Facility:
    """Change what is said of a facility; one with other words gets them on its code too.

    Errors: NotAllowed, NotFound, BadInput, NameTaken, StillInUse when it has ended.
    """
    facility = _own(facility_id, actor)
    wanted = _settled(facility, facts, clock.local(now).date())
    changed = [name for name, value in wanted.items() if getattr(facility, name) != value]
    if not changed:
        return facility
    _put(facility, wanted)
    facility.version += 1
    facility.save(update_fields=[*changed, "version"])
    if facility.place_code_id and {"label", "name"} & set(changed):
        _rename_code(facility)
    event = FacilityChanged(
        subject_id=facility.pk, area_path=facility.area_path, changed=",".join(changed)
    )
    record(event, actor=actor, at=now)
    return facility


@transaction.atomic
def end_facility(*, facility_id: UUID, actor: Actor, now: datetime) -> Facility:
    """End a facility; what was said of it stays. Errors: NotAllowed, NotFound, StillInUse."""
    facility = _own(facility_id, actor)
    facility.ended_on = clock.local(now).date()
    facility.version += 1
    facility.save(update_fields=["ended_on", "version"])
    record(FacilityEnded(subject_id=facility.pk, area_path=facility.area_path), actor=actor, at=now)
    return facility


@transaction.atomic
def code_facility(*, facility_id: UUID, actor: Actor, now: datetime) -> PlaceCode:
    """Give a facility its own code to scan, or the one it has while it lives.

    Errors: NotAllowed, NotFound, StillInUse.
    """
    facility = _own(facility_id, actor)
    old = facility.place_code
    if old is not None and old.ended_at is None:
        return old
    code = make_code(
        community_id=facility.community_id,
        estate_id=facility.estate_id,
        building_id=facility.building_id,
        entrance_id=facility.entrance_id,
        spot=facility.name,
        actor=actor,
        now=now,
    )
    facility.place_code = code
    facility.version += 1
    facility.save(update_fields=["place_code", "version"])
    event = FacilityChanged(
        subject_id=facility.pk, area_path=facility.area_path, changed="place_code"
    )
    record(event, actor=actor, at=now)
    return code


@transaction.atomic
def check_facility(*, facility_id: UUID, at: datetime, actor: Actor) -> None:
    """Note that somebody looked at a facility; an earlier look than the last changes nothing.

    The duty is to walk patrols, or to manage places, where it stands. Errors: NotAllowed, NotFound.
    """
    facility = found.get_facility(facility_id, lock=True)
    if not actor.can("patrols.walk", facility.area_path):
        actor.require(DUTY, facility.area_path)
    if facility.checked_at is None or facility.checked_at < at:
        facility.checked_at = at
        facility.save(update_fields=["checked_at"])


def _own(facility_id: UUID, actor: Actor) -> Facility:
    facility = found.get_facility(facility_id, lock=True)
    actor.require(DUTY, facility.area_path)
    if facility.ended_on is not None:
        raise StillInUse(_("这件设施已经撤了。"))
    return facility


def _settled(facility: Facility, facts: FacilityFacts, today: date) -> dict[str, Any]:
    """Return the columns that the facts come to. Errors: BadInput, NameTaken."""
    said = {one.name: getattr(facts, one.name) for one in fields(facts)}
    said["name"], said["number"] = names.clean_name(facts.name), facts.number.strip()
    if not said["name"]:
        raise BadInput(_("写一个名称，例如：3 号路灯。"), field="name")
    if not FacilityKind.objects.filter(pk=facts.kind_id).exists():
        raise BadInput(_("选一个设施类别。"), field="kind_id")
    if facts.installed_on is not None and facts.installed_on > today:
        raise BadInput(_("安装日期还没有到。"), field="installed_on")
    where = where_of(
        community_id=facility.community_id,
        estate_id=facts.estate_id,
        building_id=facts.building_id,
        entrance_id=facts.entrance_id,
        lat=facts.lat,
        lon=facts.lon,
        spot=said["name"],
    )
    _check_alone(facility, where.label, said["number"])
    return {**said, **_place(where)}


def _place(where: Where) -> Mapping[str, Any]:
    return {
        "label": where.label,
        "grid_id": where.grid_id,
        "area_path": where.area_path,
        "estate_id": where.estate_id,
        "building_id": where.building_id,
        "entrance_id": where.entrance_id,
        "lat": where.lat,
        "lon": where.lon,
    }


def _check_alone(facility: Facility, label: str, number: str) -> None:
    sisters = Facility.objects.filter(community_id=facility.community_id, ended_on=None).exclude(
        pk=facility.pk
    )
    if sisters.filter(label=label).exists():
        words = _("“%(label)s”已经登记过了，换个名称分开，例如加上“东侧”。")
        raise NameTaken(words % {"label": label}, field="name")
    if number and sisters.filter(number=number).exists():
        raise NameTaken(_("编号“%(n)s”已经有设施在用。") % {"n": number}, field="number")


def _put(facility: Facility, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        setattr(facility, name, value)


def _rename_code(facility: Facility) -> None:
    code = facility.place_code
    if code is not None and code.ended_at is None:
        code.spot, code.label = facility.name, facility.label
        code.save(update_fields=["spot", "label"])
