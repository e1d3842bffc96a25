"""Questions about keys: which there are, what one may do, what could be given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.clients.models import ApiKey, KeyDuty, KeyPlace
from linli.kernel.actor import Actor, Grant
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.people import selectors as people
from linli.places import selectors as places
from linli.posts import selectors as posts

MANAGE: Final = "clients.manage"
# What a program may be given. Offices, accounts and keys stay with people.
DUTIES: Final = (
    "cases.view", "cases.enter", "cases.dispatch", "cases.handle", "cases.confidential",
    "cases.whistle", "cases.arbitrate", "cases.approve", "cases.supervise", "cases.follow_up",
    "people.reveal",
    "cases.configure", "places.manage", "places.plan", "posts.manage", "posts.roster",
    "messages.manage", "kernel.calendar",
    "campaigns.view", "publishing.write", "indicators.configure", "people.register",
    "people.sensitive", "care.view", "care.visit", "care.manage",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A key as the page shows it."""

    id: UUID
    name: str
    shown: str  # the head of the key
    organisation: str
    area_names: tuple[str, ...]
    duty_labels: tuple[str, ...]
    per_minute: int
    note: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    is_living: bool


def duty_groups(actor: Actor) -> list[dict[str, Any]]:
    """Return what a key could be allowed, in the groups of the posts' form; closed: not the actor's own.

    Shape: {"label", "duties": [{"code", "label", "is_closed"}]}.
    """
    return [
        {"label": group.label, "duties": lines}
        for group in posts.DUTY_GROUPS
        if (
            lines := [
                {"code": one.code, "label": one.label, "is_closed": not actor.can(one.code)}
                for one in group.duties
                if one.code in DUTIES
            ]
        )
    ]


def managed_areas(actor: Actor) -> list[Any]:
    """Return the areas for which the actor may make keys, without grids, in tree order.

    Errors: NotAllowed.
    """
    actor.require(MANAGE)
    found = {
        area.path: area
        for scope in actor.scopes(MANAGE)
        for area in places.areas_below(scope).exclude(kind="grid").defer("polygon")
    }
    return [found[path] for path in sorted(found)]


def managed_organisations(actor: Actor) -> list[Any]:
    """Return the organisations in the areas for which the actor may make keys."""
    actor.require(MANAGE)
    return posts.organisations_below(actor, duty=MANAGE)


def key_lines(actor: Actor, now: datetime) -> list[KeyLine]:
    """Return the keys of the actor's areas, those that work first, then the newest.

    Errors: NotAllowed.
    """
    rows = list(_managed(actor).select_related("organisation").order_by("-id"))
    lines = _lines(rows, now)
    return sorted(lines, key=lambda line: not line.is_living)


def get_key(key_id: UUID, actor: Actor, *, lock: bool = False) -> ApiKey:
    """Return one key that the actor manages: all of its places lie in their areas.

    Errors: NotAllowed, NotFound.
    """
    rows = _managed(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=key_id)
    except ApiKey.DoesNotExist:
        raise NotFound(_("没有找到这把钥匙。")) from None


def find_key(prefix: str) -> ApiKey | None:
    """Return the key that begins so, in the current tenant, whatever became of it."""
    return ApiKey.objects.filter(prefix=prefix).first()


def hands_of(who: UUID | None) -> frozenset[UUID]:
    """Return whose hands an id stands for where two people must agree: a key's is also that of the
    person who made it, unless it was made for an organisation.
    """
    if who is None:
        return frozenset()
    made = ApiKey.objects.filter(pk=who, organisation=None).values_list("created_by", flat=True)
    return frozenset({who, *made} - {None})


def key_names(key_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of the systems behind keys, whatever became of them; unknown ids are left out."""
    return dict(ApiKey.objects.filter(pk__in=key_ids).values_list("pk", "name"))


@remember
def grants_of(key_id: UUID, organisation_id: UUID | None) -> tuple[Grant, ...]:
    """Return what a key may do and where. Remembered: a key's rights never change, an area may move."""
    duties = KeyDuty.objects.filter(key_id=key_id).order_by("duty").values_list("duty", flat=True)
    paths = KeyPlace.objects.filter(key_id=key_id).values_list("area__path", flat=True)
    return tuple(
        Grant(duty=duty, area_path=path, organisation_id=organisation_id)
        for path in sorted(paths)
        for duty in duties
    )


def _managed(actor: Actor) -> QuerySet[ApiKey]:
    """Return the keys none of whose places lies outside the actor's areas."""
    actor.require(MANAGE)
    scopes = actor.scopes(MANAGE)
    if "" in scopes:
        return ApiKey.objects.all()
    beyond = KeyPlace.objects.all()
    for scope in scopes:
        beyond = beyond.exclude(area__path__startswith=scope)
    return ApiKey.objects.exclude(pk__in=beyond.values("key_id"))


def _lines(rows: list[ApiKey], now: datetime) -> list[KeyLine]:
    ids = [row.pk for row in rows]
    duties = _grouped(KeyDuty.objects.filter(key_id__in=ids).values_list("key_id", "duty"))
    areas = _grouped(
        KeyPlace.objects.filter(key_id__in=ids)
        .order_by("area__path")
        .values_list("key_id", "area__name")
    )
    names = people.account_names({row.created_by for row in rows if row.created_by})
    return [
        KeyLine(
            id=row.pk,
            name=row.name,
            shown=row.prefix,
            organisation=row.organisation.name if row.organisation else "",
            area_names=tuple(areas.get(row.pk, ())),
            duty_labels=tuple(
                posts.duty_label(duty) for duty in DUTIES if duty in duties.get(row.pk, ())
            ),
            per_minute=row.per_minute,
            note=row.note,
            created_at=row.created_at,
            created_by=names.get(row.created_by, "") if row.created_by else "",
            expires_at=row.expires_at,
            used_at=row.used_at,
            revoked_at=row.revoked_at,
            is_living=row.revoked_at is None and row.expires_at > now,
        )
        for row in rows
    ]


def _grouped(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for key_id, value in pairs:
        found.setdefault(key_id, []).append(value)
    return found
