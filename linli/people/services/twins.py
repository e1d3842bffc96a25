"""Finds who may have been entered twice; whether they are one person, somebody decides who looks."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from linli.kernel.rows import insert_unknown
from linli.people.models import Duplicate, DuplicateReason, Person, PersonState

_SOME: Final = 300


def note_twins(person: Person, now: datetime) -> None:
    """Write down who may be the same as one person."""
    note_twins_of([person], now)


def note_twins_of(people: Sequence[Person], now: datetime) -> int:
    """Write down who may be the same as any of these; return how many pairs are new."""
    found = 0
    for at in range(0, len(people), _SOME):
        some = people[at : at + _SOME]
        pairs = [*_by_number(some), *_by_phone(some), *_by_birthday(some)]
        rows: dict[tuple[object, object], Duplicate] = {}
        for one, other, reason in pairs:
            first, second = sorted((one, other), key=lambda each: each.pk)
            row = Duplicate(first=first, second=second, reason=reason, found_at=now)
            rows.setdefault((first.pk, second.pk), row)
        found += len(insert_unknown(list(rows.values()))) if rows else 0
    return found


_Pair = tuple[Person, Person, DuplicateReason]


def _by_number(people: Sequence[Person]) -> list[_Pair]:
    hashes = {one.id_hash for one in people if one.id_hash}
    if not hashes:
        return []
    others = _live().filter(id_hash__in=hashes)
    return _paired(people, others, DuplicateReason.ID, lambda one: one.id_hash or None)


def _by_phone(people: Sequence[Person]) -> list[_Pair]:
    hashes = {one.phone_hash for one in people if one.phone_hash}
    if not hashes:
        return []
    others = _live().filter(phone_hash__in=hashes)
    return _paired(
        people,
        others,
        DuplicateReason.PHONE,
        lambda one: (one.phone_hash, one.name_hash) if one.phone_hash else None,
    )


def _by_birthday(people: Sequence[Person]) -> list[_Pair]:
    born = [one for one in people if one.born_on]
    if not born:
        return []
    where = Q(pk__in=[])
    for building in {one.building_id for one in born}:
        names = {one.name_hash for one in born if one.building_id == building}
        where |= Q(building_id=building, name_hash__in=names)
    return _paired(
        people,
        _live().filter(where),
        DuplicateReason.BUILDING,
        lambda one: (one.building_id, one.name_hash, one.born_on) if one.born_on else None,
    )


def _live() -> QuerySet[Person]:
    rows = Person.objects.exclude(state__in=[PersonState.MERGED, PersonState.DIED])
    return rows.only(
        "id", "tenant_id", "id_hash", "phone_hash", "name_hash", "building_id", "born_on"
    )


def _paired(
    people: Sequence[Person],
    others: Iterable[Person],
    reason: DuplicateReason,
    key: Callable[[Person], object],
) -> list[_Pair]:
    by_key: dict[object, list[Person]] = {}
    for other in others:
        by_key.setdefault(key(other), []).append(other)
    return [
        (one, other, reason)
        for one in people
        if key(one) is not None
        for other in by_key.get(key(one), ())
        if other.pk != one.pk and not _differ(one, other)
    ]


def _differ(one: Person, other: Person) -> bool:
    """Two numbers that are known and not the same are two people."""
    return bool(one.id_hash and other.id_hash and one.id_hash != other.id_hash)
