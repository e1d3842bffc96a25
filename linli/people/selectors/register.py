"""Questions about the people of the register: masked for everybody, in full only where a service
has recorded why. Which rooms above need: `person_lines`, `find_person`, `persons_of_home`, `search`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from linli.kernel import clock, masking
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people.models import Person, PersonState, PersonTag, Sex
from linli.people.rules.identity import age_on
from linli.people.selectors.finding import MOST, REGISTER, find_ids
from linli.places.selectors.homes import HomeAt, homes_at

SENSITIVE: Final = "people.sensitive"  # sees marks that a blueprint calls sensitive
PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag that somebody has."""

    code: str
    name: str
    is_sensitive: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person as lists show them: nothing in it needs a reason to be seen."""

    id: UUID
    name_masked: str
    age: int | None
    sex: str  # in words; "" when it isn't known
    home_id: UUID
    home_label: str
    tags: tuple[Mark, ...]
    state: str
    is_gone: bool  # died, moved away or merged
    state_label: str
    phone_tail: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """A person as their own page shows them, masked."""

    line: PersonLine
    id: UUID
    home: HomeAt
    area_path: str  # whose people.register covers the person
    phone: str  # masked
    has_phone: bool
    id_number: str  # masked
    birth_year: int | None
    state_on: date | None
    merged_into_id: UUID | None
    checked_on: date
    source: str
    version: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of matches. count: all of them; is_cut: there are more than anybody pages through."""

    lines: list[PersonLine]
    count: int
    next_after: int | None
    is_cut: bool


def person_lines(ids: Iterable[UUID], actor: Actor) -> dict[UUID, PersonLine]:
    """Return persons by id, masked; unknown ids are left out.

    The caller brings ids that the actor may know of: who visits somebody needs no other right for
    this. Sensitive tags are only among them for who may see those.
    """
    rows = _rows(set(ids))
    return _lines(rows, actor)


def find_person(person_id: UUID, actor: Actor) -> PersonCard | None:
    """Return one person, masked; None when absent, another tenant's, or not in the actor's area."""
    for person in _rows({person_id}):
        home = homes_at([person.home_id])[person.home_id]
        if actor.can(REGISTER, home.area_path):
            return _card(person, home, actor)
    return None


def get_person(person_id: UUID, actor: Actor) -> PersonCard:
    """Return one person, masked. Errors: NotFound, as `find_person` gives None."""
    found = find_person(person_id, actor)
    if found is None:
        raise NotFound(_("没有找到这位居民，或者不归您的岗位管。"))
    return found


def persons_of_home(home_id: UUID, actor: Actor | None = None) -> list[PersonLine]:
    """Return who lives in a home now, masked, the oldest first; the caller may see the home.

    actor: whose right to sensitive tags counts; None sees none of them.
    """
    rows = Person.objects.filter(home_id=home_id, state=PersonState.HERE)
    ordered = list(rows.order_by(F("born_on").asc(nulls_last=True), "id"))
    lines = _lines(ordered, actor)
    return [lines[one.pk] for one in ordered]


def search(words: str, actor: Actor, after: int = 0, *, limit: int = PAGE) -> Found:
    """Return who fits a name, initials in pinyin, the tail of a phone, an address, or several of
    them at once: those who live here now first.

    after: how many were shown before. Errors: NotAllowed.
    """
    actor.require(REGISTER)
    ids = find_ids(words, actor)
    states = dict(Person.objects.filter(pk__in=ids).values_list("id", "state") if ids else ())
    live = [one for one in ids if states.get(one, PersonState.MERGED) != PersonState.MERGED]
    found = sorted(live, key=lambda one: states[one] != PersonState.HERE)
    shown = found[after : after + limit]
    lines = _lines(_rows(shown), actor)
    end = after + len(shown)
    return Found(
        [lines[one] for one in shown],
        len(found),
        end if end < len(found) else None,
        len(ids) >= MOST,
    )


def marks_of(paths: Mapping[UUID, str], actor: Actor | None) -> dict[UUID, tuple[Mark, ...]]:
    """Return the tags of persons; sensitive ones only for who may see them where the person lives.

    paths: the area of each person.
    """
    rows = PersonTag.objects.filter(person_id__in=list(paths), ended_at=None)
    if actor is None or not actor.can(SENSITIVE):
        rows = rows.filter(kind__is_sensitive=False)
    found: dict[UUID, list[Mark]] = defaultdict(list)
    columns = ("person_id", "kind__code", "kind__name", "kind__is_sensitive")
    ordered = rows.order_by("kind__order", "kind__code").values_list(*columns) if paths else ()
    for person_id, code, name, is_sensitive in ordered:
        if is_sensitive and actor is not None and not actor.can(SENSITIVE, paths[person_id]):
            continue
        found[person_id].append(Mark(code, name, is_sensitive))
    return {person_id: tuple(marks) for person_id, marks in found.items()}


def _rows(ids: Collection[UUID]) -> list[Person]:
    return list(Person.objects.filter(pk__in=ids)) if ids else []


def _lines(rows: Collection[Person], actor: Actor | None) -> dict[UUID, PersonLine]:
    homes = homes_at(one.home_id for one in rows)
    marks = marks_of({one.pk: homes[one.home_id].area_path for one in rows}, actor)
    today = clock.local(clock.now()).date()  # an age is shown; nothing is decided by it here
    return {one.pk: _line(one, homes[one.home_id], marks.get(one.pk, ()), today) for one in rows}


def _line(person: Person, home: HomeAt, marks: tuple[Mark, ...], today: date) -> PersonLine:
    return PersonLine(
        id=person.pk,
        name_masked=masking.mask_name(person.name),
        age=age_on(person.born_on, today),
        sex=str(Sex(person.sex).label) if person.sex else "",
        home_id=person.home_id,
        home_label=home.label,
        tags=marks,
        state=person.state,
        is_gone=person.state != PersonState.HERE,
        state_label=str(PersonState(person.state).label),
        phone_tail=person.phone_tail,
        version=person.version,
    )


def _card(person: Person, home: HomeAt, actor: Actor) -> PersonCard:
    facts: dict[str, Any] = {
        "line": _lines([person], actor)[person.pk],
        "id": person.pk,
        "home": home,
        "area_path": home.area_path,
        "phone": masking.mask_phone(person.phone),
        "has_phone": bool(person.phone),
        "id_number": masking.mask_id_number(person.id_number),
        "birth_year": person.born_on.year if person.born_on else None,
        "state_on": person.state_on,
        "merged_into_id": person.merged_into_id,
        "checked_on": clock.local(person.checked_at).date(),
        "source": person.get_source_display(),
        "version": person.version,
    }
    return PersonCard(**facts)
