"""Installs the patrols of a blueprint: lists of what to look at, routes with their points, the covenant."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record
from linli.patrols.models import Clause, ItemList, Route
from linli.patrols.rules import MOST_POINTS
from linli.patrols.services import routes
from linli.patrols.services.routes import Part, RouteFacts
from linli.places import selectors as places
from linli.posts import selectors as posts


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListItem:
    """What to look at; items in the shape of `field.selectors.items.as_plain`."""

    code: str
    name: str
    items: tuple[dict[str, Any], ...]
    category_code: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteItem:
    """A route of one area. walks: "buildings", "entrances", or "" for points set by hand.

    area_code: the state's code of a community, or of a grid ("<community>-<grid>" when grids share
    codes). weekdays: digits, Monday 1; empty: every `every_days` days.
    """

    code: str
    name: str
    area_code: str
    estate: str = ""
    list_code: str
    walks: str = "buildings"
    weekdays: str = ""
    every_days: int = 1
    role: str = "grid_worker"
    is_joint: bool = False
    partner_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseItem:
    """A clause of the covenant."""

    code: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolsPart:
    """The patrols of a blueprint."""

    lists: tuple[ItemListItem, ...] = ()
    routes: tuple[RouteItem, ...] = ()
    clauses: tuple[ClauseItem, ...] = ()


@transaction.atomic
def install(
    part: PatrolsPart,
    *,
    before: PatrolsPart | None,
    installation_id: UUID,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Install lists and clauses as every room does; a route comes with its points when it is new,
    and afterwards people keep it. Places and posts are installed before. Errors: NotAllowed.
    """
    actor.require("patrols.manage")
    outcome, base = Outcome("patrols"), before or PatrolsPart()
    lists = put(
        ItemList, "巡查清单", wanted=_lists(part), base=_lists(base), key=lambda row: row.code,
        first={}, outcome=outcome,
    )  # fmt: skip
    put(
        Clause, "公约", wanted=_clauses(part), base=_clauses(base), key=lambda row: row.code,
        first={}, outcome=outcome,
    )  # fmt: skip
    known = set(Route.objects.exclude(code="").values_list("code", flat=True))
    ids = {str(code): one.pk for code, one in lists.items()}
    areas = {area.code: area for area in places.areas_below("")} if part.routes else {}
    for item in part.routes:
        if item.code in known:
            outcome.unchanged += 1
        elif item.area_code in areas:
            _make(item, areas[item.area_code], ids, actor, now)
            outcome.created += 1
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome


def _lists(part: PatrolsPart) -> dict[Hashable, Fields]:
    return {
        item.code: asdict(item)
        | {"items": list(item.items), "categories": dict(item.categories), "order": number * 10}
        for number, item in enumerate(part.lists, 1)
    }


def _clauses(part: PatrolsPart) -> dict[Hashable, Fields]:
    return {
        item.code: asdict(item) | {"order": number * 10}
        for number, item in enumerate(part.clauses, 1)
    }


def _make(
    item: RouteItem, area: Any, lists: Mapping[str, UUID], actor: Actor, now: datetime
) -> None:
    if item.estate and item.role == "grid_worker":
        area = _grid_of_estate(item, area)
    post = posts.post_in(item.role, area_path=area.path, estate_id=None)
    partner = posts.find_organisation(item.partner_code) if item.partner_code else None
    # By days: not every route of a district on the same one.
    shift = sum(map(ord, item.code)) % item.every_days
    facts = RouteFacts(
        name=item.name, area_id=area.pk, item_list_id=lists[item.list_code],
        post_id=post.post_id if post else None, weekdays=item.weekdays,
        every_days=item.every_days, is_joint=item.is_joint,
        partner_id=partner.pk if partner else None,
        starts_on=clock.local(now).date() + timedelta(days=shift),
    )  # fmt: skip
    route = routes.create_route(facts=facts, code=item.code, actor=actor, now=now)
    parts = _parts(item, area)
    if parts:
        routes.add_points(route_id=route.pk, parts=parts, actor=actor, now=now)


def _grid_of_estate(item: RouteItem, community: Any) -> Any:
    """Return the grid that has most of an estate's buildings: its worker walks no other's."""
    rows = places.buildings_of(community.pk).filter(estate__name=item.estate, grid__isnull=False)
    grids = Counter(rows.values_list("grid_id", flat=True))
    return places.get_area(grids.most_common(1)[0][0]) if grids else community


def _parts(item: RouteItem, area: Any) -> list[Part]:
    community = places.community_of_path(area.path)
    if not item.walks or community is None:
        return []
    rows = places.buildings_of(community.pk)
    if area.kind == "grid":
        rows = rows.filter(grid_id=area.pk)
    if item.estate:
        rows = rows.filter(estate__name=item.estate)
    houses = list(rows.order_by("estate__name", "order", "name")[:MOST_POINTS])
    if item.walks == "buildings":
        return [Part(building_id=house.pk) for house in houses]
    doors = [
        Part(building_id=house.pk, entrance_id=door.pk)
        for house in houses
        for door in places.entrances_of(house.pk)
    ]
    return doors[:MOST_POINTS]
