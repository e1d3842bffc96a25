"""Homes that somebody stands before, or that a list of people names, and that are not entered yet."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places.models import Entrance, Home
from linli.places.rules import names
from linli.places.services.checks import checked_name, record_change


@transaction.atomic
def add_homes(
    *, wanted: Iterable[tuple[UUID, str]], duty: str, actor: Actor, now: datetime
) -> dict[tuple[UUID, str], UUID]:
    """Enter homes as (entrance, number); those that are there are left as they are.

    duty: what the caller's work rests on, asked over the place of every building.
    Returns the id of every wanted home. Errors: NotAllowed, BadInput (unknown entrance, bad number).
    """
    by_entrance: dict[UUID, dict[str, None]] = defaultdict(dict)
    for entrance_id, number in wanted:
        by_entrance[entrance_id][checked_name(number, 20)] = None
    entrances = _locked(by_entrance)
    found: dict[tuple[UUID, str], UUID] = {}
    made: list[Home] = []
    # Only the numbers that are wanted: a list of people asks again and again for few of many homes.
    said = {number for numbers in by_entrance.values() for number in numbers}
    rows = Home.objects.filter(entrance_id__in=by_entrance, number__in=said, ended_on=None)
    for entrance_id, number, home_id in rows.values_list("entrance_id", "number", "id"):
        found[entrance_id, number] = home_id
    for entrance_id, numbers in by_entrance.items():
        new = [number for number in numbers if (entrance_id, number) not in found]
        made += _new_homes(entrances[entrance_id], new, duty, actor, now)
    Home.objects.bulk_create(made, batch_size=500)
    return found | {(home.entrance_id, home.number): home.pk for home in made}


def _locked(wanted: Iterable[UUID]) -> dict[UUID, Entrance]:
    ids = list(wanted)
    rows = Entrance.objects.filter(pk__in=ids, ended_on=None).select_for_update(of=("self",))
    found = {
        one.pk: one
        for one in rows.select_related("building__community", "building__grid").order_by("pk")
    }
    if len(found) != len(ids):
        raise BadInput(_("没有找到这个单元，重新选一下。"), field="entrance")
    return found


def _new_homes(
    entrance: Entrance, numbers: list[str], duty: str, actor: Actor, now: datetime
) -> list[Home]:
    building = entrance.building
    area = building.grid or building.community
    if not actor.can(duty, area.path):
        actor.require("places.manage", building.community.path)
    if numbers:
        record_change(building, ["homes"], actor, now)
    return [
        Home(entrance=entrance, number=number, floor=names.floor_of(number)) for number in numbers
    ]
