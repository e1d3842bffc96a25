"""People move in and out; a home remembers who lived in it, a person where they lived."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.rows import insert_all
from linli.people.events import PersonMoved
from linli.people.models import Person, PersonState, Residence, ResidenceKind
from linli.people.selectors.finding import REGISTER
from linli.people.services.counting import Key, counting, hold, in_month
from linli.people.services.register import (
    Stay,
    check_stay,
    end_residences,
    locked_person,
    new_residences,
    raise_versions,
    save_changed,
)
from linli.people.services.wording import write_words
from linli.places.selectors.homes import HomeAt, get_home

LIVING = (ResidenceKind.LIVES, ResidenceKind.RENTS)
HERE, ELSEWHERE = "here", "elsewhere"  # to another home of the register, or to nobody knows where
MOST_TOGETHER: Final = 30


@transaction.atomic
def move_in(
    *,
    person_id: UUID,
    home_id: UUID,
    stay: Stay,
    actor: Actor,
    now: datetime,
) -> Person:
    """Let somebody who is registered live in, rent or own a home; twice is once.

    Whoever comes to live here leaves where they lived until now. Who may register at the new home may do
    so; the old home's people see it in its history.
    Errors: NotAllowed, NotFound, BadInput, IsGone.
    """
    target = get_home(home_id)
    actor.require(REGISTER, target.area_path)
    check_stay(stay, _today(now))
    # Whoever comes from elsewhere is not in the actor's area yet: the new home's area counts.
    person, old = locked_person(person_id, actor, area_path=target.area_path)
    new = _not_yet(person, target, stay)
    if not new.kinds:
        return person
    households = hold({old.id: old, target.id: target}.values(), now)
    with counting(sorted({old.id, target.id})) as counts:
        if stay.is_living:
            _leave_others(person, target, stay, now)
            _count_departure(counts, person, old, target, stay.starts_on or _today(now))
        insert_all(new_residences(person, new, now, home_id=target.id))
        if stay.is_living:
            _settle(person, target, now)
            _count_arrival(counts, target, stay)
        else:
            save_changed(person, now)
    raise_versions(list(households.values()))
    write_words(person, target if stay.is_living else old)
    _tell(person, "in", target, kind=stay.kinds[0], actor=actor, now=now)
    return person


@transaction.atomic
def move_out(
    *,
    person_id: UUID,
    home_id: UUID,
    kinds: tuple[str, ...] = LIVING,
    ends_on: date | None,
    reason: str = "",
    place_to: str = "",
    actor: Actor,
    now: datetime,
) -> Person:
    """End that somebody lives in, rents or owns a home; who lives nowhere else is away.

    ends_on: None when nobody knows the day. place_to: where to, in words.
    Errors: NotAllowed, NotFound, BadInput (a day to come, or before they came), IsGone.
    """
    person, home = locked_person(person_id, actor)
    if ends_on is not None and ends_on > _today(now):
        raise BadInput(_("迁出日期还没有到，到了那天再登记。"), field="ends_on")
    held = _held(person, home_id, kinds)
    if not held:
        return person
    if ends_on and any(row.starts_on and row.starts_on > ends_on for row in held):
        raise BadInput(_("迁出日期早于入住日期，核对一下。"), field="ends_on")
    households = hold([home], now)
    with counting([home.id]) as counts:
        for row in end_residences(
            person, ended_on=ends_on, reason=reason, now=now, kinds=kinds, home_id=home_id
        ):
            row.place_to = place_to[:120]
            row.save(update_fields=["place_to"])
        leaves = home_id == home.id and bool(set(kinds) & set(LIVING))
        if leaves and person.state == PersonState.HERE:
            person.state, person.state_on = PersonState.AWAY, ends_on
            counts[in_month(home, "out", ends_on or _today(now))] += 1
        save_changed(person, now)
    raise_versions(list(households.values()))
    _tell(person, "out", home, kind=kinds[0], actor=actor, now=now, home_id=home_id)
    return person


@transaction.atomic
def move_together(
    *,
    person_ids: Sequence[UUID],
    from_id: UUID,
    home_id: UUID,
    stay: Stay,
    actor: Actor,
    now: datetime,
) -> list[Person]:
    """Let people of one home move to another one together; each stays to the head what they were.

    Who owned the old home goes on owning it. Errors: as `move_in`, BadInput (nobody, the same home).
    """
    if from_id == home_id:
        raise BadInput(_("这就是现在住的那一户。"), field="number")
    relations = _living_in(from_id, person_ids)
    return [
        move_in(
            person_id=person_id,
            home_id=home_id,
            stay=replace(stay, relation=relation),
            actor=actor,
            now=now,
        )
        for person_id, relation in relations.items()
    ]


@transaction.atomic
def leave_together(
    *,
    person_ids: Sequence[UUID],
    home_id: UUID,
    ends_on: date | None,
    reason: str = "",
    place_to: str = "",
    actor: Actor,
    now: datetime,
) -> list[Person]:
    """Let people of one home leave it together. Errors: as `move_out`, BadInput (nobody)."""
    return [
        move_out(
            person_id=person_id,
            home_id=home_id,
            ends_on=ends_on,
            reason=reason,
            place_to=place_to,
            actor=actor,
            now=now,
        )
        for person_id in _living_in(home_id, person_ids)
    ]


def _living_in(home_id: UUID, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return those who live in a home, with what they are to its head. Errors: BadInput."""
    rows = Residence.objects.filter(home_id=home_id, ended_at=None, kind__in=LIVING)
    rows = rows.filter(person_id__in=person_ids[:MOST_TOGETHER]).order_by("person_id")
    found = dict(rows.values_list("person_id", "relation"))
    if not found:
        raise BadInput(_("勾一下是谁搬。"), field="people")
    return found


