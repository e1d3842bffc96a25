"""Place codes are made for doors, replaced when a sticker is torn off, and ended."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.models import Tenant
from linli.kernel.rows import insert_once, insert_unknown
from linli.places import selectors
from linli.places.errors import StillInUse
from linli.places.events import CodeEnded, CodesMade
from linli.places.models import Area, Entrance, PlaceCode
from linli.places.rules import codes
from linli.places.selectors.where import label_of
from linli.places.services.recording import record

MOST_AT_ONCE: Final = 5000


@transaction.atomic
def make_codes(
    *, community_id: UUID, estate_id: UUID | None = None, actor: Actor, now: datetime
) -> list[PlaceCode]:
    """Make a code for every entrance without a live one, of an estate or of the whole community.

    Doing it again makes nothing new. Only new codes are returned, in the order of the doors.
    Errors: NotAllowed, NotFound, BadInput when there are too many doors at once.
    """
    community = selectors.get_community_by_id(community_id)
    actor.require("places.manage", community.path)
    if estate_id is not None:
        selectors.get_estate(estate_id, lock=True)
    doors = list(_doors_without_code(community, estate_id)[: MOST_AT_ONCE + 1])
    if len(doors) > MOST_AT_ONCE:
        raise BadInput(_("一次最多生成 %(n)d 个点位码，按小区分次生成。") % {"n": MOST_AT_ONCE})
    fresh = _new_codes(len(doors), actor.tenant_id)
    # Pressed twice at once: a door that has got its code meanwhile is passed over.
    made = insert_unknown(
        [_door_code(community, door, code, now) for door, code in zip(doors, fresh, strict=True)]
    )
    if made:
        event = CodesMade(
            subject_id=estate_id or community.pk, area_path=community.path, code_count=len(made)
        )
        record(event, actor=actor, at=now)
    return made


@transaction.atomic
def make_code(
    *,
    community_id: UUID,
    estate_id: UUID | None = None,
    building_id: UUID | None = None,
    entrance_id: UUID | None = None,
    spot: str = "",
    actor: Actor,
    now: datetime,
) -> PlaceCode:
    """Make one code for any place of a community: a street lamp, a lift, a bulletin board, a door.

    A place that has a live code for the same spot gets that one back.
    Errors: NotAllowed, NotFound, BadInput when the parts don't belong together.
    """
    community = selectors.get_community_by_id(community_id)
    actor.require("places.manage", community.path)
    where = selectors.where_of(
        community_id=community_id,
        estate_id=estate_id,
        building_id=building_id,
        entrance_id=entrance_id,
        spot=spot,
    )
    place = {
        "community_id": community.pk,
        "estate_id": where.estate_id,
        "building_id": where.building_id,
        "entrance_id": where.entrance_id,
        "spot": where.spot,
    }
    living = PlaceCode.objects.filter(**place, ended_at=None).order_by("id")
    old = living.first()
    if old is not None:
        return old
    (code,) = _new_codes(1, actor.tenant_id)
    made = PlaceCode(code=code, label=where.label, created_at=now, **place)
    if not insert_once(made):
        return living.get()  # somebody made the door's in the same moment
    event = CodesMade(subject_id=made.pk, area_path=community.path, code_count=1)
    record(event, actor=actor, at=now)
    return made


@transaction.atomic
def end_code(*, code_id: UUID, actor: Actor, now: datetime) -> PlaceCode:
    """End a code: whoever scans it is told so and chooses the place.

    Errors: NotAllowed, NotFound, StillInUse when it has ended already.
    """
    old = _live_code(code_id, actor)
    _end(old, None, actor, now)
    return old


@transaction.atomic
def replace_code(*, code_id: UUID, actor: Actor, now: datetime) -> PlaceCode:
    """End a code and return a new one for the same place (a torn or copied sticker).

    Errors: NotAllowed, NotFound, StillInUse when it has ended already.
    """
    old = _live_code(code_id, actor)
    (code,) = _new_codes(1, actor.tenant_id)
    new = PlaceCode(
        code=code,
        community=old.community,
        estate=old.estate,
        building=old.building,
        entrance=old.entrance,
        spot=old.spot,
        label=label_of(old.community, old.estate, old.building, old.entrance, old.spot),
        created_at=now,
    )
    # The old one first: an entrance has one live code.
    _end(old, new.pk, actor, now)
    new.save(force_insert=True)
    return new


def _live_code(code_id: UUID, actor: Actor) -> PlaceCode:
    code = selectors.get_code(code_id, lock=True)
    actor.require("places.manage", code.community.path)
    if code.ended_at is not None:
        raise StillInUse(_("这个点位码已经停用。"))
    return code


def _end(code: PlaceCode, replaced_by_id: UUID | None, actor: Actor, now: datetime) -> None:
    code.ended_at = now
    code.save(update_fields=["ended_at"])
    event = CodeEnded(
        subject_id=code.pk, area_path=code.community.path, replaced_by_id=replaced_by_id
    )
    record(event, actor=actor, at=now)


def _doors_without_code(community: Area, estate_id: UUID | None) -> QuerySet[Entrance]:
    doors = Entrance.objects.filter(
        building__community=community, building__ended_on=None, ended_on=None
    )
    if estate_id is not None:
        doors = doors.filter(building__estate_id=estate_id)
    coded = PlaceCode.objects.filter(
        community=community, ended_at=None, spot="", entrance__isnull=False
    )
    return (
        doors.exclude(pk__in=coded.values("entrance_id"))
        .select_related("building__estate")
        .order_by("building__estate__name", "building__order", "building__name", "order", "name")
    )


def _door_code(community: Area, door: Entrance, code: str, now: datetime) -> PlaceCode:
    building = door.building
    return PlaceCode(
        code=code,
        community=community,
        estate=building.estate,
        building=building,
        entrance=door,
        label=label_of(community, building.estate, building, door),
        created_at=now,
    )


def _new_codes(count: int, tenant_id: int) -> list[str]:
    """Draw codes that were never given out; a clash is next to impossible, and still looked for."""
    if not count:
        return []
    head = Tenant.objects.values_list("code", flat=True).get(pk=tenant_id)
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        batch = {
            codes.code_of(head, secrets.randbelow(codes.SPACE)) for _n in range(count - len(drawn))
        }
        taken = set(PlaceCode.objects.filter(code__in=batch).values_list("code", flat=True))
        drawn |= dict.fromkeys(batch - taken)
    return list(drawn)
