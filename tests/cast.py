"""The named world of the tests: two tenants, so that every test has an outsider. Know them by heart.

At home, in 东城社区: Lin, the grid worker of 第一网格; Mei, a resident with an account; a clerk at the
desk, a lead, a property manager, a department's officer, and the three offices. Abroad, in 佳运社区:
Zhou, a grid worker, and a lead. Posts are held since 2020, so any moment of a test will do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.test import Client

from linli.kernel import tenancy
from linli.kernel.actor import Actor, ActorKind, Grant
from linli.people.tests import makers as people
from linli.places.tests import makers as places
from linli.posts.models import OrganisationKind
from linli.posts.tests import makers as posts

if TYPE_CHECKING:
    from linli.kernel.models import Tenant
    from linli.people.models import Account
    from linli.places.models import Area, Building, Entrance, Estate, PlaceCode
    from linli.posts.models import Organisation, Post

SignIn = Callable[[str], Client]
MEIS_PHONE = "10000000001"


# Who is who: the role each plays, in which organisation (a field of Cast), and their name.
HERE = {
    "lin": ("grid_worker", "office", "林"),
    "desk": ("desk", "office", "何"),
    "lead": ("lead", "office", "高"),
    "property": ("property", "company", "马"),
    "officer": ("department", "bureau", "郑"),
    "operator": ("system_admin", "hall", "谢"),
    "security": ("security_admin", "hall", "韩"),
    "auditor": ("audit_admin", "hall", "唐"),
}
THERE = {"zhou": ("grid_worker", "office", "周"), "away_lead": ("lead", "office", "吴")}


@dataclass(frozen=True, kw_only=True)
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
    hall: "Organisation"  # the district's own
    away_community: "Area"
    lin: Actor
    mei: Actor
    desk: Actor
    lead: Actor
    property: Actor
    officer: Actor
    operator: Actor
    security: Actor
    auditor: Actor
    zhou: Actor
    away_lead: Actor

    def client(self, name: str) -> Client:
        """Return a browser in which somebody of the cast is signed in, by their name here."""
        actor: Actor = getattr(self, name)
        assert actor.account_id
        return people.sign_in(actor.account_id, actor.tenant_id)


def make_cast(home: "Tenant", away: "Tenant") -> Cast:
    """Make the world; the tenant is not set by it. Rows go in by the dozen: every test makes one."""
    with tenancy.tenant(away.pk):
        community = places.make_community("佳运社区", "510402009011")
        grid = places.make_grid(community)
        office = posts.make_organisation(community, code="office")
        actors = _fill(THERE, {"office": office}, {"zhou": {"area": grid}})
    with tenancy.tenant(home.pk):
        here = _places()
        here |= _organisations(here["community"])
        where = {"lin": {"area": here["grid"]}, "property": {"estate": here["estate"]}}
        actors |= _fill(HERE, here, where)
        mei = people.make_resident(MEIS_PHONE, name="梅小雨")
        actors["mei"] = Actor(
            tenant_id=home.pk, kind=ActorKind.RESIDENT, account_id=mei.id, name=mei.name
        )
    return Cast(home=home, away=away, away_community=community, **actors, **here)


def _places() -> dict[str, Any]:
    community = places.make_community("东城社区", "659004003002")
    grid, estate = places.make_grid(community), places.make_estate(community)
    building = places.make_building(estate, grid=grid)
    entrance = places.make_entrance(building)
    return {
        "community": community,
        "grid": grid,
        "estate": estate,
        "building": building,
        "entrance": entrance,
        "code": places.make_code(entrance),
    }


def _organisations(community: "Area") -> dict[str, Any]:
    district = community.parent.parent
    kinds = {
        "office": (community, OrganisationKind.COMMUNITY, community.name),
        "company": (community, OrganisationKind.PROPERTY, "天山物业"),
        "bureau": (district, OrganisationKind.DEPARTMENT, "城市管理局"),
        "hall": (district, OrganisationKind.DISTRICT, "本区"),
    }
    return {
        code: posts.make_organisation(area, kind, name, code=code)
        for code, (area, kind, name) in kinds.items()
    }


def _fill(parts: dict, organisations: dict[str, Any], where: dict) -> dict[str, Actor]:
    """Make everybody's account and post; return them as actors by name."""
    accounts, filled, actors = [], [], {}
    for name, (role, organisation, called) in parts.items():
        facts, one = where.get(name, {}), organisations[organisation]
        login, area = name.replace("_", "-"), facts.get("area") or one.area
        account = people.new_account(called, area_path=area.path)
        post = posts.new_post(one, role, code=f"{login}-post", **facts)
        accounts.append((account, login))
        filled.append((post, account))
        actors[name] = _actor(account, post)
    people.save_accounts(accounts)
    posts.save_posts(filled)
    return actors


def _actor(account: "Account", post: "Post") -> Actor:
    """Return what `posts.actor_of` will give, without asking; a test holds the two together."""
    only = post.organisation_id if post.is_confined else None
    return Actor(
        tenant_id=tenancy.current_tenant_id(),
        kind=ActorKind.STAFF,
        account_id=account.id,
        name=account.name,
        post_ids=frozenset([post.id]),
        organisation_ids=frozenset([post.organisation_id]),
        grants=tuple(
            Grant(duty=duty, area_path=post.area.path, organisation_id=only, post_id=post.id)
            for duty in sorted(posts.DUTIES[post.role])
        ),
    )
