"""Consents: given to a wording, withdrawn again, and what withdrawing does at once.

Withdrawing has effect here in the same transaction: what was agreed to is emptied. Rooms above hear
`ConsentWithdrawn` and stop what they did with it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.rows import insert_once
from linli.people.events import ConsentGiven, ConsentWithdrawn, PersonLinked
from linli.people.models import (
    Account,
    AccountKind,
    Consent,
    ConsentPurpose,
    ConsentWording,
    Contact,
    Fact,
    GivenHow,
    PersonLink,
    PersonTag,
    Relation,
)
from linli.people.selectors.contacts import contact_ids_of_account
from linli.people.selectors.privacy import Owner, own, owner_of_person, wording_of
from linli.people.selectors.register import get_person


@transaction.atomic
def give_consent(
    *,
    purpose: str,
    how: str = GivenHow.SELF,
    person_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Consent:
    """Agree to a purpose in its present words: oneself, or taken down by staff for a person.

    Agreeing anew to newer words replaces the older consent; to the same words changes nothing.
    Errors: NotFound, NotAllowed, BadInput (no such purpose), Conflict (said twice at once).
    """
    owner = _owner(person_id, actor)
    _check(purpose, how, person_id)
    version = wording_of(purpose)[0]
    known = _standing(owner, purpose)
    if known is not None and known.version == version:
        return known
    if known is not None:
        known.withdrawn_at, known.withdrawn_how = now, how
        known.withdrawn_by = actor.who
        known.save(update_fields=["withdrawn_at", "withdrawn_how", "withdrawn_by"])
    row = Consent(
        person_id=owner.person_id,
        account_id=None if owner.person_id else owner.account_id,
        purpose=purpose,
        version=version,
        given_at=now,
        given_how=how,
        given_by=actor.who,
    )
    if not insert_once(row):
        raise Conflict(_("刚刚已经有人记过这一项，刷新看看现在是怎样。"))
    event = ConsentGiven(
        subject_id=row.pk,
        purpose=purpose,
        version=version,
        how=how,
        person_id=owner.person_id,
        owner_id=owner.account_id,
    )
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def withdraw_consent(
    *,
    purpose: str,
    how: str = GivenHow.SELF,
    person_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Take a consent back; return how many rows were emptied at once.

    Also where none was ever given (kept from before): what it would have covered is emptied too.
    Errors: NotFound, NotAllowed, BadInput.
    """
    owner = _owner(person_id, actor)
    _check(purpose, how, person_id)
    row = _standing(owner, purpose)
    if row is None:
        row = Consent(
            person_id=owner.person_id,
            account_id=None if owner.person_id else owner.account_id,
            purpose=purpose,
            version="",
            given_at=now,
            given_how=how,
        )
    row.withdrawn_at, row.withdrawn_how, row.withdrawn_by = now, how, actor.who
    row.save()
    count = _EMPTY[purpose](owner, now)
    event = ConsentWithdrawn(
        subject_id=row.pk,
        purpose=purpose,
        how=how,
        person_id=owner.person_id,
        owner_id=owner.account_id,
        changed_count=count,
    )
    events.record(event, actor=actor, at=now)
    return count


@transaction.atomic
def write_wording(
    *, purpose: str, version: str, text: str, on_withdrawal: str, actor: Actor, now: datetime
) -> ConsentWording:
    """Put new words in force; whoever agreed to the old ones is asked again.

    Errors: NotAllowed, BadInput, Conflict (the version is taken).
    """
    actor.require("people.manage")
    if purpose not in ConsentPurpose.values or not (text.strip() and on_withdrawal.strip()):
        raise BadInput(_("写清楚同意的是什么，撤回以后会怎样。"), field="text")
    version = version.strip()
    if not 0 < len(version) <= 20:
        raise BadInput(_("版本号写 1 到 20 个字。"), field="version")
    if ConsentWording.objects.filter(purpose=purpose, version=version).exists():
        raise Conflict(_("这个版本号用过了，换一个。"), field="version")
    return ConsentWording.objects.create(
        purpose=purpose,
        version=version,
        text=text.strip(),
        on_withdrawal=on_withdrawal.strip(),
        starts_at=now,
    )


