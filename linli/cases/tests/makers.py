"""Makes what stories about cases need: a catalogue, posts with people, a report."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from linli.cases.models import Case, Category, ServiceLevel, Source
from linli.cases.selectors import catalogue
from linli.cases.services import intake
from linli.kernel import memory
from linli.kernel.actor import Actor, reporter
from linli.people.tests import makers as people_makers
from linli.places import selectors as places
from linli.places.tests.makers import (
    make_building,
    make_code,
    make_community,
    make_estate,
    make_grid,
)
from linli.posts import selectors as posts
from linli.posts.tests import makers as posts_makers

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Beijing
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

DESK = ("cases.view", "cases.dispatch", "cases.enter", "people.reveal")
LEAD = (
    *DESK,
    "cases.arbitrate",
    "cases.approve",
    "cases.supervise",
    "cases.configure",
    "posts.manage",
)
WORKER = ("cases.view", "cases.handle")


def make_level(code: str = "three_days", **facts: Any) -> ServiceLevel:
    """Return a promise: an answer within 2 working hours, solved within 3 working days."""
    usual = {
        "name": "三个工作日",
        "respond_amount": 2,
        "respond_unit": "work_hour",
        "resolve_amount": 3,
        "resolve_unit": "work_day",
    }
    return ServiceLevel.objects.create(code=code, **usual | facts)


def make_category(code: str = "rubbish", name: str = "环境卫生", **facts: Any) -> Category:
    """Return a category whose cases wait at the desk."""
    level = facts.pop("service_level", None) or (
        ServiceLevel.objects.filter(code="three_days").first() or make_level()
    )
    category = Category.objects.create(
        code=code, name=name, icon="trash-2", service_level=level, **facts
    )
    catalogue.forget()
    return category


def make_staff(name: str, post: Any) -> Actor:
    """Return somebody who holds the post since long ago, as they act on Monday."""
    account = people_makers.make_account(name)
    posts_makers.hold(post, account)
    return posts.actor_of(account.pk, MONDAY)


def make_post(role: str, area: Any, duties: tuple[str, ...], **facts: Any) -> Any:
    """Return a post of a role over an area, of the community's own organisation unless given."""
    organisation = facts.pop("organisation", None) or _community_of(area)
    facts.setdefault("code", f"{role}-{area.code}")
    facts.setdefault("name", role)
    return posts_makers.make_post(organisation, role, duties=duties, area=area, **facts)


def _community_of(area: Any) -> Any:
    found = posts.find_organisation("community")
    return found or posts_makers.make_organisation(area, name="社区居委会", code="community")


def make_neighbourhood() -> SimpleNamespace:
    """Return a small community at work; routing sends 环境卫生 to the grid worker.

    An estate with a door code, a grid; desk, lead, grid worker and a property company's manager.
    """
    memory.forget_all()
    community = make_community()
    grid = make_grid(community)
    estate = make_estate(community)
    building = make_building(estate, grid=grid)
    property_company = posts_makers.make_organisation(
        community, kind="property", name="安居物业", code="property"
    )
    desk_post = make_post("desk", community, DESK, name="受理岗")
    lead_post = make_post("lead", community, LEAD, name="社区书记")
    grid_post = make_post("grid_worker", grid, WORKER, name="第一网格网格员")
    property_post = make_post(
        "property",
        community,
        ("cases.handle",),
        name="物业经理",
        organisation=property_company,
    )
    category = make_category()
    posts_makers.make_rule(community, category_code="rubbish", role="grid_worker")
    posts.forget()
    return SimpleNamespace(
        community=community,
        grid=grid,
        estate=estate,
        building=building,
        door=make_code(building),
        category=category,
        property_company=property_company,
        desk_post=desk_post,
        grid_post=grid_post,
        desk=make_staff("周敏", desk_post),
        lead=make_staff("何青", lead_post),
        lin=make_staff("林岚", grid_post),
        manager=make_staff("石磊", property_post),
    )


def make_case(world: SimpleNamespace, *, at: datetime = MONDAY, **facts: Any) -> Case:
    """Return a case that a resident reported at the building's door."""
    case, _is_new = intake.report_case(
        report=make_report(world, **facts), actor=reporter(world.community.tenant_id), now=at
    )
    return case


def make_report(world: SimpleNamespace, **facts: Any) -> intake.Report:
    """Return what a resident sends from the building's door."""
    usual = {
        "category_id": world.category.pk,
        "text": "楼道口的垃圾桶满了两天，味道很大。",
        "where": places.where_of(community_id=world.community.pk, building_id=world.building.pk),
        "source": Source.SCAN,
        "phone": "10012345678",
    }
    return intake.Report(**usual | facts)
