"""Keys of other systems: made and shown once, looked at with every call, revoked."""

import hmac
import secrets as randomness
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.clients import rules, selectors
from linli.clients.errors import BadKey, KeyEnded
from linli.clients.events import KeyMade, KeyRevoked
from linli.clients.models import ApiKey, KeyDuty, KeyPlace
from linli.kernel import events, idempotency, secrets, tenancy
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.models import Tenant
from linli.places import selectors as places
from linli.posts import selectors as posts
from linli.posts.errors import BeyondOwnRights

_LETTERS: Final = string.ascii_letters + string.digits
_PREFIX, _SECRET = 8, 32  # 190 bits of secret: a plain keyed hash is enough to keep it
LONGEST: Final = timedelta(days=3 * 366)
# Last use is worth knowing to the minute, and not a write for every call.
_TOUCH: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySheet:
    """What the form of a key says."""

    name: str
    duties: Collection[str]
    area_ids: Collection[UUID]
    expires_at: datetime
    organisation_id: UUID | None = None
    per_minute: int = 120
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `text` is not kept anywhere."""

    id: UUID
    name: str
    text: str


@transaction.atomic
def make_key(*, sheet: KeySheet, actor: Actor, now: datetime, key: str = "") -> NewKey:
    """Make a key for another system; nobody hands out rights that they do not hold there.

    key: of the form; the same again makes no second one and tells the same text, which is made from
    it, for as long as a page may be sent twice and nobody has called with it.
    Errors: NotAllowed, NotFound (area, organisation), BadInput, BeyondOwnRights, Conflict (told already).
    """
    paths = _check(sheet, actor, now)
    letters = _letters(f"{actor.account_id}:{key or randomness.token_hex(16)}", actor.tenant_id)
    code = Tenant.objects.values_list("code", flat=True).get(pk=actor.tenant_id)
    text = f"lk_{code}_{letters}"
    mark = idempotency.fingerprint(
        actor.account_id, sheet.name, sorted(sheet.duties), sorted(map(str, sheet.area_ids)),
        sheet.expires_at, sheet.organisation_id, sheet.per_minute, sheet.note,
    )  # fmt: skip
    key_id, is_new = idempotency.once(
        "clients.key", key, mark, lambda: _make(sheet, text, paths, actor, now)
    )
    row = ApiKey.objects.get(pk=key_id)
    is_untouched = row.used_at is None and row.revoked_at is None
    if not is_new and not (is_untouched and now - row.created_at < rules.TOLD_FOR):
        raise Conflict(_("这把钥匙已经开好，不再显示。没有记下来就停用它，打开新的一页再开一把。"))
    return NewKey(row.pk, row.name, text)


def _make(sheet: KeySheet, text: str, paths: list[str], actor: Actor, now: datetime) -> UUID:
    row = ApiKey.objects.create(
        name=" ".join(sheet.name.split()), prefix=text.rpartition("_")[2][:_PREFIX],
        hash=_hash(text, actor.tenant_id),
        organisation_id=sheet.organisation_id, per_minute=sheet.per_minute,
        note=sheet.note.strip(), created_at=now, created_by=actor.account_id,
        expires_at=sheet.expires_at,
    )  # fmt: skip
    duties = sorted(set(sheet.duties))
    KeyDuty.objects.bulk_create(KeyDuty(key=row, duty=duty) for duty in duties)
    KeyPlace.objects.bulk_create(KeyPlace(key=row, area_id=one) for one in set(sheet.area_ids))
    event = KeyMade(
        subject_id=row.pk, area_path=paths[0], duties=",".join(duties), area_paths=",".join(paths),
        expires_at=sheet.expires_at.isoformat(), organisation_id=sheet.organisation_id,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    return row.pk


@transaction.atomic
def revoke_key(*, key_id: UUID, actor: Actor, now: datetime) -> ApiKey:
    """Let a key open nothing any more, from this moment. Errors: NotAllowed, NotFound, KeyEnded."""
    key = selectors.get_key(key_id, actor, lock=True)
    if key.revoked_at is not None:
        raise KeyEnded(_("这把钥匙已经停用了。"))
    key.revoked_at, key.revoked_by = now, actor.account_id
    key.save(update_fields=["revoked_at", "revoked_by"])
    path = key.places.order_by("area__path").values_list("area__path", flat=True)[0]
    events.record(KeyRevoked(subject_id=key.pk, area_path=path), actor=actor, at=now)
    return key


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that showed a living key."""

    tenant: Tenant
    actor: Actor
    per_minute: int


