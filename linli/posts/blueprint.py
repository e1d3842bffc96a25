"""Installs the posts of a blueprint: organisations, posts with their duties, routing."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record
from linli.places import selectors as places
from linli.posts.events import HoldingStarted
from linli.posts.models import Holding, Organisation, Post, PostDuty, RoutingRule
from linli.posts.rules.roster import Shift
from linli.posts.selectors import forget
from linli.posts.services.installing import (
    AllowanceItem,
    StationItem,
    install_allowances,
    install_stations,
)

__all__ = [
    "AllowanceItem", "OrganisationItem", "PostItem", "PostsPart", "RouteItem", "Shift",
    "StationItem", "fill", "install",
]  # fmt: skip

# (code of the community, name of the estate)
EstateKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationItem:
    """A body that people act for."""

    code: str
    kind: str
    name: str
    area_code: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostItem:
    """A post with its duties."""

    code: str
    name: str
    organisation_code: str
    role: str
    level: str
    area_code: str
    estate: EstateKey | None = None
    duties: tuple[str, ...] = ()
    written_duties: str = ""
    is_confined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteItem:
    """Where cases of a category ("" is any) in a place go: to a role, a post or an organisation."""

    category_code: str = ""
    area_code: str
    estate: EstateKey | None = None
    estate_kind: str = ""
    role: str = ""
    post_code: str = ""
    organisation_code: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsPart:
    """The posts of a blueprint."""

    organisations: tuple[OrganisationItem, ...] = ()
    posts: tuple[PostItem, ...] = ()
    routes: tuple[RouteItem, ...] = ()
    stations: tuple[StationItem, ...] = ()
    allowances: tuple[AllowanceItem, ...] = ()


@dataclass(slots=True)
class _Ids:
    """The rows behind the codes of the file."""

    areas: dict[str, UUID] = field(default_factory=dict)
    estates: dict[EstateKey, UUID] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)
    posts: dict[str, UUID] = field(default_factory=dict)

    def estate(self, key: EstateKey | None) -> UUID | None:
        return self.estates.get(key) if key else None


@transaction.atomic
def install(
    part: PostsPart, *, before: PostsPart | None, installation_id: UUID, actor: Actor, now: datetime
) -> Outcome:
    """Install organisations, posts and routing; see `kernel.blueprint` for rows that are there already.

    The places are installed before. Errors: NotAllowed.
    """
    actor.require("posts.manage")
    outcome, base, ids = Outcome("posts"), before or PostsPart(), _places(part)
    _install_organisations(part, base, ids, outcome)
    _install_posts(part, base, ids, outcome, now)
    _install_routes(part, base, ids, outcome)
    install_stations(part.stations, base.stations, ids.areas, outcome, now)
    install_allowances(part.allowances, base.allowances, ids.areas, outcome)
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    forget()
    return outcome


@transaction.atomic
def fill(*, holders: Mapping[UUID, UUID], starts_at: datetime, actor: Actor, now: datetime) -> None:
    """Put accounts just made into vacant posts, hundreds at once: the account of each post.

    `services.appoint` does it one by one, with everything that has to be looked at when people have
    a past. Errors: NotAllowed.
    """
    actor.require("posts.manage")
    paths = dict(Post.objects.filter(pk__in=holders).values_list("pk", "area__path"))
    rows = [
        Holding(post_id=post_id, account_id=account_id, starts_at=starts_at)
        for post_id, account_id in holders.items()
    ]
    Holding.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        event = HoldingStarted(
            subject_id=row.post_id,
            area_path=paths[row.post_id],
            holder_id=row.account_id,
            holding_id=row.pk,
            starts_at=starts_at.isoformat(),
            ends_at="",
        )
        events.record(event, actor=actor, at=now)
    forget()


def _places(part: PostsPart) -> _Ids:
    areas = {area.code: area.pk for area in places.areas_below("")}
    named = {item.estate for item in part.posts if item.estate}
    named |= {item.estate for item in part.routes if item.estate}
    estates = {
        (code, estate.name): estate.pk
        for code in sorted({code for code, _name in named if code in areas})
        for estate in places.estates_of(areas[code])
    }
    return _Ids(areas=areas, estates=estates)


def _install_organisations(part: PostsPart, base: PostsPart, ids: _Ids, outcome: Outcome) -> None:
    rows = put(
        Organisation,
        "机构",
        wanted={item.code: _organisation(item, ids) for item in part.organisations},
        base={item.code: _organisation(item, ids) for item in base.organisations},
        key=lambda row: row.code,
        first={},
        outcome=outcome,
    )
    ids.organisations = {row.code: row.pk for row in rows.values()}


def _organisation(item: OrganisationItem, ids: _Ids) -> dict[str, Any]:
    return {
        "code": item.code,
        "kind": item.kind,
        "name": item.name,
        "area_id": ids.areas.get(item.area_code),
        "phone": item.phone,
    }


def _install_posts(
    part: PostsPart, base: PostsPart, ids: _Ids, outcome: Outcome, now: datetime
) -> None:
    is_old = set(Post.objects.values_list("code", flat=True))
    rows = put(
        Post,
        "岗位",
        wanted={item.code: _post(item, ids) for item in part.posts},
        base={item.code: _post(item, ids) for item in base.posts},
        key=lambda row: row.code,
        first={"created_at": now},
        outcome=outcome,
    )
    ids.posts = {row.code: row.pk for row in rows.values()}
    _give_duties([item for item in part.posts if item.code not in is_old], ids)
    _settle_duties([item for item in part.posts if item.code in is_old], base, ids, outcome)


def _post(item: PostItem, ids: _Ids) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "organisation_id": ids.organisations.get(item.organisation_code),
        "role": item.role,
        "level": item.level,
        "area_id": ids.areas.get(item.area_code),
        "estate_id": ids.estate(item.estate),
        "written_duties": item.written_duties,
        "is_confined": item.is_confined,
    }


def _give_duties(items: list[PostItem], ids: _Ids) -> None:
    rows = [
        PostDuty(post_id=ids.posts[one.code], duty=duty) for one in items for duty in one.duties
    ]
    PostDuty.objects.bulk_create(rows, batch_size=500)


def _settle_duties(items: list[PostItem], base: PostsPart, ids: _Ids, outcome: Outcome) -> None:
    """Follow the file where the duties are still those of the last file; else leave them and say so."""
    held = defaultdict(set)
    for post_id, duty in PostDuty.objects.values_list("post_id", "duty"):
        held[post_id].add(duty)
    known = {item.code: set(item.duties) for item in base.posts}
    for item in items:
        post_id, wanted = ids.posts[item.code], set(item.duties)
        if held[post_id] == wanted:
            continue
        is_ours = held[post_id] == known.get(item.code)
        if is_ours:
            PostDuty.objects.filter(post_id=post_id).exclude(duty__in=wanted).delete()
            _give_duties([_only(item, wanted - held[post_id])], ids)
        outcome.note("岗位权限", item.name, ["duties"] * is_ours, ["duties"] * (not is_ours))


def _only(item: PostItem, duties: set[str]) -> PostItem:
    return PostItem(
        code=item.code,
        name=item.name,
        organisation_code=item.organisation_code,
        role=item.role,
        level=item.level,
        area_code=item.area_code,
        duties=tuple(sorted(duties)),
    )


def _install_routes(part: PostsPart, base: PostsPart, ids: _Ids, outcome: Outcome) -> None:
    put(
        RoutingRule,
        "派单规则",
        wanted=_routes(part, ids),
        base=_routes(base, ids),
        key=lambda row: (row.category_code, row.area_id, row.estate_id, row.estate_kind),
        first={},
        outcome=outcome,
    )


def _routes(part: PostsPart, ids: _Ids) -> dict[Hashable, Fields]:
    found: dict[Hashable, Fields] = {}
    for item in part.routes:
        area_id, estate_id = ids.areas.get(item.area_code), ids.estate(item.estate)
        found[item.category_code, area_id, estate_id, item.estate_kind] = {
            "category_code": item.category_code,
            "area_id": area_id,
            "estate_id": estate_id,
            "estate_kind": item.estate_kind,
            "role": item.role,
            "post_id": ids.posts.get(item.post_code),
            "organisation_id": ids.organisations.get(item.organisation_code),
            "order": item.order,
        }
    return found
