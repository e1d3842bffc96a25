"""Finds who may have been entered twice; whether they are one person, somebody decides who looks."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from linli.kernel.rows import insert_unknown
from linli.people.models import Duplicate, DuplicateReason, Person, PersonState

_SOME: Final = 300


@dataclass(frozen=True, slots=True)
class _Known:
    """What two records are compared by."""

    id: UUID
    id_hash: str
    phone_hash: str
    name_hash: str
    building_id: UUID
    born_on: date | None


_COLUMNS: Final = ("id", "id_hash", "phone_hash", "name_hash", "building_id", "born_on")
_Key = Callable[[_Known], object]
# The surest reason first: a pair is written down once.
_KEYS: Final[tuple[tuple[DuplicateReason, _Key], ...]] = (
    (DuplicateReason.ID, lambda one: one.id_hash or None),
    (
        DuplicateReason.PHONE,
        lambda one: (one.phone_hash, one.name_hash) if one.phone_hash else None,
    ),
    (
        DuplicateReason.BUILDING,
        lambda one: (one.building_id, one.name_hash, one.born_on) if one.born_on else None,
    ),
)


def note_twins(person: Person, now: datetime) -> None:
    """Write down who may be the same as one person who is new or was corrected."""
    _note([_known_of(person)], now, before=None)


def note_twins_of(people: Sequence[Person], now: datetime) -> None:
    """Write down who may be the same as any of these, who are all new."""
    for at in range(0, len(people), _SOME):
        some = [_known_of(one) for one in people[at : at + _SOME]]
        _note(some, now, before=min(one.id for one in some))


def _note(people: Sequence[_Known], now: datetime, *, before: UUID | None) -> None:
    """before: look no further than people entered before these, and among these themselves."""
    ours = {one.id for one in people}
    rows: dict[tuple[UUID, UUID], Duplicate] = {}
    for reason, key in _KEYS:
        by_key: dict[object, list[_Known]] = defaultdict(list)
        for other in [*_candidates(reason, people, before, ours), *people]:
            by_key[key(other)].append(other)
        for one in people:
            for other in by_key[key(one)] if key(one) is not None else ():
                if other.id != one.id and not _differ(one, other):
                    first, second = sorted((one.id, other.id))
                    row = Duplicate(first_id=first, second_id=second, reason=reason, found_at=now)
                    rows.setdefault((first, second), row)
    insert_unknown(list(rows.values()))


def _candidates(
    reason: DuplicateReason, people: Sequence[_Known], before: UUID | None, ours: set[UUID]
) -> list[_Known]:
    where = _where(reason, people)
    if where is None:
        return []
    rows = Person.objects.filter(where).exclude(state__in=[PersonState.MERGED, PersonState.DIED])
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        one for one in (_Known(*row) for row in rows.values_list(*_COLUMNS)) if one.id not in ours
    ]


def _where(reason: DuplicateReason, people: Sequence[_Known]) -> Q | None:
    if reason == DuplicateReason.BUILDING:
        # Birthdays are asked for as well: of the forty of one name in a long street few share one.
        said: dict[UUID, list[_Known]] = defaultdict(list)
        for one in people:
            if one.born_on:
                said[one.building_id].append(one)
        where = Q()
        for building, some in said.items():
            names, days = {one.name_hash for one in some}, {one.born_on for one in some}
            where |= Q(building_id=building, name_hash__in=names, born_on__in=days)
        return where if said else None
    column = "id_hash" if reason == DuplicateReason.ID else "phone_hash"
    hashes = {getattr(one, column) for one in people} - {""}
    return Q(**{f"{column}__in": hashes}) & ~Q(**{column: ""}) if hashes else None


def _known_of(person: Person) -> _Known:
    return _Known(*(getattr(person, name) for name in _COLUMNS))


def _differ(one: _Known, other: _Known) -> bool:
    """Two numbers that are known and not the same are two people."""
    return bool(one.id_hash and other.id_hash and one.id_hash != other.id_hash)
