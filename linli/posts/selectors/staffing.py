"""Posts and organisations with the people in them, for managing them and for assigning to them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.places import selectors as places
from linli.posts import rules
from linli.posts.models import Holding, Level, Organisation, OrganisationKind, Post, PostDuty
from linli.posts.selectors.book import near, stays_of
from linli.posts.selectors.catalogue import in_order, role_label
from linli.posts.selectors.routing import community_path
from linli.posts.selectors.terms import TermLine, term_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post as the page of posts shows it."""

    id: UUID
    code: str
    name: str
    role: str
    role_label: str
    level: str
    level_label: str
    area_path: str
    area_name: str
    estate_name: str
    organisation_id: UUID
    organisation_name: str
    written_duties: str
    is_confined: bool
    duties: tuple[str, ...]
    terms: tuple[TermLine, ...]
    is_vacant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignable:
    """A post or an organisation that a case can be given to. `value` is what a form sends."""

    post_id: UUID | None = None
    organisation_id: UUID | None = None
    label: str
    people: str = ""  # who acts there, by name
    is_vacant: bool = False

    @property
    def value(self) -> str:
        """Return "post:<id>" or "organisation:<id>"."""
        return f"post:{self.post_id}" if self.post_id else f"organisation:{self.organisation_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignableGroup:
    """Those of one kind, under a heading."""

    label: str
    choices: tuple[Assignable, ...]


def get_post(post_id: UUID, actor: Actor, *, lock: bool = False) -> Post:
    """Return a post that the actor manages. Errors: NotFound, the same when it is out of reach."""
    rows = Post.objects.filter(reach(actor)).select_related("area", "estate", "organisation")
    if lock:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=post_id)
    except Post.DoesNotExist:
        raise NotFound(_("没有找到这个岗位。")) from None


def get_organisation(organisation_id: UUID, actor: Actor, *, lock: bool = False) -> Organisation:
    """Return an organisation that the actor manages. Errors: NotFound."""
    rows = Organisation.objects.filter(reach(actor)).select_related("area")
    if lock:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=organisation_id)
    except Organisation.DoesNotExist:
        raise NotFound(_("没有找到这个单位。")) from None


def find_organisation(code: str) -> Organisation | None:
    """Return the tenant's organisation of that code, ended ones too, or None; blueprints ask."""
    return next(iter(Organisation.objects.select_related("area").filter(code=code)), None)


def organisations_below(actor: Actor, *, duty: str = "posts.manage") -> list[Organisation]:
    """Return the living organisations where the actor holds a duty, by area, kind and name."""
    rows = Organisation.objects.filter(reach(actor, duty), ended_at=None).select_related("area")
    ranks = {kind: rank for rank, kind in enumerate(OrganisationKind.values)}
    return sorted(rows, key=lambda one: (one.area.path, ranks[one.kind], one.name))


def organisations_at(actor: Actor, area_path: str) -> list[Organisation]:
    """Return the living organisations of an area, the community's own first, then by name.

    Errors: NotAllowed.
    """
    actor.require("posts.manage", area_path)
    rows = Organisation.objects.filter(area__path=area_path, ended_at=None).select_related("area")
    ranks = {kind: rank for rank, kind in enumerate(OrganisationKind.values)}
    return sorted(rows, key=lambda one: (ranks[one.kind], one.name))


def managed_areas(actor: Actor, duty: str = "posts.manage") -> list[Any]:
    """Return the areas where the actor holds a duty, without grids, in tree order.

    Errors: NotAllowed.
    """
    actor.require(duty)
    found = {
        area.path: area
        for scope in actor.scopes(duty)
        for area in places.areas_below(scope).exclude(kind="grid")
    }
    return [found[path] for path in sorted(found)]


def post_lines(actor: Actor, now: datetime, *, area_path: str, with_below: bool) -> list[PostLine]:
    """Return the living posts at an area, with whoever holds them, by area and code.

    with_below: those of the areas below too, a community's grids for example.
    Errors: NotAllowed.
    """
    actor.require("posts.manage", area_path)
    where = Q(area__path__startswith=area_path) if with_below else Q(area__path=area_path)
    return lines_of(Post.objects.filter(where, ended_at=None), now)


def get_post_line(post_id: UUID, actor: Actor, now: datetime) -> PostLine:
    """Return one post that the actor manages, with whoever holds it. Errors: NotFound."""
    post = get_post(post_id, actor)
    return lines_of(Post.objects.filter(pk=post.pk), now)[0]


def vacant_posts(area_path: str, now: datetime) -> list[PostLine]:
    """Return the living posts at and below an area path that nobody acts in."""
    rows = Post.objects.filter(area__path__startswith=area_path, ended_at=None)
    return [line for line in lines_of(rows, now) if line.is_vacant]


