"""Into whose hands a case goes: the routing rules, the posts that answer for a place, the rung above.

What a report needs is kept in the process per place for some seconds, with the terms of the holders, so
that who is there is worked out for the very moment. Whatever the room changes makes it forget.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from linli.kernel.errors import BadInput
from linli.kernel.memory import remember
from linli.places import selectors as places
from linli.places.selectors import Where
from linli.posts import rules
from linli.posts.models import Holding, Level, Organisation, Post, RoutingRule, Substitution
from linli.posts.rules import PostCard, RuleCard, Stay, prefixes
from linli.posts.selectors.catalogue import role_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a case goes and why, in words that staff read."""

    post_id: UUID | None
    organisation_id: UUID | None
    level: str
    reason: str
    is_fallback: bool = False  # nothing matched or nobody is there: the community's desk has it
    rule_id: UUID | None = None


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


def route(*, category_code: str, where: Where, now: datetime) -> Route:
    """Return the post or organisation that a new case goes to, and the reason in Chinese.

    The most particular rule wins; where it leads to nobody, and where none matches, the community's
    desk has it: never nowhere.
    """
    book = book_of(where.area_path)
    rule = rules.choose(
        book.rules,
        category_code=category_code,
        area_path=where.area_path,
        estate_id=where.estate_id,
        estate_kind=where.estate_kind,
    )
    category = book.category_names.get(category_code, category_code)
    if rule is None:
        return _desk(
            book, where, _("“%(category)s”没有对应的派单规则") % {"category": category}, now
        )
    return _by_rule(book, rule, where, category, now)


def post_at(role: str, where: Where) -> Route | None:
    """Return the post of a role that answers for a place, staffed or not; None when there is none."""
    return post_in(role, area_path=where.area_path, estate_id=where.estate_id)


def post_in(role: str, *, area_path: str, estate_id: UUID | None) -> Route | None:
    """Return the post of a role that answers for an area and estate; None when there is none."""
    book = book_of(area_path)
    post = rules.in_role(book.posts, [role], area_path=area_path, estate_id=estate_id, now=None)
    return _to(post, f"{_place(book, post)} → {role_label(role)}") if post else None


def rung_above(
    *, level: str, area_path: str, estate_id: UUID | None, now: datetime | None = None
) -> Route | None:
    """Return who answers on the next rung of the ladder that has somebody; None at the top.

    now: given, vacant posts are passed over; without it, the next rung that has a post answers.
    """
    book = book_of(area_path)
    for rung in rules.rungs_above(level):
        posts = [post for post in book.posts if post.level == rung]
        post = rules.in_role(
            posts, rules.ANSWERS[rung], area_path=area_path, estate_id=estate_id, now=now
        )
        if post and (now is None or not rules.is_vacant(post, now)):
            reason = _("上一级：%(place)s → %(post)s")
            return _to(post, reason % {"place": _place(book, post), "post": role_label(post.role)})
    return None


def rotated(
    route: Route, *, open_counts: Callable[[list[UUID]], dict[UUID, int]], now: datetime
) -> Route:
    """Return the route to whichever post of the same role, scope and organisation has least in hand.

    open_counts: gives how many open cases each of these posts has.
    """
    if route.post_id is None or route.is_fallback:
        return route
    own = card_of(route.post_id)
    same = _cards(
        Post.objects.filter(
            role=own.role, area__path=own.area_path, estate_id=own.estate_id,
            organisation_id=own.organisation_id, ended_at=None,
        )
    )  # fmt: skip
    present = [post for post in same if not rules.is_vacant(post, now)]
    if len(present) < 2:
        return route
    counts = open_counts([post.id for post in present])
    least = min(present, key=lambda post: (counts.get(post.id, 0), post.code))
    reason = _("%(reason)s（轮到%(post)s）") % {"reason": route.reason, "post": least.name}
    return replace(route, post_id=least.id, organisation_id=least.organisation_id, reason=reason)


def chosen(
    *,
    post_id: UUID | None,
    organisation_id: UUID | None,
    area_path: str,
    by: str,
) -> Route:
    """Return the route to what somebody at the desk chose.

    Errors: BadInput (nothing chosen, or it does not answer for this place's community).
    """
    own = community_path(area_path)
    if post_id is not None:
        found: list[Any] = list(near(Post.objects.filter(pk=post_id, ended_at=None), own))
    elif organisation_id is not None:
        found = list(near(Organisation.objects.filter(pk=organisation_id, ended_at=None), own))
    else:
        raise BadInput(_("先选派给谁。"), field="target")
    if not found:
        raise BadInput(_("这个岗位或单位不负责这里，另选一个。"), field="target")
    reason = _("%(who)s指派") % {"who": by}
    if post_id is not None:
        post = found[0]
        return Route(
            post_id=post.id, organisation_id=post.organisation_id, level=post.level, reason=reason
        )
    return Route(
        post_id=None,
        organisation_id=organisation_id,
        level=level_of_organisation(found[0].kind),
        reason=reason,
    )


def community_path(area_path: str) -> str:
    """Return the path of the community that an area path lies in; the path itself above communities."""
    community = places.community_of_path(area_path)
    return community.path if community else area_path


