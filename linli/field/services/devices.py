"""Phones: known to an account by a token that only hands in; ended when they are lost."""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.field import rules
from linli.field.errors import UnknownPhone
from linli.field.events import DeviceEnded, DeviceKnown
from linli.field.models import Device, Submission
from linli.kernel import actor as actors
from linli.kernel import events
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.models import Tenant

TOUCH: Final = timedelta(minutes=5)
WINDOW: Final = timedelta(minutes=10)  # over which a phone's calls are counted

# Who an account is today, by its posts: rooms above know (portals/field.py). None: it has ended.
FindActor = Callable[[UUID, datetime], Actor | None]
_FINDERS: Final[list[FindActor]] = []
# Which area's desk looks at what somebody hands in, by the paths of their posts and the one that lies
# above all of these: rooms above know where communities are.
FindDesk = Callable[[Sequence[str], str], str]
_DESKS: Final[list[FindDesk]] = []


def finds_actor(find: FindActor) -> FindActor:
    """Register what tells who an account is today."""
    _FINDERS[:] = [find]
    return find


def finds_desk(find: FindDesk) -> FindDesk:
    """Register what tells whose desk looks at what somebody hands in."""
    _DESKS[:] = [find]
    return find


@dataclass(frozen=True, slots=True)
class Hand:
    """In whose name a phone hands in. `why_apart` is set when that is no longer theirs to do."""

    device: Device
    actor: Actor
    why_apart: str = ""


@transaction.atomic
def know_device(*, name: str, tenant_code: str, actor: Actor, now: datetime) -> tuple[Device, str]:
    """Let a phone keep the actor's day; return it and the token, which is told once.

    Errors: NotFound (nobody of staff).
    """
    if actor.account_id is None or actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
    token = f"{tenant_code}.{secrets.token_urlsafe(32)}"
    device = Device.objects.create(
        account_id=actor.account_id,
        name=name[:60] or _("手机"),
        acts_as=_plain(actor),
        area_path=path_of(actor),
        token_hash=_hash(token),
        created_at=now,
        seen_at=now,
    )
    event = DeviceKnown(subject_id=device.pk, area_path=device.area_path)
    events.record(event, actor=actor, at=now)
    return device, token


@transaction.atomic
def end_device(*, device_id: UUID, actor: Actor, now: datetime) -> Device:
    """End one of the actor's own phones: what it still hands in goes to the desk first.

    Errors: NotFound.
    """
    rows = Device.objects.select_for_update().filter(pk=device_id, account_id=actor.account_id)
    device = next(iter(rows.filter(ended_at=None)), None)
    if device is None:
        raise NotFound(_("没有找到这部手机。"))
    device.ended_at = now
    device.save(update_fields=["ended_at"])
    event = DeviceEnded(subject_id=device.pk, area_path=device.area_path)
    events.record(event, actor=actor, at=now)
    return device


def hand_of(*, token: str, signed_in: Actor | None, skew: timedelta | None, now: datetime) -> Hand:
    """Return in whose name a phone hands in: its account as it is today, or as it was when it ended.

    signed_in: who is signed in on it, if anybody. skew: how far its clock is off, when it said so.
    Errors: UnknownPhone.
    """
    device = next(iter(Device.objects.filter(token_hash=_hash(token))), None)
    if device is None:
        raise UnknownPhone(_("这部手机没有登记过。登录后再试。"))
    return hand_of_device(device=device, signed_in=signed_in, skew=skew, now=now)


def hand_of_device(
    *,
    device: Device,
    now: datetime,
    signed_in: Actor | None = None,
    skew: timedelta | None = None,
) -> Hand:
    """Return in whose name a phone hands in that has shown who it is, by a token or otherwise."""
    is_own = signed_in is not None and signed_in.account_id == device.account_id
    today = signed_in if is_own else _actor_today(device.account_id, now)
    hand = _hand(device, today, actors.of_plain(json.loads(device.acts_as), device.tenant_id))
    _touch(device, None if hand.why_apart else hand.actor, skew, now)
    return hand


def actor_of_waiting(row: Submission, now: datetime) -> tuple[Actor, str]:
    """Return in whose name something that waited is taken now, and why it is kept apart, if it is: its
    maker may have left the post meanwhile.
    """
    was = actors.of_plain(json.loads(row.acts_as), row.tenant_id)
    if row.device is None:
        return was, ""
    hand = _hand(row.device, _actor_today(row.account_id, now), was)
    return hand.actor, hand.why_apart


def tenant_of(token: str) -> int:
    """Return the tenant whose code a token begins with. Errors: UnknownPhone."""
    code = token.partition(".")[0]
    found = Tenant.objects.filter(code=code, is_active=True) if code else ()
    tenant = next(iter(found), None)
    if tenant is None:
        raise UnknownPhone(_("这部手机没有登记过。登录后再试。"))
    return tenant.pk


def _hand(device: Device, today: Actor | None, was: Actor) -> Hand:
    if today is None:
        return Hand(device, was, _("账号已经停用，交来的记录先由社区核实。"))
    if device.ended_at is not None:
        return Hand(device, was, _("这部手机已经停用，交来的记录先由社区核实。"))
    if not today.grants and was.grants:
        return Hand(device, was, _("离开网络期间岗位已经结束，交来的记录先由社区核实。"))
    return Hand(device, today)


def _touch(device: Device, actor: Actor | None, skew: timedelta | None, now: datetime) -> None:
    """Note that the phone was in touch, how far off its clock is, and who its account is now."""
    seconds = device.skew_seconds if skew is None else rules.seconds_of(skew)
    acts_as = _plain(actor) if actor else device.acts_as
    is_same = (seconds, acts_as) == (device.skew_seconds, device.acts_as)
    if is_same and now - device.seen_at < TOUCH:
        return
    device.skew_seconds, device.acts_as, device.seen_at = seconds, acts_as, now
    if actor:
        device.area_path = path_of(actor)
    device.save(update_fields=["skew_seconds", "acts_as", "area_path", "seen_at"])


def _actor_today(account_id: UUID, now: datetime) -> Actor | None:
    return _FINDERS[0](account_id, now) if _FINDERS else None


def path_of(actor: Actor) -> str:
    """Return the area whose desk looks at what somebody hands in, where anybody has to."""
    paths = sorted({grant.area_path for grant in actor.grants})
    common = rules.common_path(paths)
    return (_DESKS[0](paths, common) if _DESKS else common)[:120]


def _plain(actor: Actor) -> str:
    return json.dumps(actors.as_plain(actor), ensure_ascii=False, sort_keys=True)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
