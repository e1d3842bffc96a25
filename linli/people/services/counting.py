"""Keeps how many live where, by the difference of before and after, inside the change's transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from linli.kernel.ids import new_id
from linli.kernel.rows import insert_unknown, made
from linli.kernel.tenancy import current_tenant_id
from linli.people.models import (
    Household,
    Person,
    PersonState,
    PersonTag,
    RegisterTally,
    Residence,
    ResidenceKind,
)
from linli.places.selectors.homes import HomeAt

# (community, building, figure, month); month is "" for what holds now.
Key = tuple[UUID, UUID, str, str]
_SOME: Final = 200


def hold(homes: Iterable[HomeAt], now: datetime) -> dict[UUID, Household]:
    """Return the households of homes with their rows locked, in one order; new ones are made.

    Whoever changes who lives in a home holds it first: counts and versions then move one by one.
    """
    by_id = {home.id: home for home in homes}
    known = _locked(by_id)
    missing = sorted(by_id.keys() - known.keys())
    if missing:
        made = insert_unknown([_new(by_id[one], now) for one in missing])
        known |= {one.home_id: one for one in made}
        # Another was faster: theirs are there now, and locked here.
        known |= _locked(set(missing) - known.keys())
    return known


@contextmanager
def counting(home_ids: Sequence[UUID]) -> Iterator[Counter[Key]]:
    """Write down what the block changed in these homes, which are held; and what it adds itself.

    The block may add to the counter: arrivals, departures, births and deaths of a month.
    """
    before = standing(home_ids)
    extra: Counter[Key] = Counter()
    yield extra
    after = standing(home_ids)
    after.subtract(before)
    after.update(extra)
    add(after)


def standing(home_ids: Sequence[UUID]) -> Counter[Key]:
    """Return what these homes are counted as now."""
    counts: Counter[Key] = Counter()
    for at in range(0, len(home_ids), _SOME):
        _count(counts, home_ids[at : at + _SOME])
    return counts


def add(changes: Counter[Key]) -> None:
    """Add differences to the tallies, in one order, so that no two wait for each other in a ring."""
    rows = [(key, count) for key, count in sorted(changes.items()) if count]
    for at in range(0, len(rows), _SOME):
        some = rows[at : at + _SOME]
        marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(some))
        values = [value for key, count in some for value in _row(key, count)]
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT.format(marks=marks), values)


@transaction.atomic
def recount() -> int:
    """Count what holds now anew, for checks and after rows came past the services; months stay."""
    RegisterTally.objects.filter(month="").delete()
    homes = list(Household.objects.order_by("id").values_list("home_id", flat=True))
    for at in range(0, len(homes), _SOME):
        add(standing(homes[at : at + _SOME]))
    return len(homes)


def in_month(home: HomeAt, figure: str, day: date) -> Key:
    """Return the key under which an arrival or departure of a day is counted."""
    return home.community_id, home.building_id, figure, f"{day:%Y-%m}"


def _count(counts: Counter[Key], homes: Sequence[UUID]) -> None:
    here = Person.objects.filter(home_id__in=homes, state=PersonState.HERE)
    lived_in = set()
    people = here.order_by().values_list("community_id", "building_id", "home_id")
    for community, building, home, count in people.annotate(n=Count("pk")):
        counts[community, building, "people", ""] += count
        if home not in lived_in:
            lived_in.add(home)
            counts[community, building, "homes", ""] += 1
    where = ("person__community_id", "person__building_id")
    rents = Residence.objects.filter(
        home_id__in=homes, kind=ResidenceKind.RENTS, ended_at=None, person__state=PersonState.HERE
    )
    for community, building, count in rents.order_by().values_list(*where).annotate(n=Count("pk")):
        counts[community, building, "rents", ""] += count
    tags = PersonTag.objects.filter(
        person__home_id__in=homes, person__state=PersonState.HERE, ended_at=None
    )
    marked = tags.order_by().values_list(*where, "kind__code").annotate(n=Count("pk"))
    for community, building, code, count in marked:
        counts[community, building, f"tag:{code}", ""] += count


def _locked(home_ids: Iterable[UUID]) -> dict[UUID, Household]:
    wanted = list(home_ids)
    if not wanted:
        return {}
    rows = Household.objects.filter(home_id__in=wanted).order_by("home_id")
    return {one.home_id: one for one in rows.select_for_update(of=("self",))}


def _new(home: HomeAt, now: datetime) -> Household:
    return made(
        Household,
        home_id=home.id,
        building_id=home.building_id,
        community_id=home.community_id,
        created_at=now,
    )


def _row(key: Key, count: int) -> list[Any]:
    community, building, figure, month = key
    ids = [_plain(new_id()), _plain(community), _plain(building)]
    return [ids[0], current_tenant_id(), *ids[1:], figure, month, count]


def _plain(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


_UPSERT: Final = (
    "INSERT INTO people_registertally"
    " (id, tenant_id, community_id, building_id, figure, month, count) VALUES {marks}"
    " ON CONFLICT (tenant_id, building_id, figure, month)"
    " DO UPDATE SET count = people_registertally.count + excluded.count"
)
