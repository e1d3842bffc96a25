"""Questions about contacts: masked for everybody, in full only where a service has recorded why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.kernel import masking, tenancy
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.prepared import PreparedModels
from linli.kernel.secrets import lookup_hash
from linli.people import rules
from linli.people.models import Account, Contact, Purpose, Reveal
from linli.people.selectors.accounts import Reach, account_names


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """A contact as a page shows it: masked, unless `is_revealed`."""

    id: UUID
    name: str
    phone: str
    address: str
    tail: str
    has_phone: bool
    is_revealed: bool = False
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealLine:
    """One line of the log of reveals."""

    id: UUID
    who: str
    purpose: str
    note: str
    contact: str  # masked; of a list, how many
    subject_id: UUID | None
    revealed_at: datetime


def contact_card(contact_id: UUID) -> ContactCard:
    """Return a contact, masked. Errors: NotFound."""
    for contact in _find_contact(contact_id=contact_id):
        return masked(contact)
    raise NotFound(_("没有找到这位联系人。"))


@PreparedModels
def _find_contact(_shape: None, *, contact_id: UUID) -> QuerySet[Contact]:
    return Contact.objects.filter(pk=contact_id)


def contact_cards(contact_ids: Iterable[UUID]) -> dict[UUID, ContactCard]:
    """Return contacts by id, masked; unknown ids are left out."""
    return {one.id: masked(one) for one in Contact.objects.filter(id__in=set(contact_ids))}


def contact_cards_in_full(contact_ids: Iterable[UUID]) -> dict[UUID, ContactCard]:
    """Return contacts by id in full; only for what `record_reveal_of_many` records."""
    return {one.id: revealed(one) for one in Contact.objects.filter(id__in=set(contact_ids))}


def masked(contact: Contact) -> ContactCard:
    """Return the card of a contact with name, phone and address masked."""
    return ContactCard(
        id=contact.id,
        name=masking.mask_name(contact.name),
        phone=masking.mask_phone(contact.phone),
        address=masking.mask_address(contact.address),
        tail=contact.phone_tail,
        has_phone=bool(contact.phone_tail),
        account_id=contact.account_id,
    )


def revealed(contact: Contact) -> ContactCard:
    """Return the card of a contact in full; only for the service that records why."""
    return ContactCard(
        id=contact.id,
        name=contact.name,
        phone=contact.phone,
        address=contact.address,
        tail=contact.phone_tail,
        has_phone=bool(contact.phone_tail),
        is_revealed=True,
        account_id=contact.account_id,
    )


def find_contacts_by_phone(phone: str) -> list[UUID]:
    """Return the contacts with that phone, however it is written; [] when it is no phone."""
    normal = rules.normalise_phone(phone)
    if normal is None:
        return []
    hashed = lookup_hash("phone", normal, tenancy.current_tenant_id())
    return list(
        Contact.objects.filter(phone_hash=hashed).order_by("id").values_list("id", flat=True)
    )


def contact_ids_of_account(account_id: UUID) -> list[UUID]:
    """Return the contacts that are a resident's own: kept while signed in, or with the account's phone.

    Whoever proved by a code that the phone is theirs sees what was reported with it before.
    """
    hashes = Account.objects.filter(pk=account_id).values_list("phone_hash", flat=True)
    same_phone = Q(phone_hash__in=[one for one in hashes if one], account_id=None)
    own = Contact.objects.filter(Q(account_id=account_id) | same_phone)
    return list(own.order_by("id").values_list("id", flat=True))


def reach_contacts(contact_ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """Return name and phone in clear, for the adapters that send messages; unknown ones are left out."""
    wanted = set(contact_ids)
    rows = Contact.objects.filter(pk__in=wanted).values_list("id", "name", "phone", "account_id")
    return {
        one: Reach(name=name, phone=phone, email="", account_id=account_id)
        for one, name, phone, account_id in (rows if wanted else ())
    }


def reach_contact(contact_id: UUID) -> Reach:
    """Return name and phone in clear, for the adapters that send messages. Errors: NotFound."""
    try:
        contact = Contact.objects.get(pk=contact_id)
    except Contact.DoesNotExist:
        raise NotFound(_("没有找到这位联系人。")) from None
    return Reach(name=contact.name, phone=contact.phone, email="", account_id=contact.account_id)


def reveals(actor: Actor, *, before: UUID | None = None, limit: int = 50) -> list[RevealLine]:
    """Return who saw whom in full and why, newest first, for the security office.

    before: the id of the last line of the page before.
    Errors: NotAllowed.
    """
    actor.require("kernel.security")
    rows = Reveal.objects.select_related("contact", "person").order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:limit])
    names = account_names(row.account_id for row in found if row.account_id)
    return [
        RevealLine(
            id=row.id,
            who=names.get(row.account_id, "") if row.account_id else "",
            purpose=str(Purpose(row.purpose).label),
            note=row.note,
            contact=_seen(row),
            subject_id=row.subject_id,
            revealed_at=row.revealed_at,
        )
        for row in found
    ]


def _seen(row: Reveal) -> str:
    if row.person is not None:
        return masking.mask_name(row.person.name)
    if row.contact is None:
        return _("导出的清单，%(n)d 位") % {"n": row.count}
    return masking.mask_name(row.contact.name) or masking.mask_phone(row.contact.phone)