def _held(person: Person, home_id: UUID, kinds: tuple[str, ...]) -> list[Residence]:
    rows = Residence.objects.filter(person=person, home_id=home_id, ended_at=None)
    return list(rows.filter(kind__in=kinds))


def _not_yet(person: Person, target: HomeAt, stay: Stay) -> Stay:
    """Return the stay without what holds already."""
    held = {row.kind for row in _held(person, target.id, tuple(ResidenceKind.values))}
    if set(LIVING) & held & set(stay.kinds) and held >= set(stay.kinds):
        return Stay(kinds=())
    kinds = tuple(kind for kind in stay.kinds if kind not in held)
    return Stay(
        kinds=kinds,
        relation=stay.relation,
        starts_on=stay.starts_on,
        reason=stay.reason,
        place_from=stay.place_from,
    )


def _leave_others(person: Person, target: HomeAt, stay: Stay, now: datetime) -> None:
    for home_id in set(
        Residence.objects.filter(person=person, ended_at=None, kind__in=LIVING)
        .exclude(home_id=target.id)
        .values_list("home_id", flat=True)
    ):
        end_residences(
            person,
            ended_on=stay.starts_on,
            reason=stay.reason,
            now=now,
            kinds=LIVING,
            home_id=home_id,
        )


def _settle(person: Person, target: HomeAt, now: datetime) -> None:
    person.home_id, person.building_id = target.id, target.building_id
    person.community_id = target.community_id
    person.state, person.state_on = PersonState.HERE, None
    save_changed(person, now)


def _count_arrival(counts: Counter[Key], target: HomeAt, stay: Stay) -> None:
    if stay.starts_on is not None:
        counts[in_month(target, "in", stay.starts_on)] += 1


def _count_departure(
    counts: Counter[Key], person: Person, old: HomeAt, target: HomeAt, day: date
) -> None:
    if person.state == PersonState.HERE and old.id != target.id:
        counts[in_month(old, "out", day)] += 1


def _today(now: datetime) -> date:
    return clock.local(now).date()


def _tell(
    person: Person,
    way: str,
    home: HomeAt,
    *,
    kind: str,
    actor: Actor,
    now: datetime,
    home_id: UUID | None = None,
) -> None:
    event = PersonMoved(
        subject_id=person.pk,
        area_path=home.area_path,
        way=way,
        home_id=home_id or home.id,
        kind=kind,
        is_gone=person.state != PersonState.HERE,
    )
    events.record(event, actor=actor, at=now)
