"""What each organisation does with its part: reports in, arrives, finishes; how it gets more time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.cases.events import (
    CaseTaken,
    PartArrived,
    PartExtended,
    PartFinished,
    PartReported,
)
from linli.cases.models import (
    Audience,
    Case,
    EntryKind,
    PartPhoto,
    PartState,
    PartStep,
    Photo,
    PhotoStage,
    WhistlePart,
)
from linli.cases.selectors import whistles as selectors
from linli.cases.services import _whistle as ground
from linli.cases.services._ground import Step
from linli.cases.services.photos import Photos, keep_photos, stores_photos
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError

RESULT_LIMIT = 2000
_SCORES = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where somebody is who reports in: in words, and by the phone when it says so."""

    place: str = ""
    lat: float | None = None
    lon: float | None = None


@stores_photos("photos")
@transaction.atomic
def report_in(
    *,
    part_id: UUID,
    here: Here,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    photos: Photos = (),
) -> WhistlePart:
    """Report in (报到): the part is theirs from now on. Twice changes nothing.

    at: when it happened, for what a phone hands in later; never after `now`.
    Errors: NotFound, DomainError (over, refused, finished).
    """
    step = _mine(part_id, actor, now)
    part = step.part
    if part.reported_at is not None:
        return part
    _only(part, PartState.CALLED)
    part.state, part.reported_at, part.reported_by = (
        PartState.REPORTED,
        _at(at, part, now),
        actor.who,
    )
    part.reported_place, part.reported_lat, part.reported_lon = here.place[:80], here.lat, here.lon
    part.rung = ""
    _keep(step, photos, PartStep.REPORTED)
    step.save(
        "reported_at", "reported_by", "reported_place", "reported_lat", "reported_lon", "rung"
    )
    step.record(PartReported, is_in_time=part.reported_at <= part.report_due_at)
    if part.is_lead and step.case.state == CaseState.ASSIGNED:
        _take(step.case, actor, now)
    return part


def _take(case: Case, actor: Actor, now: datetime) -> None:
    """The lead reports in: the case is in hand, as its reporter reads."""
    taken = Step.begin(case, actor, now)
    taken.move(CaseState.IN_HAND)
    case.handler_account_id = actor.account_id
    case.assignments.filter(ended_at=None).update(taken_by=actor.account_id, taken_at=now)
    taken.set_clock()
    taken.save("handler_account")
    taken.record(CaseTaken)


@stores_photos("photos")
@transaction.atomic
def arrive(
    *, part_id: UUID, actor: Actor, now: datetime, at: datetime | None = None, photos: Photos = ()
) -> WhistlePart:
    """Be on site (到场), with a photo; whoever did not report in before does so with it.

    Errors: NotFound, BadInput (no photo), DomainError (over, refused, finished).
    """
    if not photos:
        raise BadInput(_("拍一张现场照片，证明人到了。"), field="photos")
    step = _mine(part_id, actor, now)
    part = step.part
    if part.arrived_at is not None:
        return part
    _only(part, PartState.CALLED, PartState.REPORTED)
    arrived_at = _at(at, part, now)
    if part.reported_at is None:
        part.reported_at, part.reported_by = arrived_at, actor.who
        if part.is_lead and step.case.state == CaseState.ASSIGNED:
            _take(step.case, actor, now)
    part.state, part.arrived_at, part.arrived_by = PartState.ARRIVED, arrived_at, actor.who
    part.rung = ""
    _keep(step, photos, PartStep.ARRIVED)
    step.save("reported_at", "reported_by", "arrived_at", "arrived_by", "rung")
    step.record(PartArrived, is_in_time=arrived_at <= part.arrive_due_at)
    return part


