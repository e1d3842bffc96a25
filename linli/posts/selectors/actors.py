"""Who acts: the grants of an account by the posts it holds or stands in for, and who holds a post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from linli.kernel import tenancy
from linli.kernel.actor import Actor, ActorKind, Grant
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.people import selectors as people
from linli.people.selectors import SignedInAccount
from linli.places import selectors as places
from linli.posts import rules
from linli.posts.models import Post, PostDuty
from linli.posts.selectors.book import stays_of

_Row = dict[str, Any]


def actor_of(account_id: UUID, now: datetime) -> Actor:
    """Return who an account acts as at this moment, by the posts it holds or stands in for.

    Three queries, asked per request: a post or account that ended gives nothing from then on.
    Errors: NotFound (absent, ended, or of another tenant).
    """
    account = people.find_account(account_id)
    if account is None:
        raise NotFound(_("没有找到这个账号。"))
    return actor_for(account, now)


def actor_for(account: SignedInAccount, now: datetime) -> Actor:
    """Return who an account acts as that has been read already. Two queries for staff, none for residents."""
    tenant_id = tenancy.current_tenant_id()
    if not account.is_staff:
        return Actor(
            tenant_id=tenant_id, kind=ActorKind.RESIDENT, account_id=account.id, name=account.name
        )
    rows = [*_held(account.id, now), *_stood_in(account.id, now)]
    return Actor(
        tenant_id=tenant_id,
        kind=ActorKind.STAFF,
        account_id=account.id,
        name=account.name,
        post_ids=frozenset(row["id"] for row in rows),
        organisation_ids=frozenset(row["organisation_id"] for row in rows),
        grants=tuple(dict.fromkeys(_grant(row) for row in rows if row["duty"])),
    )


@dataclass(frozen=True, slots=True)
class Home:
    """The place somebody works for, as the head of every page names it."""

    name: str
    phone: str = ""


def home_of(actor: Actor, tenant_name: str) -> Home:
    """Return the community that the actor's posts lie in, or the whole tenant for posts above."""
    paths = sorted({grant.area_path for grant in actor.grants}, key=len)
    return _home_at(paths[0], tenant_name) if paths else Home(tenant_name)


@remember
def _home_at(path: str, tenant_name: str) -> Home:
    community = places.community_of_path(path) if path else None
    return Home(community.name, community.phone) if community else Home(tenant_name)


def holders_of(post_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[UUID]]:
    """Return who acts in each post at a moment: substitutes instead of the absent.

    Shape: every post asked for is a key; a vacant one has [].
    """
    wanted = list(dict.fromkeys(post_ids))
    stays = stays_of(wanted)
    return {post_id: rules.acting(stays.get(post_id, ()), now) for post_id in wanted}


def accounts_with(duty: str, area_path: str, now: datetime) -> list[UUID]:
    """Return whoever holds a duty over an area at a moment: substitutes instead of the absent."""
    ids = PostDuty.objects.filter(
        duty=duty,
        post__is_confined=False,
        post__ended_at=None,
        post__area__path__in=rules.prefixes(area_path),
    ).values_list("post_id", flat=True)
    return _people(ids, now)


def members_of(organisation_id: UUID, now: datetime) -> list[UUID]:
    """Return whoever acts for an organisation at a moment: substitutes instead of the absent."""
    posts = Post.objects.filter(organisation_id=organisation_id, ended_at=None).order_by("code")
    return _people(posts.values_list("id", flat=True), now)


def _people(post_ids: Iterable[UUID], now: datetime) -> list[UUID]:
    found = holders_of(sorted(post_ids), now)
    return list(dict.fromkeys(account for accounts in found.values() for account in accounts))


def _held(account_id: UUID, now: datetime) -> list[_Row]:
    return _rows(
        Q(holdings__ends_at=None) | Q(holdings__ends_at__gt=now),
        holdings__account_id=account_id,
        holdings__starts_at__lte=now,
    )


def _stood_in(account_id: UUID, now: datetime) -> list[_Row]:
    return _rows(
        substitutions__substitute_id=account_id,
        substitutions__starts_at__lte=now,
        substitutions__ends_at__gt=now,
    )


def _rows(*conditions: Q, **named: Any) -> list[_Row]:
    posts = Post.objects.filter(*conditions, ended_at=None, organisation__ended_at=None, **named)
    return list(
        posts.order_by("code", "duties__duty").values(
            "id", "organisation_id", "is_confined", path=F("area__path"), duty=F("duties__duty")
        )
    )


def _grant(row: _Row) -> Grant:
    return Grant(
        duty=row["duty"],
        area_path=row["path"],
        organisation_id=row["organisation_id"] if row["is_confined"] else None,
        post_id=row["id"],
    )
