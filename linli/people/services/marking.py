"""Tags are given and taken off; relations are entered and ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.rows import insert_once
from linli.people.events import PersonTagged, PersonUntagged, RelationChanged
from linli.people.models import KnownFrom, Person, PersonTag, Relation, RelationKind, TagKind
from linli.people.rules.identity import clean_name
from linli.people.selectors.finding import REGISTER, hash_of
from linli.people.selectors.register import SENSITIVE
from linli.people.services.contacts import phone_or_refuse
from linli.people.services.counting import counting, hold
from linli.people.services.register import locked_person, save_changed
from linli.places.selectors.homes import homes_at

NOTE_LENGTH = 200


@transaction.atomic
def tag_person(
    *,
    person_id: UUID,
    code: str,
    note: str = "",
    source: str = KnownFrom.DESK,
    actor: Actor,
    now: datetime,
) -> Person:
    """Give somebody a tag that the blueprint names; twice is once.

    Errors: NotAllowed (a sensitive one asks for a right of its own), NotFound, BadInput, IsGone.
    """
    person, home = locked_person(person_id, actor)
    kind = _kind(code, actor, home.area_path)
    if len(note) > NOTE_LENGTH:
        raise BadInput(_("说明最多 %(n)d 个字。") % {"n": NOTE_LENGTH}, field="note")
    hold([home], now)
    row = PersonTag(person=person, kind=kind, note=note, source=source)
    row.recorded_at, row.recorded_by = now, actor.who
    with counting([home.id]):
        if not insert_once(row):
            return person
    save_changed(person, now)
    event = PersonTagged(
        subject_id=person.pk, area_path=home.area_path, tag="" if kind.is_sensitive else code
    )
    events.record(event, actor=actor, at=now)
    return person


@transaction.atomic
def untag_person(*, person_id: UUID, code: str, actor: Actor, now: datetime) -> Person:
    """Take a tag off; one that isn't there is no matter. Errors: as `tag_person`."""
    person, home = locked_person(person_id, actor)
    kind = _kind(code, actor, home.area_path)
    hold([home], now)
    with counting([home.id]):
        held = PersonTag.objects.filter(person=person, kind=kind, ended_at=None)
        if not held.update(ended_at=now):
            return person
    save_changed(person, now)
    event = PersonUntagged(
        subject_id=person.pk, area_path=home.area_path, tag="" if kind.is_sensitive else code
    )
    events.record(event, actor=actor, at=now)
    return person


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Who belongs to a person: by id when registered, else by name and phone."""

    kind: str
    person_id: UUID | None = None
    name: str = ""
    phone: str = ""
    is_contact: bool = False


@transaction.atomic
def add_relation(*, person_id: UUID, other: Other, actor: Actor, now: datetime) -> Relation:
    """Enter who belongs to somebody. Errors: NotAllowed, NotFound, BadInput, IsGone."""
    person, home = locked_person(person_id, actor)
    if other.kind not in RelationKind.values:
        raise BadInput(_("选一下是什么关系。"), field="kind")
    phone = phone_or_refuse(other.phone)
    name = clean_name(other.name)
    if other.person_id is None and not name:
        raise BadInput(_("写一下名字。"), field="name")
    row = Relation(
        person=person,
        other=_other(other.person_id, person, actor),
        kind=other.kind,
        name=name[:40],
        phone=phone,
        phone_hash=hash_of("phone", phone),
        is_contact=other.is_contact,
        created_at=now,
    )
    row.save(force_insert=True)
    save_changed(person, now)
    event = RelationChanged(subject_id=person.pk, area_path=home.area_path, relation_id=row.pk)
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def end_relation(*, relation_id: UUID, actor: Actor, now: datetime) -> Person:
    """End that somebody belongs to a person. Errors: NotAllowed, NotFound, IsGone."""
    row = Relation.objects.select_for_update(of=("self",)).filter(pk=relation_id).first()
    if row is None:
        raise NotFound(_("没有找到这条关系。"))
    person, home = locked_person(row.person_id, actor)
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        save_changed(person, now)
        event = RelationChanged(
            subject_id=person.pk, area_path=home.area_path, relation_id=row.pk, is_ended=True
        )
        events.record(event, actor=actor, at=now)
    return person


def _kind(code: str, actor: Actor, area_path: str) -> TagKind:
    kind = TagKind.objects.filter(code=code, is_active=True).first()
    if kind is None:
        raise BadInput(_("没有这个标签，重新选一下。"), field="tag")
    if kind.is_sensitive:
        actor.require(SENSITIVE, area_path)
    return kind


def _other(person_id: UUID | None, person: Person, actor: Actor) -> Person | None:
    if person_id is None:
        return None
    found = Person.objects.filter(pk=person_id).exclude(pk=person.pk).first()
    if found is None:
        raise NotFound(_("没有找到这位居民，或者不归您的岗位管。"))
    actor.require(REGISTER, homes_at([found.home_id])[found.home_id].area_path)
    return found