def open_door(text: str, now: datetime) -> Caller:
    """Return who calls with this key. The tenant is named in the key; none need be set.

    Errors: BadKey, the same for what is unknown, expired or revoked.
    """
    code = _tenant_code(text)
    tenant = places.tenant_of(f"{code}-") if code else None
    if tenant is None:
        raise _bad_key()
    with tenancy.tenant(tenant.pk):
        key = selectors.find_key(text.rpartition("_")[2][:_PREFIX])
        is_ours = key is not None and hmac.compare_digest(key.hash, _hash(text, tenant.pk))
        if key is None or not is_ours or key.revoked_at is not None or key.expires_at <= now:
            raise _bad_key()
        _touch(key, now)
        return Caller(tenant, _actor(key, tenant.pk), key.per_minute)


def _tenant_code(text: str) -> str:
    mark, _sep, rest = text.partition("_")
    code, _sep, secret = rest.rpartition("_")
    is_whole = mark == "lk" and len(secret) == _PREFIX + _SECRET and text.isascii()
    return code if is_whole else ""


def _actor(key: ApiKey, tenant_id: int) -> Actor:
    only = key.organisation_id
    return Actor(
        tenant_id=tenant_id,
        kind=ActorKind.CLIENT,
        client_id=key.pk,
        name=key.name,
        organisation_ids=frozenset([only] if only else []),
        grants=selectors.grants_of(key.pk, only),
    )


def _touch(key: ApiKey, now: datetime) -> None:
    if key.used_at is None or now - key.used_at >= _TOUCH:
        stale = Q(used_at=None) | Q(used_at__lte=now - _TOUCH)
        ApiKey.objects.filter(stale, pk=key.pk).update(used_at=now)


def _check(sheet: KeySheet, actor: Actor, now: datetime) -> list[str]:
    """Return the paths of the places of a sheet that makes sense, in the actor's reach."""
    paths = sorted(places.get_area(area_id).path for area_id in set(sheet.area_ids))
    if not paths:
        raise BadInput(_("选这把钥匙管哪里。"), field="areas")
    for path in paths:
        actor.require(selectors.MANAGE, path)
    if not sheet.name.strip() or len(sheet.name) > 60:
        raise BadInput(_("写清楚是给哪个系统的，1 到 60 个字。"), field="name")
    if not now < sheet.expires_at <= now + LONGEST:
        raise BadInput(_("到期日要在今天以后、三年以内。"), field="expires_on")
    if not 1 <= sheet.per_minute <= 6000:
        raise BadInput(_("每分钟的次数在 1 到 6000 之间。"), field="per_minute")
    _check_duties(sheet.duties, paths, actor)
    if sheet.organisation_id is not None:
        _check_organisation(sheet.organisation_id, paths, actor)
    return paths


def _check_duties(duties: Collection[str], paths: list[str], actor: Actor) -> None:
    if not duties:
        raise BadInput(_("至少选一项能做的事。"), field="duties")
    if set(duties) - set(selectors.DUTIES):
        raise BadInput(_("有的事不能交给程序做，重新选一次。"), field="duties")
    missing = [
        posts.duty_label(duty)
        for duty in selectors.DUTIES
        if duty in duties and not all(actor.can(duty, path) for path in paths)
    ]
    if missing:
        raise BeyondOwnRights(
            _("这些权限自己在这里也没有，要由有权限的人来开：%(names)s。")
            % {"names": "、".join(missing)},
            field="duties",
        )


def _check_organisation(organisation_id: UUID, paths: list[str], actor: Actor) -> None:
    """Refuse an organisation that works beyond the key's places: the key sees all that it is handed."""
    known = {one.pk: one.area.path for one in selectors.managed_organisations(actor)}
    if organisation_id not in known:
        raise NotFound(_("没有找到这个单位。"))
    if not known[organisation_id].startswith(tuple(paths)):
        raise BadInput(_("这个单位管的地方比选的大：把“管哪里”选到它的整个范围。"), field="areas")


def _letters(chance: str, tenant_id: int) -> str:
    """Return what only our own key makes of something said by chance: the prefix, then the secret."""
    number = int(secrets.lookup_hash("new api key", chance, tenant_id), 16)
    base = len(_LETTERS)
    return "".join(_LETTERS[number // base**at % base] for at in range(_PREFIX + _SECRET))


def _hash(text: str, tenant_id: int) -> str:
    return secrets.lookup_hash("api key", text, tenant_id)


def _bad_key() -> BadKey:
    return BadKey(_("钥匙不对、过期了或者已停用。请向社区要一把新的。"))