def lines_of(posts: Any, now: datetime) -> list[PostLine]:
    """Return posts as lines, in a fixed number of queries."""
    rows = list(posts.select_related("area", "estate", "organisation").prefetch_related("duties"))
    rows.sort(key=lambda post: (post.area.path, rules.counted(post.code)))
    ids = [post.id for post in rows]
    terms, stays = term_lines(ids, now), stays_of(ids)
    return [
        _line(
            post,
            tuple(terms.get(post.id, ())),
            is_vacant=not rules.acting(stays.get(post.id, ()), now),
        )
        for post in rows
    ]


def assignable(
    area_path: str, now: datetime | None = None, *, duties: Collection[str] = ()
) -> list[AssignableGroup]:
    """Return the posts and organisations of a place's community and of the areas above it, grouped.

    now: given, the names of whoever acts in each post come along, and vacant posts are marked.
    duties: only posts that hold one of them; an auditor is given no cases.
    """
    own = community_path(area_path)
    rows = near(Post.objects.filter(ended_at=None), own)
    if duties:
        rows = rows.filter(Exists(PostDuty.objects.filter(post=OuterRef("pk"), duty__in=duties)))
    posts = sorted(
        rows.select_related("area", "organisation"),
        key=lambda one: (not area_path.startswith(one.area.path), rules.counted(one.code)),
    )
    acting = _acting_names([post.id for post in posts], now) if now else {}
    groups: dict[str, list[Assignable]] = {}
    for post in posts:
        if not post.is_confined:
            names = acting.get(post.id, ())
            choice = Assignable(
                post_id=post.id,
                label=post.name,
                people="、".join(names),
                is_vacant=now is not None and not names,
            )
            groups.setdefault(str(Level(post.level).label), []).append(choice)
    return [*_ordered(groups), *_organisation_groups(own)]


def post_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of posts by id."""
    return dict(Post.objects.filter(id__in=set(ids)).values_list("id", "name"))


def post_names_of(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return in which posts accounts act or last acted, by name, several joined."""
    rows = Holding.objects.filter(account_id__in=set(account_ids)).order_by("-starts_at", "-id")
    lasting: dict[UUID, list[str]] = {}
    last: dict[UUID, str] = {}
    for account_id, ends_at, name in rows.values_list("account_id", "ends_at", "post__name"):
        last.setdefault(account_id, name)
        if ends_at is None:
            lasting.setdefault(account_id, []).append(name)
    return {one: "、".join(lasting.get(one, [last[one]])) for one in last}


def organisation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of organisations by id."""
    return dict(Organisation.objects.filter(id__in=set(ids)).values_list("id", "name"))


def reach(actor: Actor, duty: str = "posts.manage") -> Q:
    """Return the condition that a post or organisation stands in an area the actor manages."""
    where = Q(pk=None)
    for path in actor.scopes(duty):
        where |= Q(area__path__startswith=path)
    return where


def _line(post: Post, terms: tuple[TermLine, ...], *, is_vacant: bool) -> PostLine:
    return PostLine(
        id=post.id,
        code=post.code,
        name=post.name,
        role=post.role,
        role_label=role_label(post.role),
        level=post.level,
        level_label=str(Level(post.level).label),
        area_path=post.area.path,
        area_name=post.area.name,
        estate_name=post.estate.name if post.estate else "",
        organisation_id=post.organisation_id,
        organisation_name=post.organisation.name,
        written_duties=post.written_duties,
        is_confined=post.is_confined,
        duties=in_order(row.duty for row in post.duties.all()),
        terms=terms,
        is_vacant=is_vacant,
    )


def _acting_names(post_ids: list[UUID], now: datetime) -> dict[UUID, list[str]]:
    stays = stays_of(post_ids)
    acting = {post_id: rules.acting(stays.get(post_id, ()), now) for post_id in post_ids}
    names = people.account_names(one for ids in acting.values() for one in ids)
    return {post_id: [names[one] for one in ids if one in names] for post_id, ids in acting.items()}


def _ordered(groups: dict[str, list[Assignable]]) -> list[AssignableGroup]:
    labels = [str(level.label) for level in Level]
    return [
        AssignableGroup(label=one, choices=tuple(groups[one])) for one in labels if one in groups
    ]


def _organisation_groups(path: str) -> list[AssignableGroup]:
    groups: dict[str, list[Assignable]] = {}
    rows = near(Organisation.objects.filter(ended_at=None), path).order_by("code")
    for one in rows.exclude(kind=OrganisationKind.COMMUNITY):
        label = str(OrganisationKind(one.kind).label)
        groups.setdefault(label, []).append(Assignable(organisation_id=one.id, label=one.name))
    labels = [str(kind.label) for kind in OrganisationKind]
    return [
        AssignableGroup(label=one, choices=tuple(groups[one])) for one in labels if one in groups
    ]
