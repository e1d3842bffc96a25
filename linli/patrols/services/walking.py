"""A walk: points are looked at or passed over, what is found becomes a case, the sides sign."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.services.photos import Photos, discard_files, stores_photos
from linli.kernel import clock, events, geo
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.patrols import rules
from linli.patrols.errors import AlreadyDone, NothingSeen, SamePerson
from linli.patrols.events import PatrolFinished, PatrolSigned, PatrolStarted, PointChecked
from linli.patrols.models import Check, How, Patrol, PatrolState, Point, Route, Side, Signature
from linli.patrols.selectors import access
from linli.patrols.selectors.lists import items_of_point
from linli.patrols.services import finding
from linli.patrols.services.answering import checked_answers
from linli.patrols.services.finding import Found
from linli.places.services.facilities import check_facility

SKIP_LIMIT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How somebody looked at a point. key: of the submission; the same key is one look.

    at: when they stood there; never after now. code: as scanned. lat, lon: the phone's, WGS-84.
    """

    at: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    lat: float | None = None
    lon: float | None = None
    key: str = ""


@transaction.atomic
def start_patrol(*, route_id: UUID, actor: Actor, now: datetime) -> Patrol:
    """Set out on a route; on the same day again it is the same walk.

    Errors: NotFound, NotAllowed, AlreadyDone when the route has ended.
    """
    route = access.get_route(route_id, actor)
    access.side_of(route, actor)
    if route.ended_on is not None:
        raise AlreadyDone(_("这条路线已经停了。"))
    return _patrol_of(route, actor, now, now)


@stores_photos("photos", "after")
@transaction.atomic
def check_point(
    *,
    point_id: UUID,
    seen: Seen,
    found: Found | None = None,
    photos: Photos = (),
    after: Photos = (),
    actor: Actor,
    now: datetime,
) -> Check:
    """Note that a point was looked at; what is wrong becomes a case at once.

    found: what was found, in words; without it, bad answers alone make a case of their own words.
    The walk of that day begins with its first look. The same key changes nothing. Of several looks on
    one day the check says what the one that happened last saw; what the others found is kept as well.
    Errors: NotFound, NotAllowed, BadInput, and those of reporting a case.
    Source: S1 1.5, S5 5.8; beyond 2.
    """
    known = _known(seen.key)
    if known is not None:
        return known
    point = access.get_point(point_id, actor, lock=True)
    access.side_of(point.route, actor)
    items = items_of_point(point)
    answers = checked_answers(items, seen.answers)
    bad = rules.bad_items(items, answers)
    how, metres = _how(point, seen)
    at = min(seen.at, now)
    patrol = _patrol_of(point.route, actor, at, now)
    is_fine = not bad and found is None
    check = _put(
        patrol, point, key=seen.key, at=at, noted_at=now, how=how, metres=metres, answers=answers,
        is_fine=is_fine, skip_reason="",
    )  # fmt: skip
    _remember(point, at, actor, is_fine=is_fine)
    event = PointChecked(
        subject_id=patrol.pk, area_path=point.area_path, point_id=point.pk, is_fine=is_fine
    )
    events.record(event, actor=actor, at=now)
    if not is_fine:
        finding.make_finding(
            check=check, key=seen.key, at=at, point=point, bad=bad, found=found or Found(),
            photos=photos, after=after, actor=actor, now=now,
        )  # fmt: skip
    else:
        discard_files([*photos, *after])  # a photo of what is fine proves nothing and stays nowhere
    _count(patrol)
    return check


