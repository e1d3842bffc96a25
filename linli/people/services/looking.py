"""Shows a person in full to who says why, and leaves a row that the person may read one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.people.events import PersonRevealed
from linli.people.models import Person, Reveal
from linli.people.selectors.register import SENSITIVE
from linli.people.services.contacts import NOTE_LENGTH, check_purpose, shortened
from linli.places.selectors.homes import homes_at

REVEAL = "people.reveal"
CONTACT, ID = "contact", "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInFull:
    """A person as they are; only for whoever said why. What was not asked for is ""."""

    id: UUID
    name: str
    phone: str
    id_number: str
    born_on: date | None
    home_label: str


class InFull:
    """What of a list is shown in full: a purpose was said, and the duty holds where each row lies.

    Numbers and birthdays ask for the duty that one person's would. count: how many rows were shown so.
    """

    def __init__(self, actor: Actor, *, is_asked: bool) -> None:
        self._actor, self._is_asked = actor, is_asked
        self._known: dict[str, frozenset[str]] = {}
        self.count = 0

    def parts(self, area_path: str) -> frozenset[str]:
        """Return what a row of a place shows in full: "contact", "id", both or nothing; and count it."""
        if not self._is_asked:
            return frozenset()
        if area_path not in self._known:
            duties = {CONTACT: REVEAL, ID: SENSITIVE} if self._actor.can(REVEAL, area_path) else {}
            seen = (part for part, duty in duties.items() if self._actor.can(duty, area_path))
            self._known[area_path] = frozenset(seen)
        found = self._known[area_path]
        self.count += bool(found)
        return found


@transaction.atomic
def reveal_person(
    *,
    person_id: UUID,
    purpose: str,
    note: str = "",
    parts: Sequence[str] = (CONTACT,),
    subject_id: UUID | None = None,
    is_allowed: bool = False,
    actor: Actor,
    now: datetime,
) -> PersonInFull:
    """Return somebody in full and record who saw it, why, and about which subject.

    parts: "contact" (name and phone), "id" (number and birthday too, for who may see sensitive things).
    is_allowed: the caller has found that the actor cares for this person; else the duty is asked for.
    Errors: NotAllowed, NotFound, BadInput (no purpose, or "other" without words).
    """
    check_purpose(purpose, note)
    if not parts or set(parts) - {CONTACT, ID}:
        raise BadInput(_("选一下要看哪些。"), field="parts")
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("没有找到这位居民，或者不归您的岗位管。"))
    home = homes_at([person.home_id])[person.home_id]
    if not is_allowed:
        actor.require(REVEAL, home.area_path)
    if ID in parts:
        actor.require(SENSITIVE, home.area_path)
    row = Reveal.objects.create(
        person=person,
        parts=",".join(sorted(set(parts))),
        account_id=actor.who,
        purpose=purpose,
        note=shortened(note, NOTE_LENGTH, "note"),
        subject_id=subject_id or person.pk,
        area_path=home.area_path,
        revealed_at=now,
    )
    event = PersonRevealed(
        subject_id=person.pk,
        area_path=home.area_path,
        purpose=purpose,
        parts=row.parts,
        reveal_id=row.pk,
    )
    events.record(event, actor=actor, at=now)
    sees_id = ID in parts
    return PersonInFull(
        id=person.pk,
        name=person.name,
        phone=person.phone,
        id_number=person.id_number if sees_id else "",
        born_on=person.born_on if sees_id else None,
        home_label=home.label,
    )
