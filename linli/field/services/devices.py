"""Phones: known to an account by a token that only hands in; ended when they are lost."""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.field import rules
from linli.field.errors import SignInAgain, UnknownPhone
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
# How often an account's sessions were ended: a new password, or signing out everywhere. None: no account.
FindRound = Callable[[UUID], int | None]
_ROUNDS: Final[list[FindRound]] = []
# Which area's desk looks at what somebody hands in, by the paths of their posts and the one that lies
# above all of these: rooms above know where communities are.
FindDesk = Callable[[Sequence[str], str], str]
_DESKS: Final[list[FindDesk]] = []


def finds_actor(find: FindActor) -> FindActor:
    """Register what tells who an account is today."""
    _FINDERS[:] = [find]
    return find


def finds_round(find: FindRound) -> FindRound:
    """Register what tells how often an account's sessions were ended."""
    _ROUNDS[:] = [find]
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
    is_signed_out: bool = False  # its account's sessions were ended, and it shows no newer one


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
        session_round=_round_of(actor.account_id),
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


def device_of(token: str) -> Device:
    """Return the phone of a token. Errors: UnknownPhone."""
    device = next(iter(Device.objects.filter(token_hash=_hash(token))), None)
    if device is None:
        raise UnknownPhone(_("这部手机没有登记过。登录后再试。"))
    return device


def hand_of(
    *, device: Device, signed_in: Actor | None, skew: timedelta | None, now: datetime
) -> Hand:
    """Return in whose name a phone hands in: its account as it is today, or as it was when it ended.

    signed_in: who is signed in on it, if anybody. skew: how far its clock is off, when it said so.
    Errors: SignInAgain.
    """
    hand = hand_of_device(device=device, signed_in=signed_in, skew=skew, now=now)
    if hand.is_signed_out and signed_in is None:
        # Nothing is lost: what it keeps waits on it. Somebody else who signs in hands it to the desk.
        raise SignInAgain(hand.why_apart)
    return hand


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
    current = _round_of(device.account_id)
    # A session of today lets it in anew.
    is_let_in = is_own or device.session_round is None
    session_round = current if is_let_in else device.session_round
    was = actors.of_plain(json.loads(device.acts_as), device.tenant_id)
    hand = _hand(device, today, was, is_signed_out=session_round != current)
    _touch(device, None if hand.why_apart else hand.actor, skew, session_round, now)
    return hand


def actor_of_waiting(row: Submission, now: datetime) -> tuple[Actor, str]:
    """Return in whose name something that waited is taken now, and why it is kept apart, if it is: its
    maker may have left the post meanwhile.
    """
    was = actors.of_plain(json.loads(row.acts_as), row.tenant_id)
    if row.device is None:
        return was, ""
    # It came while the phone could still hand in: signing out later takes nothing back.
    hand = _hand(row.device, _actor_today(row.account_id, now), was, is_signed_out=False)
    return hand.actor, hand.why_apart


def tenant_of(token: str) -> int:
    """Return the tenant whose code a token begins with. Errors: UnknownPhone."""
    code = token.partition(".")[0]
    found = Tenant.objects.filter(code=code, is_active=True) if code else ()
    tenant = next(iter(found), None)
    if tenant is None:
        raise UnknownPhone(_("这部手机没有登记过。登录后再试。"))
    return tenant.pk


def _hand(device: Device, today: Actor | None, was: Actor, *, is_signed_out: bool) -> Hand:
    if today is None:
        return Hand(device, was, _("账号已经停用，交来的记录先由社区核实。"))
    if device.ended_at is not None:
        return Hand(device, was, _("这部手机已经停用，交来的记录先由社区核实。"))
    if not today.grants and was.grants:
        return Hand(device, was, _("离开网络期间岗位已经结束，交来的记录先由社区核实。"))
    if is_signed_out:
        words = _("密码改过，或者在别处退出了所有登录，交来的记录先由社区核实。")
        return Hand(device, was, words, is_signed_out=True)
    return Hand(device, today)


def _touch(
    device: Device,
    actor: Actor | None,
    skew: timedelta | None,
    session_round: int | None,
    now: datetime,
) -> None:
    """Note that the phone was in touch, how far off its clock is, and who its account is now."""
    facts: dict[str, Any] = {"session_round": session_round}
    if skew is not None:
        facts["skew_seconds"] = rules.seconds_of(skew)
    if actor:
        facts["acts_as"] = _plain(actor)
    is_same = all(getattr(device, name) == value for name, value in facts.items())
    if is_same and now - device.seen_at < TOUCH:
        return
    facts |= {"seen_at": now, **({"area_path": path_of(actor)} if actor else {})}
    for name, value in facts.items():
        setattr(device, name, value)
    device.save(update_fields=list(facts))


def _actor_today(account_id: UUID, now: datetime) -> Actor | None:
    return _FINDERS[0](account_id, now) if _FINDERS else None


def _round_of(account_id: UUID) -> int | None:
    return _ROUNDS[0](account_id) if _ROUNDS else None


def path_of(actor: Actor) -> str:
    """Return the area whose desk looks at what somebody hands in, where anybody has to."""
    paths = sorted({grant.area_path for grant in actor.grants})
    common = rules.common_path(paths)
    return (_DESKS[0](paths, common) if _DESKS else common)[:120]


def _plain(actor: Actor) -> str:
    return json.dumps(actors.as_plain(actor), ensure_ascii=False, sort_keys=True)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
