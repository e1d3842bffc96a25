"""People are registered, corrected, and die; each change counted, found by its words, and told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.kernel import clock, events, masking
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.idempotency import fingerprint, once
from linli.kernel.rows import insert_all, made
from linli.people.errors import AlreadyRegistered, ChangedMeanwhile, IsGone
from linli.people.events import PersonCorrected, PersonDied, PersonRegistered
from linli.people.models import (
    HeadRelation,
    Household,
    KnownFrom,
    MoveReason,
    Person,
    PersonState,
    Residence,
    ResidenceKind,
)
from linli.people.selectors.finding import REGISTER
from linli.people.services.counting import counting, hold, in_month
from linli.people.services.saying import PersonFacts, put
from linli.people.services.twins import note_twins
from linli.people.services.wording import write_words
from linli.places.selectors.homes import HomeAt, get_home, homes_at

EDITABLE: Final = ("name", "id_kind", "id_number", "sex", "born_on", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What ties a person to a home, since when, and why they came.

    kinds: "lives", "rents", "owns"; who owns the home and lives in it has two.
    """

    kinds: tuple[str, ...] = ("lives",)
    relation: str = ""  # to the head of the household
    starts_on: date | None = None
    reason: str = ""
    place_from: str = ""

    @property
    def is_living(self) -> bool:
        """Tell whether the person lives there."""
        return any(kind != ResidenceKind.OWNS for kind in self.kinds)


