"""Contacts: how to reach a reporter, kept with their consent and shown in full only with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events, rows
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.prepared import Prepared
from linli.kernel.secrets import lookup_hash
from linli.people import rules
from linli.people.events import ContactRevealed, ContactsExported
from linli.people.models import Account, Contact, Purpose, Reveal
from linli.people.selectors.contacts import ContactCard, revealed

NAME_LENGTH = 30
ADDRESS_LENGTH = 120
NOTE_LENGTH = 200


# Part of a larger transaction nearly always; a savepoint would cost every report two statements.
@transaction.atomic(savepoint=False)
def keep_contact(
    *,
    name: str = "",
    phone: str = "",
    address: str = "",
    consent_version: str = "",
    account_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Contact | None:
    """Keep how to reach a reporter; the same phone with the same name is the same contact.

    consent_version: the wording that the person agreed to; "" when staff took it down by word of mouth.
    account_id: the resident's account, which also fills in a name or phone that was left out.
    Returns None when nothing was given.
    Errors: BadInput (a phone that is none, a name or address that is too long).
    """
    name, address = (
        shortened(name, NAME_LENGTH, "name"),
        shortened(address, ADDRESS_LENGTH, "address"),
    )
    phone = phone_or_refuse(phone)
    if account_id is not None:
        name, phone = _from_account(account_id, name, phone)
    elif not (name or phone or address):
        return None
    hashed = lookup_hash("phone", phone, actor.tenant_id) if phone else ""
    contact = _same(name, hashed, account_id)
    if contact is not None:
        _agree(contact, address, consent_version, now)
        contact.save(update_fields=["address", "consent_version", "consented_at"])
        return contact
    contact = Contact(name=name, phone=phone, phone_hash=hashed, phone_tail=phone[-4:])
    contact.account_id, contact.created_at = account_id, now
    _agree(contact, address, consent_version, now)
    rows.insert(contact)
    return contact


@transaction.atomic
def reveal_contact(
    *,
    contact_id: UUID,
    purpose: str,
    note: str = "",
    area_path: str,
    subject_id: UUID | None,
    is_allowed: bool = False,
    actor: Actor,
    now: datetime,
) -> ContactCard:
    """Return a contact in full and record who saw it, why, and about which subject.

    is_allowed: the caller has found that the actor handles the subject; else the duty is asked for.
    Errors: NotAllowed, NotFound, BadInput (no purpose, or "other" without words).
    """
    if not is_allowed:
        actor.require("people.reveal", area_path)
    check_purpose(purpose, note)
    try:
        contact = Contact.objects.get(pk=contact_id)
    except Contact.DoesNotExist:
        raise NotFound(_("没有找到这位联系人。")) from None
    row = Reveal.objects.create(
        contact=contact,
        account_id=actor.who,
        purpose=purpose,
        note=shortened(note, NOTE_LENGTH, "note"),
        subject_id=subject_id,
        area_path=area_path,
        revealed_at=now,
    )
    event = ContactRevealed(
        subject_id=contact.id,
        area_path=area_path,
        purpose=purpose,
        about_id=subject_id,
        reveal_id=row.id,
    )
    events.record(event, actor=actor, at=now)
    return revealed(contact)


def check_reveal_of_many(*, purpose: str, note: str = "", actor: Actor) -> None:
    """Refuse a list with contacts in full unless the duty is held and the purpose is said.

    Errors: NotAllowed, BadInput (no purpose, "other" without words, too many words).
    """
    actor.require("people.reveal")
    check_purpose(purpose, note)
    shortened(note, NOTE_LENGTH, "note")


@transaction.atomic
def record_reveal_of_many(
    *,
    count: int,
    purpose: str,
    note: str = "",
    area_path: str = "",
    subject_id: UUID,
    actor: Actor,
    now: datetime,
) -> None:
    """Record that a list with so many contacts in full was made: one line, one event.

    subject_id: the run that wrote the list. Call it before anybody can fetch the list.
    Errors: as `check_reveal_of_many`.
    """
    check_reveal_of_many(purpose=purpose, note=note, actor=actor)
    row = Reveal.objects.create(
        contact=None,
        count=count,
        account_id=actor.who,
        purpose=purpose,
        note=shortened(note, NOTE_LENGTH, "note"),
        subject_id=subject_id,
        area_path=area_path,
        revealed_at=now,
    )
    event = ContactsExported(
        subject_id=subject_id,
        area_path=area_path,
        purpose=purpose,
        count=count,
        reveal_id=row.id,
    )
    events.record(event, actor=actor, at=now)


def phone_or_refuse(phone: str, *, field: str = "phone") -> str:
    """Return the phone as digits; "" stays "". Errors: BadInput."""
    if not phone.strip():
        return ""
    normal = rules.normalise_phone(phone)
    if normal is None:
        raise BadInput(
            _("这个电话号码打不通。手机号是 11 位，座机要带区号，例如 0518-86210000。"), field=field
        )
    return normal


def shortened(text: str, most: int, field: str) -> str:
    """Return the text on one line. Errors: BadInput when it is too long."""
    text = " ".join(text.split())
    if len(text) > most:
        raise BadInput(
            _("最多写 %(most)d 个字，现在有 %(have)d 个，删短一些再发。")
            % {"most": most, "have": len(text)},
            field=field,
        )
    return text


def _from_account(account_id: UUID, name: str, phone: str) -> tuple[str, str]:
    account = Account.objects.get(pk=account_id, ended_at=None)
    return name or account.name, phone or account.phone


def _same(name: str, hashed: str, account_id: UUID | None) -> Contact | None:
    # A name alone makes nobody the same person.
    if not hashed and account_id is None:
        return None
    known = [found[0] for found in _known(hashed=hashed, account_id=account_id)]
    # Most are met for the first time; only then is the whole row read.
    contacts = Contact.objects.filter(pk__in=known).order_by("-id") if known else ()
    return next((one for one in contacts if one.name == name), None)


@Prepared
def _known(_shape: None, *, hashed: str, account_id: UUID | None = None) -> Any:
    return Contact.objects.filter(phone_hash=hashed, account_id=account_id).values_list("pk")


def _agree(contact: Contact, address: str, consent_version: str, now: datetime) -> None:
    if address:
        contact.address = address
    if consent_version and contact.consent_version != consent_version:
        contact.consent_version, contact.consented_at = consent_version, now


def check_purpose(purpose: str, note: str) -> None:
    """Refuse to show somebody in full without a reason. Errors: BadInput."""
    if purpose not in Purpose.values:
        raise BadInput(_("先选一下为什么要看完整的联系方式。"), field="purpose")
    if purpose == Purpose.OTHER and not note.strip():
        raise BadInput(_("选了“其他”，写一句原因。"), field="note")
