"""Family and neighbours who may be called, and told if they agreed; taken back by a link."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.care.events import FamilyNamed, FamilyWithdrawn
from linli.care.models import CareProfile, FamilyContact
from linli.care.selectors import access
from linli.care.services.profiles import open_profile
from linli.care.states import AgreedHow, Relation
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.people import services as people
from linli.people.selectors import ContactCard

MOST: int = 6
# The wording that somebody of the family agrees to; a new one gets a new name.
CONSENT_VERSION = "care-2026-11"


@transaction.atomic
def name_family(
    *,
    profile_id: UUID,
    name: str,
    phone: str,
    relation: str,
    agreed_how: str = "",
    actor: Actor,
    now: datetime,
) -> FamilyContact:
    """Name somebody who may be called; told of alerts and trouble only when they agreed, and how.

    Errors: NotFound, NotAllowed, BadInput (with the field), CareEnded.
    """
    profile = open_profile(profile_id, actor)
    if relation not in Relation.values:
        raise BadInput(_("选一下是什么关系。"), field="relation")
    if agreed_how and agreed_how not in AgreedHow.values:
        raise BadInput(_("选一下是怎么同意的。"), field="agreed_how")
    if not name.strip() or not phone.strip():
        raise BadInput(_("写下怎么称呼和电话。"), field="name" if not name.strip() else "phone")
    if FamilyContact.objects.filter(profile=profile, withdrawn_at=None).count() >= MOST:
        raise BadInput(_("最多留 %(most)d 位联系人。") % {"most": MOST}, field="name")
    contact = people.keep_contact(
        name=name, phone=phone, consent_version=CONSENT_VERSION if agreed_how else "",
        actor=actor, now=now,
    )  # fmt: skip
    assert contact is not None
    row = FamilyContact.objects.filter(
        profile=profile, contact=contact, withdrawn_at=None
    ).first() or FamilyContact(
        profile=profile, contact=contact, created_at=now, created_by=actor.who
    )
    row.relation, row.may_be_told = relation, bool(agreed_how)
    row.agreed_how, row.agreed_at = agreed_how, now if agreed_how else None
    row.save()
    event = FamilyNamed(
        subject_id=profile.pk, area_path=profile.area_path, family_id=row.pk,
        may_be_told=row.may_be_told,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def drop_family(*, family_id: UUID, actor: Actor, now: datetime) -> FamilyContact:
    """Take a family contact off a profile. Errors: NotFound, NotAllowed."""
    row = _locked(family_id, actor)
    actor.require(access.MANAGE, row.profile.area_path)
    _withdraw(row, actor, now, by_themselves=False)
    return row


@transaction.atomic
def withdraw_by_link(*, token: str, actor: Actor, now: datetime) -> FamilyContact:
    """Take back, by the link, what somebody agreed to; again changes nothing. Errors: NotFound.

    Source: PIPL article 15, taking consent back is as easy as giving it.
    """
    row = access.get_family(token, lock=True)
    if row.withdrawn_at is None:
        _withdraw(row, actor, now, by_themselves=True)
    return row


@transaction.atomic
def reveal_family(
    *, family_id: UUID, purpose: str, note: str = "", actor: Actor, now: datetime
) -> ContactCard:
    """Return a family contact in full; who looked and why is recorded by the room of people.

    Errors: NotFound, BadInput.
    """
    row = _locked(family_id, actor)
    return people.reveal_contact(
        contact_id=row.contact_id,
        purpose=purpose,
        note=note,
        area_path=row.profile.area_path,
        subject_id=row.profile_id,
        is_allowed=access.may_visit(row.profile, actor),
        actor=actor,
        now=now,
    )


def _locked(family_id: UUID, actor: Actor) -> FamilyContact:
    found = FamilyContact.objects.filter(pk=family_id).select_for_update(of=("self",))
    row = found.select_related("profile").first()
    is_seen = row and CareProfile.objects.filter(access.seen_by(actor), pk=row.profile_id).exists()
    if row is None or not is_seen:
        raise NotFound(_("没有找到这位联系人。"))
    return row


def _withdraw(row: FamilyContact, actor: Actor, now: datetime, *, by_themselves: bool) -> None:
    row.withdrawn_at, row.may_be_told = now, False
    row.save(update_fields=["withdrawn_at", "may_be_told"])
    event = FamilyWithdrawn(
        subject_id=row.profile_id, area_path=row.profile.area_path, family_id=row.pk,
        by_themselves=by_themselves,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