@transaction.atomic
def link_account(*, person_id: UUID, account_id: UUID, actor: Actor, now: datetime) -> PersonLink:
    """Note that a resident's account is a person of the register; staff have seen them in person.

    Consents that the account gave become the person's. Errors: NotFound, NotAllowed, Conflict.
    """
    card = get_person(person_id, actor)
    rows = Account.objects.select_for_update().filter(
        pk=account_id, kind=AccountKind.RESIDENT, ended_at=None
    )
    if not rows.exists():
        raise NotFound(_("没有找到这个居民账号。"))
    known = next(iter(PersonLink.objects.filter(account_id=account_id, ended_at=None)), None)
    if known is not None and known.person_id != person_id:
        raise Conflict(_("这个账号已经和另一位居民对上了，先解除再对。"))
    if known is not None:
        return known
    if actor.who is None:
        raise BadInput(_("要由核对过证件的工作人员来对。"))
    row = PersonLink.objects.create(
        account_id=account_id, person_id=person_id, linked_at=now, linked_by=actor.who
    )
    _take_over(account_id, person_id)
    event = PersonLinked(
        subject_id=person_id, area_path=card.area_path, owner_id=account_id, how="linked"
    )
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def unlink_account(*, person_id: UUID, account_id: UUID, actor: Actor, now: datetime) -> None:
    """End the link of an account and a record. Errors: NotFound, NotAllowed."""
    card = get_person(person_id, actor)
    rows = PersonLink.objects.filter(account_id=account_id, person_id=person_id, ended_at=None)
    if not rows.update(ended_at=now):
        raise NotFound(_("这个账号没有和这位居民对上。"))
    event = PersonLinked(
        subject_id=person_id, area_path=card.area_path, owner_id=account_id, how="ended"
    )
    events.record(event, actor=actor, at=now)


def _owner(person_id: UUID | None, actor: Actor) -> Owner:
    return own(actor) if person_id is None else owner_of_person(person_id, actor)


def _check(purpose: str, how: str, person_id: UUID | None) -> None:
    if purpose not in ConsentPurpose.values or how not in GivenHow.values:
        raise BadInput(_("选一项。"), field="purpose")
    if (person_id is None) != (how == GivenHow.SELF):
        raise BadInput(_("写明是本人怎么说的。"), field="how")


def _standing(owner: Owner, purpose: str) -> Consent | None:
    rows = Consent.objects.select_for_update().filter(purpose=purpose, withdrawn_at=None)
    if owner.person_id:
        return next(iter(rows.filter(person_id=owner.person_id)), None)
    return next(iter(rows.filter(account_id=owner.account_id)), None)


def _take_over(account_id: UUID, person_id: UUID) -> None:
    held = set(
        Consent.objects.filter(person_id=person_id, withdrawn_at=None).values_list(
            "purpose", flat=True
        )
    )
    mine = Consent.objects.filter(account_id=account_id)
    mine.filter(withdrawn_at=None, purpose__in=held).delete()
    mine.update(account_id=None, person_id=person_id)


def _empty_contacts(owner: Owner, now: datetime) -> int:
    """Take phone and address out of contacts; what was said about a case stays with a masked name."""
    ids = contact_ids_of_account(owner.account_id) if owner.account_id else []
    # Encrypted columns are not compared in the database; one account has a handful of contacts.
    full = [one.pk for one in Contact.objects.filter(pk__in=ids) if one.phone or one.address]
    return Contact.objects.filter(pk__in=full).update(
        phone="", phone_hash="", phone_tail="", address=""
    )


def _empty_details(owner: Owner, now: datetime) -> int:
    """Delete what was told of one's own will: answers to fields that nobody has to answer, and people
    named as contacts.
    """
    if owner.person_id is None:
        return 0
    facts = Fact.objects.filter(person_id=owner.person_id, field__is_required=False)
    gone = Fact.objects.filter(pk__in=list(facts.values_list("pk", flat=True))).delete()[0]
    named = Relation.objects.filter(person_id=owner.person_id, other=None, ended_at=None)
    return gone + named.update(ended_at=now, name="", phone="", phone_hash="")


def _empty_care(owner: Owner, now: datetime) -> int:
    """End marks that are sensitive; the room of care hears of it and stops its visits."""
    if owner.person_id is None:
        return 0
    rows = PersonTag.objects.filter(
        person_id=owner.person_id, kind__is_sensitive=True, ended_at=None
    )
    ids = list(rows.values_list("pk", flat=True))
    return PersonTag.objects.filter(pk__in=ids).update(ended_at=now, note="")


def _nothing(owner: Owner, now: datetime) -> int:
    """The room of messages hears of it and sends nothing more."""
    return 0


_EMPTY: dict[str, Any] = {
    ConsentPurpose.CONTACT: _empty_contacts,
    ConsentPurpose.NOTICES: _nothing,
    ConsentPurpose.DETAILS: _empty_details,
    ConsentPurpose.CARE: _empty_care,
}
