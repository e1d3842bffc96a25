"""Into whose hands a case goes: by the routing rules, by whoever answers on the rung above, by choice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.errors import BadInput
from linli.places import selectors as places
from linli.places.selectors import Where
from linli.posts import rules
from linli.posts.models import Level, Organisation, Post, PostDuty
from linli.posts.rules import PostCard, RuleCard
from linli.posts.selectors.book import Book, book_of, cards_of, find_card, near
from linli.posts.selectors.catalogue import role_label

# Who holds neither could not even open a case that is given to them.
TAKES_CASES: Final = ("cases.handle", "cases.dispatch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a case goes and why, in words that staff read."""

    post_id: UUID | None
    organisation_id: UUID | None
    level: str
    reason: str
    is_fallback: bool = False  # nothing matched or nobody is there: the community's desk has it
    rule_id: UUID | None = None


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
    for rung in rules.rungs_above(level):
        found = rung_at(level=rung, area_path=area_path, estate_id=estate_id, now=now)
        if found is not None:
            return replace(found, reason=_("上一级：%(who)s") % {"who": found.reason})
    return None


def rung_at(
    *, level: str, area_path: str, estate_id: UUID | None, now: datetime | None = None
) -> Route | None:
    """Return who answers on one rung of the ladder for a place; None when nobody does.

    A contractor or a department works on what it is handed; it is no rung that others go up to.
    now: given, a vacant post is nobody.
    """
    book = book_of(area_path)
    posts = [post for post in book.posts if post.level == level and not post.is_confined]
    post = rules.in_role(
        posts, rules.ANSWERS[level], area_path=area_path, estate_id=estate_id, now=now
    )
    if post is None or (now is not None and rules.is_vacant(post, now)):
        return None
    return _to(post, f"{_place(book, post)} → {role_label(post.role)}")


def rotated(
    route: Route, *, open_counts: Callable[[list[UUID]], dict[UUID, int]], now: datetime
) -> Route:
    """Return the route to whichever post of the same role, scope and organisation has least in hand.

    open_counts: gives how many open cases each of these posts has.
    """
    if route.post_id is None or route.is_fallback:
        return route
    own = find_card(route.post_id)
    if own is None:
        return route
    same = cards_of(
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
    duties: tuple[str, ...] = (),
) -> Route:
    """Return the route to what somebody at the desk chose.

    duties: a post must hold one of these, if any are said (TAKES_CASES).
    Errors: BadInput (nothing chosen, it does not answer for this place's community, or it is a post
    without such a duty).
    """
    own = community_path(area_path)
    reason = _("%(who)s指派") % {"who": by}
    if post_id is not None:
        for post in near(Post.objects.filter(pk=post_id, ended_at=None), own):
            if duties and not PostDuty.objects.filter(post=post, duty__in=duties).exists():
                raise BadInput(_("这个岗位不办工单，另选一个。"), field="target")
            return _route(post.id, post.organisation_id, post.level, reason)
    elif organisation_id is not None:
        for one in near(Organisation.objects.filter(pk=organisation_id, ended_at=None), own):
            return _route(None, one.id, level_of_organisation(one.kind), reason)
    else:
        raise BadInput(_("先选派给谁。"), field="target")
    raise BadInput(_("这个岗位或单位不负责这里，另选一个。"), field="target")


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
    found = _route(None, rule.organisation_id, level, f"{category} · {place} → {name}")
    return replace(found, rule_id=rule.id)


def _desk(book: Book, where: Where, why: str, now: datetime) -> Route:
    """Return the route to the nearest desk; a case is never left to nobody."""
    desk = rules.in_role(
        book.posts, ["desk"], area_path=where.area_path, estate_id=where.estate_id, now=None
    )
    if desk is None:
        reason = _("%(why)s，这里也没有设受理岗，留在待受理") % {"why": why}
        return replace(_route(None, None, Level.COMMUNITY, reason), is_fallback=True)
    reason = _("%(why)s，先由%(desk)s受理") % {"why": why, "desk": desk.name}
    if rules.is_vacant(desk, now):
        reason = _("%(reason)s（受理岗目前没有人在岗）") % {"reason": reason}
    return replace(_to(desk, reason), is_fallback=True)


def _to(post: PostCard, reason: str) -> Route:
    return _route(post.id, post.organisation_id, post.level, reason)


def _route(post_id: UUID | None, organisation_id: UUID | None, level: str, reason: str) -> Route:
    return Route(post_id=post_id, organisation_id=organisation_id, level=level, reason=reason)


def _place(book: Book, post: PostCard) -> str:
    return book.area_names.get(post.area_path, "") or post.name
