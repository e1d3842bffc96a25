"""What somebody may know of what we keep about them: consents, who looked, whose record it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import masking
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.secrets import lookup_hash
from linli.people.models import (
    Account,
    AccountKind,
    Consent,
    ConsentPurpose,
    ConsentWording,
    GivenHow,
    Person,
    PersonLink,
    Purpose,
    Reveal,
)
from linli.people.rules import wordings
from linli.people.selectors.contacts import contact_ids_of_account
from linli.people.selectors.finding import REGISTER
from linli.people.selectors.register import get_person

MOST: Final = 200
# Who keeps consents, copies and whose account is whose.
KEEP: Final = REGISTER

PostNames = Callable[[Iterable[UUID]], dict[UUID, str]]
_post_names: list[PostNames] = []


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose data it is: a record of the register, an account, or both, when they are one."""

    person_id: UUID | None = None
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """A purpose as its owner sees it: what was agreed to when, or what could be."""

    purpose: str
    label: str
    version: str  # of the words in force
    text: str
    on_withdrawal: str
    given: Consent | None  # the one that holds
    given_how: str
    is_outdated: bool  # agreed to older words


@dataclass(frozen=True, slots=True, kw_only=True)
class LookLine:
    """Somebody looked at a record: in which post, when, why; never who by name."""

    when: datetime
    post: str
    purpose: str
    what: str


def register_post_names(source: PostNames) -> None:
    """Ask this in which posts accounts act; a higher room knows."""
    if source not in _post_names:
        _post_names.append(source)


def own(actor: Actor) -> Owner:
    """Return whose data the signed-in person's is; staff have an account too. Errors: NotFound."""
    if actor.kind not in (ActorKind.RESIDENT, ActorKind.STAFF) or actor.account_id is None:
        raise NotFound(_("没有找到这一页。"))
    return Owner(person_id=person_of_account(actor.account_id), account_id=actor.account_id)


def owner_of_person(person_id: UUID, actor: Actor) -> Owner:
    """Return whose data a record is, for staff who keep the register there. Errors: NotFound."""
    get_person(person_id, actor)
    return Owner(person_id=person_id, account_id=account_of_person(person_id))


def person_of_account(account_id: UUID) -> UUID | None:
    """Return the record that an account is linked with; of a merged one, what it became."""
    rows = PersonLink.objects.filter(account_id=account_id, ended_at=None).select_related("person")
    link = next(iter(rows), None)
    return (link.person.merged_into_id or link.person_id) if link else None


def account_of_person(person_id: UUID) -> UUID | None:
    """Return the account that is linked with a record, the newest if there are several."""
    rows = PersonLink.objects.filter(person_id=person_id, ended_at=None, account__ended_at=None)
    return next(iter(rows.order_by("-linked_at", "-id").values_list("account_id", flat=True)), None)


def consent_lines(owner: Owner) -> list[ConsentLine]:
    """Return every purpose with the words in force and what the owner said to it."""
    given = {row.purpose: row for row in consents_of(owner) if row.withdrawn_at is None}
    return [_consent_line(one, given.get(one)) for one in ConsentPurpose.values]


def consents_of(owner: Owner) -> list[Consent]:
    """Return everything that the owner ever agreed to, newest first."""
    return list(Consent.objects.filter(_owned(owner)).order_by("-given_at", "-id")[:MOST])


def has_consent(
    purpose: str, *, person_id: UUID | None = None, account_id: UUID | None = None
) -> bool:
    """Tell whether somebody agrees to a purpose now."""
    owner = Owner(person_id=person_id, account_id=account_id)
    return Consent.objects.filter(_owned(owner), purpose=purpose, withdrawn_at=None).exists()


def wording_of(purpose: str, version: str = "") -> tuple[str, str, str]:
    """Return version, words and what withdrawing does; the newest, or of that version.

    The community's own words come first, then those of the product (`rules.wordings`).
    """
    rows = ConsentWording.objects.filter(purpose=purpose)
    if version:
        rows = rows.filter(version=version)
    row = next(iter(rows.order_by("-starts_at", "-id")), None)
    if row is not None:
        return row.version, row.text, row.on_withdrawal
    first = wordings.FIRST[purpose]
    return wordings.VERSION, first.text, first.on_withdrawal


def looks(owner: Owner) -> list[LookLine]:
    """Return who looked at what is kept about the owner, newest first: by post, with the purpose.

    Source: beyond.md 21; Personal Information Protection Law, articles 44 and 45.
    """
    contacts = contact_ids_of_account(owner.account_id) if owner.account_id else []
    where = Q(contact_id__in=contacts)
    if owner.person_id:
        where |= Q(person_id=owner.person_id)
    rows = list(Reveal.objects.filter(where).order_by("-revealed_at", "-id")[:MOST])
    posts = _posts_of({row.account_id for row in rows if row.account_id})
    return [
        LookLine(
            when=row.revealed_at,
            post=posts.get(row.account_id, _("工作人员")) if row.account_id else _("工作人员"),
            purpose=str(Purpose(row.purpose).label),
            what=_seen(row),
        )
        for row in rows
    ]


def linkable(person_id: UUID, actor: Actor) -> list[tuple[str, str]]:
    """Return the residents' accounts that may be a person's: those with the same phone, masked."""
    get_person(person_id, actor)
    phone = Person.objects.get(pk=person_id).phone
    if not phone:
        return []
    rows = Account.objects.filter(kind=AccountKind.RESIDENT, ended_at=None)
    same = rows.filter(phone_hash=account_hash(phone, actor.tenant_id))
    return [
        (str(one.pk), f"{masking.mask_name(one.name) or _('居民')} {masking.mask_phone(one.phone)}")
        for one in same.order_by("id")
    ]


def account_hash(phone: str, tenant_id: int) -> str:
    """Return what an account of that phone is found by."""
    return lookup_hash("phone", phone, tenant_id)


def _owned(owner: Owner) -> Q:
    where = Q(pk=None)
    if owner.person_id:
        where |= Q(person_id=owner.person_id)
    if owner.account_id:
        where |= Q(account_id=owner.account_id)
    return where


def _consent_line(purpose: str, given: Consent | None) -> ConsentLine:
    version, text, on_withdrawal = wording_of(purpose)
    return ConsentLine(
        purpose=purpose,
        label=str(ConsentPurpose(purpose).label),
        version=version,
        text=text,
        on_withdrawal=on_withdrawal,
        given=given,
        given_how=str(GivenHow(given.given_how).label) if given else "",
        is_outdated=given is not None and given.version != version,
    )


def _posts_of(account_ids: set[Any]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for source in _post_names:
        found |= source(account_ids - found.keys())
    return found


def _seen(row: Reveal) -> str:
    if row.person_id is None:
        return _("反映事情时留的姓名和电话")
    words = {"contact": _("姓名和电话"), "id": _("证件号码和生日"), "facts": _("登记的情况")}
    return "、".join(words.get(one, one) for one in row.parts.split(",") if one)