@transaction.atomic
def register_person(
    *,
    home_id: UUID,
    facts: PersonFacts,
    stay: Stay,
    source: str = KnownFrom.DESK,
    at: datetime | None = None,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> Person:
    """Enter somebody at a home; the same key again gives the same person.

    at: when it was seen to be so, `now` when left out.
    Errors: NotAllowed, NotFound, BadInput, AlreadyRegistered, Conflict (the key with other content).
    """
    home = get_home(home_id)
    actor.require(REGISTER, home.area_path)
    check_stay(stay, clock.local(now).date())

    def make() -> UUID:
        person = new_person(home, stay, source, at or now, now)
        return _register(person, home, facts, stay, actor=actor, now=now).pk

    said = fingerprint(home_id, *asdict(facts).values(), *asdict(stay).values())
    person_id, _is_new = once("people.register", key, said, make)
    return Person.objects.get(pk=person_id)


def _register(
    person: Person, home: HomeAt, facts: PersonFacts, stay: Stay, *, actor: Actor, now: datetime
) -> Person:
    put(person, asdict(facts), now)
    refuse_known(person, actor)
    household = hold([home], now)[home.id]
    with counting([home.id]) as counts:
        insert_all([person])
        insert_all(new_residences(person, stay, now))
        if stay.is_living and stay.starts_on is not None:
            figure = "born" if stay.reason == MoveReason.BIRTH else "in"
            counts[in_month(home, figure, stay.starts_on)] += 1
    raise_versions([household])
    write_words(person, home)
    note_twins(person, now)
    event = PersonRegistered(
        subject_id=person.pk, area_path=home.area_path, home_id=home.id, source=person.source
    )
    events.record(event, actor=actor, at=now)
    return person


@transaction.atomic
def correct_person(
    *,
    person_id: UUID,
    facts: Mapping[str, Any],
    version: int | None = None,
    source: str = KnownFrom.DESK,
    at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Person:
    """Correct what is known of somebody; what is said again unchanged counts as found right.

    facts: any of EDITABLE. version: what the form was made from; None doesn't ask.
    Errors: NotAllowed, NotFound, BadInput, ChangedMeanwhile, IsGone, AlreadyRegistered.
    """
    person, home = locked_person(person_id, actor)
    if version is not None and version != person.version:
        raise ChangedMeanwhile(_("刚才有人改过这份登记，看一下现在的内容再改。"))
    if unknown := facts.keys() - set(EDITABLE):
        raise BadInput(_("这一项不能这样改。"), field=min(unknown))
    changed = put(person, facts, now)
    if "id_number" in changed:
        refuse_known(person, actor)
    person.checked_at = max(person.checked_at, at or now)
    if changed:
        person.source = source
    save_changed(person, now)
    if {"name", "phone"} & set(changed):
        write_words(person, home)
    if changed:
        note_twins(person, now)
    event = PersonCorrected(
        subject_id=person.pk,
        area_path=home.area_path,
        changed=",".join(changed),
        version=person.version,
        source=source,
    )
    events.record(event, actor=actor, at=now)
    return person


@transaction.atomic
def record_death(*, person_id: UUID, died_on: date, actor: Actor, now: datetime) -> Person:
    """Record that somebody has died: they live nowhere any more, their history stays.

    A second record of it changes nothing. Errors: NotAllowed, NotFound, BadInput, IsGone (merged).
    """
    person, home = locked_person(person_id, actor, is_dead_too=True)
    if person.state == PersonState.DIED:
        return person
    if not (person.born_on or date.min) <= died_on <= clock.local(now).date():
        raise BadInput(_("去世日期不能早于出生，也不能晚于今天。"), field="died_on")
    household = hold([home], now)[home.id]
    was_here = person.state == PersonState.HERE
    with counting([home.id]) as counts:
        end_residences(person, ended_on=died_on, reason=MoveReason.DEATH, now=now)
        person.state, person.state_on = PersonState.DIED, died_on
        save_changed(person, now)
        if was_here:
            counts[in_month(home, "died", died_on)] += 1
    raise_versions([household])
    died = PersonDied(subject_id=person.pk, area_path=home.area_path)
    events.record(died, actor=actor, at=now)
    return person


# What the services of the register share


def locked_person(
    person_id: UUID, actor: Actor, *, is_dead_too: bool = False, area_path: str = ""
) -> tuple[Person, HomeAt]:
    """Return a person with the row locked, and their home.

    area_path: where the actor's right is asked for; the person's own area when left out.
    Errors: NotFound, NotAllowed, IsGone.
    """
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("没有找到这位居民，或者不归您的岗位管。"))
    home = homes_at([person.home_id])[person.home_id]
    actor.require(REGISTER, area_path or home.area_path)
    if person.state == PersonState.MERGED:
        raise IsGone(_("这份登记已经合并到另一份，在那一份上改。"))
    if person.state == PersonState.DIED and not is_dead_too:
        raise IsGone(_("这位居民已登记去世。登记错了，先让社区负责人更正。"))
    return person, home


def check_stay(stay: Stay, today: date) -> None:
    """Refuse a stay that can't be. Errors: BadInput."""
    if not stay.kinds or set(stay.kinds) - set(ResidenceKind.values):
        raise BadInput(_("选一下是居住、租住还是产权人。"), field="kinds")
    if stay.relation not in HeadRelation.values or stay.reason not in MoveReason.values:
        raise BadInput(_("这个选项现在没有了，另选一个。"), field="relation")
    if stay.starts_on is not None and stay.starts_on > today:
        raise BadInput(_("入住日期还没有到，到了那天再登记。"), field="starts_on")


def new_person(home: HomeAt, stay: Stay, source: str, at: datetime, now: datetime) -> Person:
    """Return a person at a home who is not in the database yet."""
    return made(
        Person,
        home_id=home.id,
        building_id=home.building_id,
        community_id=home.community_id,
        state=PersonState.HERE if stay.is_living else PersonState.AWAY,
        source=source,
        checked_at=min(at, now),
        created_at=now,
        updated_at=now,
    )


def new_residences(
    person: Person, stay: Stay, now: datetime, home_id: UUID | None = None
) -> list[Residence]:
    """Return the rows of a stay; home_id: of another home than the person's main one."""
    return [
        made(
            Residence,
            person_id=person.pk,
            home_id=home_id or person.home_id,
            kind=kind,
            relation="" if kind == ResidenceKind.OWNS else stay.relation,
            starts_on=stay.starts_on,
            reason_in=stay.reason,
            place_from=stay.place_from,
            recorded_at=now,
        )
        for kind in dict.fromkeys(stay.kinds)
    ]


def end_residences(
    person: Person,
    *,
    ended_on: date | None,
    reason: str,
    now: datetime,
    kinds: tuple[str, ...] = tuple(ResidenceKind.values),
    home_id: UUID | None = None,
) -> list[Residence]:
    """End what ties a person to a home, or to all homes; return the rows that ended."""
    rows = Residence.objects.filter(person=person, ended_at=None, kind__in=kinds).order_by("id")
    if home_id is not None:
        rows = rows.filter(home_id=home_id)
    ended = list(rows)
    for row in ended:
        # A day that is known to be wrong is worse than none: nobody leaves before coming.
        is_sound = row.starts_on is None or ended_on is None or ended_on >= row.starts_on
        row.ended_at, row.ends_on, row.reason_out = now, ended_on if is_sound else None, reason
        row.save(update_fields=["ended_at", "ends_on", "reason_out", "place_to"])
    return ended


def refuse_known(person: Person, actor: Actor) -> None:
    """Errors: AlreadyRegistered, when the identity number is another's; where, if it may be told."""
    if not person.id_hash:
        return
    others = Person.objects.filter(id_hash=person.id_hash).exclude(id_hash="")
    others = others.exclude(pk=person.pk).exclude(state=PersonState.MERGED)
    other = others.order_by("id").first()
    if other is None:
        return
    home = homes_at([other.home_id])[other.home_id]
    where = f"{masking.mask_name(other.name)}，{home.label}"
    if not actor.can(REGISTER, home.area_path):
        where = _("在别的社区或网格")
    raise AlreadyRegistered(
        _("这个证件号码已经登记过（%(where)s）。人搬来了就办“迁入”，不用重新登记。")
        % {"where": where},
        field="id_number",
    )


def save_changed(person: Person, now: datetime) -> None:
    """Save a person as the next version."""
    person.version, person.updated_at = person.version + 1, now
    person.save()


def raise_versions(households: list[Household]) -> None:
    """Count up the versions of households whose people changed."""
    ids = [one.pk for one in households]
    Household.objects.filter(pk__in=ids).update(version=F("version") + 1)