@transaction.atomic
def skip_point(
    *, point_id: UUID, reason: str, at: datetime, key: str = "", actor: Actor, now: datetime
) -> Check:
    """Pass a point over, with the reason; it stays unseen. A point that was seen today stays seen.

    Errors: NotFound, NotAllowed, BadInput without a reason.
    """
    known = _known(key)
    if known is not None:
        return known
    point = access.get_point(point_id, actor, lock=True)
    access.side_of(point.route, actor)
    if not reason.strip():
        raise BadInput(_("写一句为什么没看成，例如：施工围挡，过不去。"), field="reason")
    at = min(at, now)
    patrol = _patrol_of(point.route, actor, at, now)
    old = _check_of(patrol, point)
    if old is not None and (not old.skip_reason or old.at > at):
        return old
    check = _put(
        patrol, point, key=key, at=at, noted_at=now, how=How.TAP, metres=None, answers={},
        is_fine=True, skip_reason=reason.strip()[:SKIP_LIMIT],
    )  # fmt: skip
    point.skipped_on = patrol.day
    point.save(update_fields=["skipped_on"])
    event = PointChecked(
        subject_id=patrol.pk, area_path=point.area_path, point_id=point.pk, is_fine=True,
        is_skipped=True,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    _count(patrol)
    return check


@transaction.atomic
def finish_patrol(*, patrol_id: UUID, note: str = "", actor: Actor, now: datetime) -> Patrol:
    """End one's own walk: done, not walked to its end, or, when joint, waiting for the other side.

    Errors: NotFound (somebody else's too), NothingSeen, AlreadyDone.
    """
    patrol = access.get_patrol(patrol_id, actor, lock=True)
    if patrol.account_id != actor.account_id:
        actor.require(access.MANAGE, patrol.area_path)
    if patrol.state != PatrolState.WALKING:
        raise AlreadyDone(_("这次巡查已经结束了。"))
    if not patrol.seen_count:
        raise NothingSeen(_("一个点都还没看。不走了就直接离开，不会留下记录。"))
    patrol.finished_at, patrol.note = now, note.strip()[:200]
    if patrol.is_joint:
        patrol.state = PatrolState.SIGNING
        _sign(patrol, access.side_of(patrol.route, actor), actor, now)
    else:
        patrol.state = _end_of(patrol)
    _save_end(patrol, actor, now)
    return patrol


@transaction.atomic
def sign_patrol(*, patrol_id: UUID, actor: Actor, now: datetime) -> Patrol:
    """Sign a joint walk for the other side; with both signatures it is done (S5 5.15).

    Errors: NotFound, NotAllowed, AlreadyDone, SamePerson.
    """
    patrol = access.get_patrol(patrol_id, actor, lock=True)
    side = access.side_of(patrol.route, actor)
    if patrol.state != PatrolState.SIGNING:
        raise AlreadyDone(_("这次巡查不等会签。"))
    signed = {one.account_id: one.side for one in patrol.signatures.all()}
    if actor.account_id in signed:
        raise SamePerson(_("您已经签过了，等另一方来签。"))
    if side in signed.values():
        raise SamePerson(_("您这一方已经签过了，要另一方的人来签。"))
    _sign(patrol, side, actor, now)
    patrol.state = _end_of(patrol)
    _save_end(patrol, actor, now)
    return patrol


def _known(key: str) -> Check | None:
    rows = Check.objects.select_related("patrol", "point").filter(key=key)
    return rows.first() if key else None


def _patrol_of(route: Route, actor: Actor, at: datetime, now: datetime) -> Patrol:
    if actor.account_id is None:
        raise BadInput(_("巡查要有人走。"))
    post_id = route.post_id if route.post_id in actor.post_ids else None
    patrol, is_new = Patrol.objects.select_for_update(of=("self",)).get_or_create(
        route=route,
        account_id=actor.account_id,
        day=clock.local(at).date(),
        defaults={
            "community_id": route.community_id, "area_path": route.area_path, "post_id": post_id,
            "started_at": at, "is_joint": route.is_joint, "point_count": route.point_count,
        },
    )  # fmt: skip
    if is_new:
        event = PatrolStarted(subject_id=patrol.pk, area_path=route.area_path, route_id=route.pk)
        events.record(event, actor=actor, at=now)
    return patrol


def _how(point: Point, seen: Seen) -> tuple[How, int | None]:
    """Return how it is known that somebody stood there. Errors: BadInput on another point's code."""
    metres = None
    if None not in (seen.lat, seen.lon, point.lat, point.lon):
        metres = round(geo.distance_m(seen.lat, seen.lon, point.lat, point.lon))  # type: ignore[arg-type]
    if seen.code:
        if seen.code.strip().lower().rstrip("/").rsplit("/", 1)[-1] not in _codes_of(point):
            raise BadInput(_("这张码不是这个点的，走到点上再扫一次。"), field="code")
        return How.SCAN, metres
    if metres is None:
        return How.TAP, None
    return (How.NEAR if metres <= rules.NEAR_M else How.FAR), metres


def _codes_of(point: Point) -> set[str]:
    """Return the codes that hang at a point: its own, and its facility's, which may be newer."""
    found = [point.place_code, point.facility.place_code if point.facility else None]
    return {one.code for one in found if one is not None}


def _check_of(patrol: Patrol, point: Point) -> Check | None:
    return next(iter(Check.objects.filter(patrol=patrol, point=point)), None)


def _put(patrol: Patrol, point: Point, **facts: Any) -> Check:
    """Keep a look or a pass, unless a look that happened later came in before. The walk is locked."""
    old = _check_of(patrol, point)
    if old is not None and not old.skip_reason and old.at > facts["at"]:
        return old
    check, _is_new = Check.objects.update_or_create(patrol=patrol, point=point, defaults=facts)
    return check


def _remember(point: Point, at: datetime, actor: Actor, *, is_fine: bool) -> None:
    if point.last_seen_at is not None and point.last_seen_at >= at:
        return
    route = point.route
    point.last_seen_at, point.last_seen_by, point.last_was_fine = at, actor.account_id, is_fine
    if point.ended_on is None:
        point.due_on = rules.next_day(
            clock.local(at).date(),
            weekdays=route.weekdays,
            every_days=route.every_days,
            starts_on=route.starts_on,
        )
    point.save(update_fields=["last_seen_at", "last_seen_by", "last_was_fine", "due_on"])
    if point.facility_id is not None:
        check_facility(facility_id=point.facility_id, at=at, actor=actor)


def _count(patrol: Patrol) -> None:
    rows = Check.objects.filter(patrol=patrol)
    patrol.skipped_count = rows.exclude(skip_reason="").count()
    patrol.seen_count = rows.filter(skip_reason="").count()
    patrol.finding_count = patrol.findings.count()
    patrol.version += 1
    if patrol.state == PatrolState.BROKEN_OFF:
        patrol.state = _end_of(patrol)  # a look that came in late may have been the missing one
    patrol.save(update_fields=["state", "skipped_count", "seen_count", "finding_count", "version"])


def _end_of(patrol: Patrol) -> PatrolState:
    is_whole = patrol.seen_count + patrol.skipped_count >= patrol.point_count
    return PatrolState.DONE if is_whole else PatrolState.BROKEN_OFF


def _sign(patrol: Patrol, side: Side, actor: Actor, now: datetime) -> None:
    Signature.objects.create(patrol=patrol, side=side, account_id=actor.account_id, at=now)
    event = PatrolSigned(subject_id=patrol.pk, area_path=patrol.area_path, side=side)
    events.record(event, actor=actor, at=now)


def _save_end(patrol: Patrol, actor: Actor, now: datetime) -> None:
    patrol.version += 1
    patrol.save(update_fields=["state", "finished_at", "note", "version"])
    if patrol.state == PatrolState.SIGNING:
        return
    event = PatrolFinished(
        subject_id=patrol.pk, area_path=patrol.area_path, state=patrol.state,
        seen=patrol.seen_count, points=patrol.point_count,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
