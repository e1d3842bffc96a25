"""Somebody met the same thing ("me too"): a number and a link of their own, their words, their answer.

Their answer is kept beside the reporter's and moves nothing, until the reporter has left: then the
word of those who stay closes the case or sends it back up (docs/adr/0010).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import CaseAdded, CaseFollowed, CaseLeft, CaseUrged, FollowerRated
from linli.cases.models import Audience, Case, EntryKind, Follower, PhotoStage
from linli.cases.selectors import followers
from linli.cases.services import closing
from linli.cases.services._ground import Step, facts_of
from linli.cases.services.photos import Photos, discard_files, keep_photos, stores_photos
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError, NotFound
from linli.people import services as people


@transaction.atomic
def follow_case(
    *, case_id: UUID, device: str, phone: str, consent_version: str, actor: Actor, now: datetime
) -> tuple[Follower, bool]:
    """Note that somebody met the same thing; return who follows, and whether they are new.

    phone: optional; with it they are sent their link and told how it ends. The same phone or device
    follows once.
    Errors: NotFound (ended or confidential: those are not shown as nearby).
    Source: beyond.md 2, "我也遇到".
    """
    case = _followable(case_id)
    contact = people.keep_contact(
        phone=phone, consent_version=consent_version, actor=actor, now=now
    )
    key = contact.phone_hash if contact and contact.phone_hash else device
    follower, is_new = Follower.objects.get_or_create(
        case=case, key=key, defaults={"contact": contact, "created_at": now}
    )
    is_back = follower.left_at is not None
    if is_new or is_back:
        last = case.followers.aggregate(last=Max("order"))["last"] or 0
        follower.order, follower.left_at = follower.order or last + 1, None
        follower.save(update_fields=["order", "left_at"])
        _count(case)
        fact = CaseFollowed(**facts_of(case, old_state=case.state), follower_id=follower.pk)
        events.record(fact, actor=actor, at=now)
    follower.case = case
    return follower, is_new or is_back


def _followable(case_id: UUID) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("category")
    case = rows.filter(pk=case_id).first()
    if case is None or case.is_confidential or not case.is_open:
        raise NotFound(_("这件事已经办完或不在这里了，您可以重新上报。"))
    return case


def _count(case: Case) -> None:
    case.follower_count = case.followers.filter(left_at=None).count()
    case.save(update_fields=["follower_count"])


@stores_photos("photos")
@transaction.atomic
def add_as_follower(
    *, token: str, text: str, actor: Actor, now: datetime, photos: Photos = ()
) -> Case:
    """Add what a follower saw, for staff and for themselves; neither the reporter nor others read it.

    Errors: NotFound, BadInput (nothing, too long, too many photos), DomainError (it has ended).
    """
    follower = selectors.get_follower(token, lock=True)
    step = Step.begin(follower.case, actor, now)
    closing.check_addition(step.case, text, photos)
    if closing.is_repeated(step, text, photos):
        discard_files(photos)
        return step.case
    words = text.strip() or _("补充了照片。")
    entry = step.write(EntryKind.ADDITION, words, audience=Audience.STAFF)
    if entry is not None:
        entry.follower_id = follower.pk
        entry.save(update_fields=["follower"])
    keep_photos(
        step.case,
        photos,
        stage=PhotoStage.ADDITION,
        actor=actor,
        now=now,
        entry_id=entry.pk if entry else None,
    )
    step.case.photo_count += len(photos)
    step.save("photo_count")
    step.record(CaseAdded, entry=entry, by_follower=True)
    return step.case


@transaction.atomic
def urge_as_follower(*, token: str, actor: Actor, now: datetime) -> Case:
    """Ask when; the pause between two urges is the case's, whoever urges.

    Errors: NotFound, DomainError (not open; too soon).
    """
    follower = selectors.get_follower(token, lock=True)
    step = Step.begin(follower.case, actor, now)
    closing.check_urge(step)
    case = step.case
    case.urge_count, case.urged_at, follower.urged_at = case.urge_count + 1, now, now
    follower.save(update_fields=["urged_at"])
    step.save("urge_count", "urged_at")
    step.record(CaseUrged, by_follower=True)
    return case


@transaction.atomic
def rate_as_follower(
    *, token: str, is_solved: bool, satisfaction: int, comment: str, actor: Actor, now: datetime
) -> Case:
    """Take a follower's two answers: kept beside the reporter's; for a reporter who left, they decide.

    Errors: NotFound, BadInput, DomainError (not resolved, answered already, window over).
    Source: docs/adr/0010.
    """
    follower = selectors.get_follower(token, lock=True)
    step = Step.begin(follower.case, actor, now)
    if followers.has_answered(follower):
        raise DomainError(_("您已经评价过了，谢谢。"))
    decides = step.case.reporter_left_at is not None and not followers.has_answered(step.case)
    closing.check_answers(step, satisfaction, comment, is_followers=not decides)
    follower.is_solved, follower.satisfaction = is_solved, satisfaction
    follower.comment, follower.rated_at = comment.strip(), now
    follower.save(update_fields=["is_solved", "satisfaction", "comment", "rated_at"])
    step.record(FollowerRated, is_solved=is_solved, satisfaction=satisfaction)
    if decides:
        closing.take_answers(step, is_solved=is_solved, satisfaction=satisfaction, comment=comment)
    return step.case


@transaction.atomic
def leave_case(*, token: str, actor: Actor, now: datetime) -> Case:
    """Stop following; the link is worth nothing from then on.

    When the reporter had left before and nobody follows any more, nobody waits: it is withdrawn.
    Errors: NotFound.
    """
    follower = selectors.get_follower(token, lock=True)
    step = Step.begin(follower.case, actor, now)
    follower.left_at = now
    follower.save(update_fields=["left_at"])
    _count(step.case)
    step.record(CaseLeft, is_reporter=False, followers=step.case.follower_count)
    is_alone = step.case.follower_count == 0 and step.case.reporter_left_at is not None
    if is_alone and step.case.is_open:
        closing.withdraw(step, "")
    return step.case
