"""What routing at one place needs to know, read together and kept in the process for some seconds.

The terms of the holders are kept with it, so that who is there is worked out for the very moment.
Whatever this room changes makes it forget.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from linli.kernel.memory import remember
from linli.posts.models import Holding, Organisation, Post, RoutingRule, Substitution
from linli.posts.rules import PostCard, RuleCard, Stay, prefixes


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything that routing at one place needs."""

    rules: tuple[RuleCard, ...]
    posts: tuple[PostCard, ...]  # those of the place and of every area above it
    targets: dict[UUID, PostCard]  # posts that rules name, wherever they are
    organisations: dict[
        UUID, tuple[str, tuple[Stay, ...]]
    ]  # that rules name: name and who acts for it
    category_names: dict[str, str]
    area_names: dict[str, str]  # of every area that a post or rule stands on


CategorySource = Callable[[], Iterable[tuple[str, str]]]
_sources: list[CategorySource] = []


def register_category_source(source: CategorySource) -> None:
    """Name the function that gives (code, name) of the tenant's categories; a higher room knows them."""
    if source not in _sources:
        _sources.append(source)


def category_choices() -> list[tuple[str, str]]:
    """Return (code, name) of the categories that routing rules may name."""
    return [pair for source in _sources for pair in source()]


@remember
def book_of(area_path: str) -> Book:
    """Return what routing at a place needs; kept for some seconds."""
    paths = prefixes(area_path)
    found = _rule_cards(paths)
    posts = cards_of(Post.objects.filter(area__path__in=paths, ended_at=None))
    return Book(
        rules=tuple(found),
        posts=tuple(posts),
        targets=_by_id(rule.post_id for rule in found if rule.post_id),
        organisations=_organisations(
            {rule.organisation_id for rule in found if rule.organisation_id}
        ),
        category_names=dict(category_choices()),
        area_names={
            **{rule.area_path: rule.area_name for rule in found},
            **{post.area_path: post.area_name for post in posts},
        },
    )


def find_card(post_id: UUID) -> PostCard | None:
    """Return one post as routing needs it, or None when it has ended meanwhile."""
    return _by_id([post_id]).get(post_id)


def near(rows: Any, path: str) -> Any:
    """Narrow posts or organisations to those above, at or below an area path."""
    return rows.filter(Q(area__path__in=prefixes(path)) | Q(area__path__startswith=path))


def forget() -> None:
    """Ask the database again: posts, holders or rules have changed."""
    book_of.forget()
    # Once more after the commit: another thread may have read the old rows in between.
    transaction.on_commit(book_of.forget)


def _rule_cards(paths: list[str]) -> list[RuleCard]:
    rows = RoutingRule.objects.filter(area__path__in=paths, is_active=True).order_by("id")
    return [
        RuleCard(**row)
        for row in rows.values(
            "id", "category_code", "estate_id", "estate_kind", "role", "post_id", "organisation_id",
            "order", area_path=F("area__path"), area_name=F("area__name"),
        )
    ]  # fmt: skip


def _organisations(ids: set[UUID]) -> dict[UUID, tuple[str, tuple[Stay, ...]]]:
    if not ids:
        return {}
    names = dict(Organisation.objects.filter(id__in=ids, ended_at=None).values_list("id", "name"))
    owners = dict(
        Post.objects.filter(organisation_id__in=names, ended_at=None).values_list(
            "id", "organisation_id"
        )
    )
    people: dict[UUID, list[Stay]] = {}
    for post_id, stays in stays_of(owners).items():
        people.setdefault(owners[post_id], []).extend(stays)
    return {id_: (name, tuple(people.get(id_, ()))) for id_, name in names.items()}


def _by_id(post_ids: Iterable[UUID]) -> dict[UUID, PostCard]:
    wanted = set(post_ids)
    if not wanted:
        return {}
    return {card.id: card for card in cards_of(Post.objects.filter(id__in=wanted, ended_at=None))}


def cards_of(posts: Any) -> list[PostCard]:
    """Return posts with the terms of their holders, by code; three queries."""
    rows = list(
        posts.order_by("code").values(
            "id", "code", "name", "role", "level", "estate_id", "organisation_id", "is_confined",
            area_path=F("area__path"), area_name=F("area__name"),
        )
    )  # fmt: skip
    stays = stays_of(row["id"] for row in rows)
    return [PostCard(**row, stays=stays.get(row["id"], ())) for row in rows]


def stays_of(post_ids: Iterable[UUID]) -> dict[UUID, tuple[Stay, ...]]:
    """Return who holds or stands in for each post and when, without people whose account ended."""
    wanted = list(post_ids)
    found: dict[UUID, list[Stay]] = {}
    if not wanted:
        return {}
    held = Holding.objects.filter(post_id__in=wanted, account__ended_at=None)
    for post_id, account_id, starts_at, ends_at in held.order_by("starts_at", "id").values_list(
        "post_id", "account_id", "starts_at", "ends_at"
    ):
        stay = Stay(account_id=account_id, starts_at=starts_at, ends_at=ends_at)
        found.setdefault(post_id, []).append(stay)
    stood_in = Substitution.objects.filter(post_id__in=wanted, substitute__ended_at=None)
    for post_id, account_id, starts_at, ends_at, absent_id in stood_in.order_by("id").values_list(
        "post_id", "substitute_id", "starts_at", "ends_at", "absent_id"
    ):
        stay = Stay(
            account_id=account_id, starts_at=starts_at, ends_at=ends_at, absent_id=absent_id
        )
        found.setdefault(post_id, []).append(stay)
    return {post_id: tuple(stays) for post_id, stays in found.items()}
