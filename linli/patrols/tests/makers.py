"""A neighbourhood with a route to walk: two buildings, a hydrant, a list of what to look at."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from linli.cases.tests import makers as cases
from linli.patrols.models import Clause, ItemList
from linli.patrols.services import routes
from linli.patrols.services.routes import Part, RouteFacts
from linli.places.tests import makers as places
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of, forget

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Beijing
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ITEMS = [
    {
        "code": "way",
        "label": "消防通道",
        "kind": "choice",
        "is_required": True,
        "choices": [
            {"code": "free", "label": "畅通"},
            {"code": "shut", "label": "堵了", "is_bad": True},
        ],
    },
    {"code": "lit", "label": "楼道灯亮", "kind": "yes_no", "bad_if": "no"},
    {"code": "note", "label": "备注", "kind": "text"},
]


def make_list(code: str = "stairs", **facts: Any) -> ItemList:
    """Make a list of three items; what is wrong is 环境卫生."""
    facts.setdefault("category_code", "rubbish")
    return ItemList.objects.create(code=code, name="楼道", items=facts.pop("items", ITEMS), **facts)


def make_clause(code: str = "dogs", title: str = "遛狗牵绳") -> Clause:
    """Make a clause of the covenant."""
    return Clause.objects.create(code=code, title=title)


def allow(actor: Any, *duties: str) -> Any:
    """Give the actor's post more duties; return the actor as they act now."""
    (post_id,) = actor.post_ids
    for duty in duties:
        PostDuty.objects.create(post_id=post_id, duty=duty)
    forget()
    return actor_of(actor.account_id, MONDAY)


def make_walk(**facts: Any) -> SimpleNamespace:
    """Return a neighbourhood with a route of three points, walked every day by the grid worker."""
    world = cases.make_neighbourhood()
    world.lin = allow(world.lin, "patrols.walk")
    world.lead = allow(world.lead, "patrols.view", "patrols.manage", "places.manage")
    world.manager = allow(world.manager, "patrols.walk")
    world.building.lat, world.building.lon = 44.1, 87.5
    world.building.save()
    world.other = places.make_building(world.estate, "4号楼", grid=world.grid)
    world.doors = [places.make_entrance(world.building, f"{number}单元") for number in (1, 2)]
    world.hydrant = places.make_facility(world.building, "消防栓")
    world.list = make_list()
    world.route = routes.create_route(
        facts=route_facts(world, **facts), actor=world.lead, now=MONDAY - DAY
    )
    world.points = routes.add_points(
        route_id=world.route.pk,
        parts=[
            Part(building_id=world.building.pk),
            Part(facility_id=world.hydrant.pk),
            Part(building_id=world.other.pk),
        ],
        actor=world.lead,
        now=MONDAY - DAY,
    )
    world.route.refresh_from_db()
    return world


def route_facts(world: Any, **facts: Any) -> RouteFacts:
    """Return the facts of the usual route, with some others."""
    usual = {
        "name": "第一网格日巡", "area_id": world.grid.pk, "item_list_id": world.list.pk,
        "post_id": world.grid_post.pk, "starts_on": (MONDAY - DAY).date(),
    }  # fmt: skip
    return RouteFacts(**usual | facts)