def level_of_organisation(kind: str) -> str:
    """Return the rung on which an organisation of a kind stands."""
    return {
        "property": Level.ESTATE, "committee": Level.ESTATE, "subdistrict": Level.SUBDISTRICT,
        "district": Level.DISTRICT, "department": Level.DISTRICT,
    }.get(kind, Level.COMMUNITY)  # fmt: skip


@remember
def book_of(area_path: str) -> Book:
    """Return what routing at a place needs; kept for some seconds."""
    paths = prefixes(area_path)
    found = _rule_cards(paths)
    posts = _cards(Post.objects.filter(area__path__in=paths, ended_at=None))
    return Book(
        rules=tuple(found),
        posts=tuple(posts),
        targets=_by_id(rule.post_id for rule in found if rule.post_id),
        organisations=_organisations(
            {rule.organisation_id for rule in found if rule.organisation_id}
        ),
        category_names=dict(category_choices()),
        area_names={one.area_path: one.area_name for one in (*found, *posts)},
    )


def card_of(post_id: UUID) -> PostCard:
    """Return one post as routing needs it. Errors: BadInput when it is gone."""
    cards = _by_id([post_id])
    if post_id not in cards:
        raise BadInput(_("这个岗位已经没有了，另选一个。"))
    return cards[post_id]


def near(rows: Any, path: str) -> Any:
    """Narrow posts or organisations to those above, at or below an area path."""
    return rows.filter(Q(area__path__in=prefixes(path)) | Q(area__path__startswith=path))


def forget() -> None:
    """Ask the database again: posts, holders or rules have changed."""
    book_of.forget()


def _by_rule(book: Book, rule: RuleCard, where: Where, category: str, now: datetime) -> Route:
    if rule.organisation_id is not None:
        return _by_organisation(book, rule, where, category, now)
    if rule.post_id is not None:
        post = book.targets.get(rule.post_id)
        target = post.name if post else _("已撤销的岗位")
    else:
        post = rules.in_role(
            book.posts, [rule.role], area_path=where.area_path, estate_id=where.estate_id, now=now
        )
        target = role_label(rule.role)
    if post is None:
        return _desk(book, where, _("这里没有设“%(post)s”") % {"post": target}, now)
    if rules.is_vacant(post, now):
        return _desk(book, where, _("%(post)s现在没有人在岗") % {"post": post.name}, now)
    reason = f"{category} · {_place(book, post)} → {target}"
    return replace(_to(post, reason), rule_id=rule.id)


def _by_organisation(
    book: Book, rule: RuleCard, where: Where, category: str, now: datetime
) -> Route:
    name, stays = book.organisations.get(rule.organisation_id or UUID(int=0), ("", ()))
    if not name:
        return _desk(book, where, _("规则里的单位已经停用"), now)
    if not rules.acting(stays, now):
        return _desk(book, where, _("%(name)s现在没有人在岗") % {"name": name}, now)
    place = where.community_name or book.area_names.get(rule.area_path, "")
    level = Level.ESTATE if rule.estate_id or rule.estate_kind else Level.COMMUNITY
    return Route(
        post_id=None,
        organisation_id=rule.organisation_id,
        level=level,
        reason=f"{category} · {place} → {name}",
        rule_id=rule.id,
    )


def _desk(book: Book, where: Where, why: str, now: datetime) -> Route:
    """Return the route to the nearest desk; a case is never left to nobody."""
    desk = rules.in_role(
        book.posts, ["desk"], area_path=where.area_path, estate_id=where.estate_id, now=None
    )
    if desk is None:
        reason = _("%(why)s，这里也没有设受理岗，留在待受理") % {"why": why}
        return Route(
            post_id=None,
            organisation_id=None,
            level=Level.COMMUNITY,
            reason=reason,
            is_fallback=True,
        )
    reason = _("%(why)s，先由%(desk)s受理") % {"why": why, "desk": desk.name}
    if rules.is_vacant(desk, now):
        reason = _("%(reason)s（受理岗目前没有人在岗）") % {"reason": reason}
    return replace(_to(desk, reason), is_fallback=True)


def _to(post: PostCard, reason: str) -> Route:
    return Route(
        post_id=post.id, organisation_id=post.organisation_id, level=post.level, reason=reason
    )


def _place(book: Book, post: PostCard) -> str:
    return book.area_names.get(post.area_path, "") or post.name


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
    return {card.id: card for card in _cards(Post.objects.filter(id__in=wanted, ended_at=None))}


def _cards(posts: Any) -> list[PostCard]:
    rows = list(
        posts.order_by("code").values(
            "id", "code", "name", "role", "level", "estate_id", "organisation_id",
            area_path=F("area__path"), area_name=F("area__name"),
        )
    )  # fmt: skip
    stays = stays_of(row["id"] for row in rows)
    return [PostCard(**row, stays=stays.get(row["id"], ())) for row in rows]


def stays_of(post_ids: Iterable[UUID]) -> dict[UUID, tuple[Stay, ...]]:
    """Return who holds or stands in for each post and when; people whose account ended are left out."""
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
