"""The named world of the tests: two tenants, so that every test has an outsider. Know them by heart.

At home, in 东城社区: Lin, the grid worker of 第一网格; Mei, a resident with an account; a clerk at the
desk, a lead, a property manager, a department's officer, and the three offices. Abroad, in 佳运社区:
Zhou, a grid worker, and a lead. Posts are held since 2020, so any moment of a test will do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.test import Client

from linli.kernel import clock, tenancy
from linli.kernel.actor import Actor
from linli.people.tests import makers as people
from linli.places.tests import makers as places
from linli.posts import selectors as posts_read
from linli.posts.models import OrganisationKind
from linli.posts.tests import makers as posts

if TYPE_CHECKING:
    from linli.kernel.models import Tenant
    from linli.places.models import Area, Building, Entrance, Estate, PlaceCode
    from linli.posts.models import Organisation

SignIn = Callable[[str], Client]
MEIS_PHONE = "10000000001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who and where; people are actors as `posts.actor_of` gives them."""

    home: "Tenant"
    away: "Tenant"
    community: "Area"
    grid: "Area"
    estate: "Estate"
    building: "Building"
    entrance: "Entrance"
    code: "PlaceCode"
    office: "Organisation"  # the community's own
    company: "Organisation"  # the property company
    bureau: "Organisation"  # a department of the district
    lin: Actor
    mei: Actor
    desk: Actor
    lead: Actor
    property: Actor
    officer: Actor
    operator: Actor
    security: Actor
    auditor: Actor
    away_community: "Area"
    zhou: Actor
    away_lead: Actor

    def client(self, name: str) -> Client:
        """Return a browser in which somebody of the cast is signed in, by their name here."""
        actor: Actor = getattr(self, name)
        assert actor.account_id
        return people.sign_in(actor.account_id, actor.tenant_id)


def make_cast(home: "Tenant", away: "Tenant") -> Cast:
    """Make the world; the tenant is not set by it."""
    with tenancy.tenant(away.pk):
        abroad = _abroad()
    with tenancy.tenant(home.pk):
        return Cast(home=home, away=away, **abroad, **_neighbourhood())


def _abroad() -> dict:
    community = places.make_community("佳运社区", "510402009011")
    grid = places.make_grid(community)
    office = posts.make_organisation(community, code="office")
    return {
        "away_community": community,
        "zhou": _staff("zhou", "周", office, "grid_worker", area=grid),
        "away_lead": _staff("away-lead", "吴", office, "lead"),
    }


def _neighbourhood() -> dict:
    community = places.make_community("东城社区", "659004003002")
    grid = places.make_grid(community)
    estate = places.make_estate(community)
    building = places.make_building(estate, grid=grid)
    entrance = places.make_entrance(building)
    district = community.parent.parent
    office = posts.make_organisation(community, code="office")
    company = posts.make_organisation(
        community, OrganisationKind.PROPERTY, "天山物业", code="company"
    )
    bureau = posts.make_organisation(
        district, OrganisationKind.DEPARTMENT, "城市管理局", code="bureau"
    )
    hall = posts.make_organisation(district, OrganisationKind.DISTRICT, "本区", code="hall")
    mei = people.make_resident(MEIS_PHONE, name="梅小雨")
    return {
        "community": community,
        "grid": grid,
        "estate": estate,
        "building": building,
        "entrance": entrance,
        "code": places.make_code(entrance),
        "office": office,
        "company": company,
        "bureau": bureau,
        "lin": _staff("lin", "林", office, "grid_worker", area=grid),
        "mei": posts_read.actor_of(mei.id, clock.now()),
        "desk": _staff("desk", "何", office, "desk"),
        "lead": _staff("lead", "高", office, "lead"),
        "property": _staff("property", "马", company, "property", estate=estate),
        "officer": _staff("officer", "郑", bureau, "department"),
        "operator": _staff("operator", "谢", hall, "system_admin"),
        "security": _staff("security", "韩", hall, "security_admin"),
        "auditor": _staff("auditor", "唐", hall, "audit_admin"),
    }


def _staff(login: str, name: str, organisation: "Organisation", role: str, **facts) -> Actor:
    area = facts.get("area") or organisation.area
    account = people.make_account(name, login=login, area_path=area.path)
    posts.make_post(organisation, role, holder=account, code=f"{login}-post", **facts)
    return posts_read.actor_of(account.id, clock.now())