@stores_photos("before", "after")
@transaction.atomic
def finish_part(
    *,
    part_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    before: Photos = (),
    after: Photos = (),
) -> WhistlePart:
    """Finish one's part (办结), in words and photos; the lead closes the whole on the results of all.

    Errors: NotFound, BadInput (no words), DomainError (over, refused, not on site yet).
    """
    if not text.strip():
        raise BadInput(_("写清楚你们这边做了什么、结果怎样。"), field="text")
    step = _mine(part_id, actor, now)
    part = step.part
    if part.state == PartState.DONE and part.result == text.strip()[:RESULT_LIMIT]:
        return part
    _only(part, PartState.ARRIVED, PartState.REPORTED, PartState.CALLED)
    finished_at = _at(at, part, now)
    # What is settled from the desk has no arrival, and the rates say so.
    if part.reported_at is None:
        part.reported_at, part.reported_by = finished_at, actor.who
    part.state, part.finished_at, part.finished_by = PartState.DONE, finished_at, actor.who
    part.result = text.strip()[:RESULT_LIMIT]
    _keep(step, before, PartStep.BEFORE)
    _keep(step, after, PartStep.AFTER)
    entry = step.write(EntryKind.WHISTLE, part.result, Audience.STAFF)
    step.save("reported_at", "reported_by", "finished_at", "finished_by", "result")
    step.record(PartFinished, entry=entry, is_in_time=finished_at <= part.finish_due_at)
    return part


@transaction.atomic
def extend_part(
    *, part_id: UUID, until: datetime, reason: str, actor: Actor, now: datetime
) -> WhistlePart:
    """Give a part more time to finish, by the community; the first promise is kept beside it.

    Errors: NotFound, NotAllowed, BadInput (no reason, no later day), DomainError (nothing runs).
    """
    step = ground.PartStep.begin(part_id, actor, now)
    actor.require(selectors.DUTY, step.whistle.area_path)
    part = step.part
    _only(part, *ground.RUNNING)
    if not reason.strip():
        raise BadInput(_("写一句为什么给它延期。"), field="reason")
    if until <= max(now, part.finish_due_at):
        raise BadInput(_("选一个比现在的时限更晚的日子。"), field="until")
    part.first_finish_due_at = part.first_finish_due_at or part.finish_due_at
    part.finish_due_at, part.extension_reason = until, reason.strip()[:300]
    step.save("first_finish_due_at", "finish_due_at", "extension_reason")
    step.record(PartExtended)
    return part


def _mine(part_id: UUID, actor: Actor, now: datetime) -> ground.PartStep:
    """Lock a part of the actor's organisation; or of any, for who whistles (a call by telephone)."""
    step = ground.PartStep.begin(part_id, actor, now)
    if not selectors.is_mine(step.part, actor):
        actor.require(selectors.DUTY, step.whistle.area_path)
    return step


def _only(part: WhistlePart, *states: PartState) -> None:
    if part.state not in states:
        raise DomainError(_("“%(state)s”的不能这样办。") % {"state": PartState(part.state).label})


def _at(at: datetime | None, part: WhistlePart, now: datetime) -> datetime:
    """Return when it happened: not before the call, not after now, whatever a phone's clock says."""
    return now if at is None else min(max(at, part.called_at), now)


def _keep(step: ground.PartStep, photos: Photos, kind: PartStep) -> None:
    if not photos:
        return
    stage = PhotoStage.AFTER if kind == PartStep.AFTER else PhotoStage.BEFORE
    known = set(Photo.objects.filter(case=step.case).values_list("pk", flat=True))
    entry = step.write(EntryKind.WHISTLE, str(kind.label), Audience.STAFF)
    keep_photos(step.case, photos, stage=stage, actor=step.actor, now=step.now, entry_id=entry.pk)
    kept = Photo.objects.filter(case=step.case, entry=entry).exclude(pk__in=known)
    PartPhoto.objects.bulk_create(
        [PartPhoto(part=step.part, photo=photo, step=kind) for photo in kept]
    )
    Case.objects.filter(pk=step.case.pk).update(photo_count=F("photo_count") + len(photos))
    step.case.photo_count += len(photos)
