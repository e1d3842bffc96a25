"""Who acts: the grants of an account by the posts it holds or stands in for, and who holds a post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField
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
from linli.posts.selectors.routing import community_path

# Asked by every request of staff, so it is written out: built by the ORM, the same question took
# four times the processor time (4 ms against 1). A post without rights is still a post: LEFT JOIN.
_RIGHTS: Final = """
    SELECT p.id, p.organisation_id, p.is_confined, a.path, d.duty
    FROM posts_post p
    JOIN posts_organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
    JOIN places_area a ON a.tenant_id = p.tenant_id AND a.id = p.area_id
    LEFT JOIN posts_postduty d ON d.tenant_id = p.tenant_id AND d.post_id = p.id
    WHERE p.tenant_id = %s AND p.ended_at IS NULL AND o.ended_at IS NULL AND p.id IN (
        SELECT h.post_id FROM posts_holding h
        WHERE h.tenant_id = %s AND h.account_id = %s AND h.starts_at <= %s
            AND (h.ends_at IS NULL OR h.ends_at > %s)
        UNION ALL
        SELECT s.post_id FROM posts_substitution s
        WHERE s.tenant_id = %s AND s.substitute_id = %s AND s.starts_at <= %s AND s.ends_at > %s
    )
    ORDER BY p.code, d.duty
"""
_ID: Final = UUIDField()


class _Row(NamedTuple):
    """One right of one post."""

    post_id: UUID
    organisation_id: UUID
    is_confined: bool
    path: str
    duty: str | None


def actor_of(account_id: UUID, now: datetime) -> Actor:
    """Return who an account acts as at this moment, by the posts it holds or stands in for.

    Two queries, asked per request: a post or account that ended gives nothing from then on.
    Errors: NotFound (absent, ended, or of another tenant).
    """
    account = people.find_account(account_id)
    if account is None:
        raise NotFound(_("没有找到这个账号。"))
    return actor_for(account, now)


def actor_for(account: SignedInAccount, now: datetime) -> Actor:
    """Return who an account acts as that has been read already. One query for staff, none for residents."""
    tenant_id = tenancy.current_tenant_id()
    if not account.is_staff:
        return Actor(
            tenant_id=tenant_id, kind=ActorKind.RESIDENT, account_id=account.id, name=account.name
        )
    rows = _rows(account.id, now)
    return Actor(
        tenant_id=tenant_id,
        kind=ActorKind.STAFF,
        account_id=account.id,
        name=account.name,
        post_ids=frozenset(row.post_id for row in rows),
        organisation_ids=frozenset(row.organisation_id for row in rows),
        grants=tuple(dict.fromkeys(_grant(row) for row in rows if row.duty)),
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
    return _people((post_id for post_id, _path in _posts_with(duty, area_path)), now)


def accounts_near(duty: str, area_path: str, now: datetime) -> list[UUID]:
    """Return whoever holds a duty in a place's community; where nobody does, whoever does above it.

    For what happens there all day: a district's desk hears of it when it comes up to the district.
    """
    rows = _posts_with(duty, area_path)
    own = community_path(area_path)
    near = [post_id for post_id, path in rows if path.startswith(own)]
    found = _people(near, now) if near else []
    return found or _people((post_id for post_id, _path in rows), now)


def _posts_with(duty: str, area_path: str) -> list[tuple[UUID, str]]:
    """Return the posts that hold a duty over an area, with the paths of their own areas."""
    rows = PostDuty.objects.filter(
        duty=duty,
        post__is_confined=False,
        post__ended_at=None,
        post__area__path__in=rules.prefixes(area_path),
    )
    return list(rows.values_list("post_id", "post__area__path"))


def members_of(organisation_id: UUID, now: datetime) -> list[UUID]:
    """Return whoever acts for an organisation at a moment: substitutes instead of the absent."""
    posts = Post.objects.filter(organisation_id=organisation_id, ended_at=None).order_by("code")
    return _people(posts.values_list("id", flat=True), now)


def _people(post_ids: Iterable[UUID], now: datetime) -> list[UUID]:
    found = holders_of(sorted(post_ids), now)
    return list(dict.fromkeys(account for accounts in found.values() for account in accounts))


def _rows(account_id: UUID, now: datetime) -> list[_Row]:
    """Return a row per right of every post that the account holds or stands in for."""
    tenant_id = tenancy.current_tenant_id()
    account = _ID.get_db_prep_value(account_id, connection)
    moment = connection.ops.adapt_datetimefield_value(now)
    acting = [tenant_id, account, moment, moment]
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, [tenant_id, *acting, *acting])
        return [
            _Row(_ID.to_python(post_id), _ID.to_python(organisation_id), bool(confined), path, duty)
            for post_id, organisation_id, confined, path, duty in cursor.fetchall()
        ]


def _grant(row: _Row) -> Grant:
    return Grant(
        duty=row.duty or "",
        area_path=row.path,
        organisation_id=row.organisation_id if row.is_confined else None,
        post_id=row.post_id,
    )
