"""Posts for tests: say what matters, the rest has a default. The tenant is set."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.ids import new_id
from linli.people.tests.makers import LONG_AGO, get_account
from linli.posts import selectors
from linli.posts.models import (
    Holding,
    Level,
    Organisation,
    OrganisationKind,
    Post,
    PostDuty,
    RoutingRule,
    Substitution,
)

if TYPE_CHECKING:
    from linli.people.models import Account
    from linli.places.models import Area

# What a post of a role may usually do, as in the blueprints.
DUTIES: dict[str, tuple[str, ...]] = {
    "grid_worker": ("cases.view", "cases.handle", "cases.enter", "people.register"),
    "desk": (
        "cases.view", "cases.dispatch", "cases.enter", "cases.handle", "people.reveal",
        "people.register", "people.sensitive", "publishing.write",
    ),
    "lead": (
        "cases.view", "cases.dispatch", "cases.handle", "cases.arbitrate", "cases.approve",
        "cases.supervise", "cases.enter", "cases.configure", "posts.manage", "posts.roster", "places.manage",
        "people.manage", "people.reveal", "people.register", "people.sensitive", "messages.manage",
        "kernel.calendar",
        "publishing.write", "publishing.release", "clients.manage", "indicators.configure",
    ),
    "property": ("cases.view", "cases.handle"),
    "department": ("cases.view", "cases.handle"),
    "mediator": ("cases.view", "cases.handle", "cases.confidential"),
    "subdistrict": (
        "cases.view", "cases.dispatch", "cases.supervise", "cases.handle", "indicators.configure",
    ),
    "district": ("cases.view", "cases.supervise", "cases.handle", "indicators.configure"),
    "roaming": ("cases.enter",),
    "system_admin": ("kernel.operate",),
    "security_admin": ("kernel.security",),
    "audit_admin": ("kernel.audit",),
}  # fmt: skip
LEVELS = {
    "grid_worker": Level.GRID,
    "property": Level.ESTATE,
    "subdistrict": Level.SUBDISTRICT,
    "department": Level.DISTRICT,
    "district": Level.DISTRICT,
}


def make_organisation(
    area: "Area", kind: str = OrganisationKind.COMMUNITY, name: str = "", **facts
) -> Organisation:
    """Make an organisation in an area."""
    facts.setdefault("code", f"o{new_id().hex[-10:]}")
    return Organisation.objects.create(area=area, kind=kind, name=name or area.name, **facts)


def make_post(
    organisation: Organisation,
    role: str = "grid_worker",
    *,
    duties: tuple[str, ...] | None = None,
    holder: "Account | None" = None,
    **facts,
) -> Post:
    """Make a post with the usual duties of its role; with a holder, somebody is in it since long ago.

    Posts of property companies and departments are confined to their organisation.
    """
    post = new_post(organisation, role, **facts)
    save_posts([(post, holder)], duties=duties)
    return post


def new_post(organisation: Organisation, role: str, *, area: "Area | None" = None, **facts) -> Post:
    """Return a post that is not in the database yet."""
    area = area or organisation.area
    facts.setdefault("level", LEVELS.get(role, Level.COMMUNITY))
    facts.setdefault("is_confined", role in ("property", "department"))
    facts.setdefault("name", f"{area.name}{selectors.role_label(role)}")
    facts.setdefault("code", f"{role}-{new_id().hex[-10:]}")
    facts.setdefault("created_at", LONG_AGO)
    return Post(organisation=organisation, role=role, area=area, **facts)


def save_posts(
    filled: "list[tuple[Post, Account | None]]", *, duties: tuple[str, ...] | None = None
) -> None:
    """Put posts with their duties and holders into the database, all at once."""
    Post.objects.bulk_create([post for post, _holder in filled])
    PostDuty.objects.bulk_create(
        PostDuty(post=post, duty=duty)
        for post, _holder in filled
        for duty in (DUTIES.get(post.role, ()) if duties is None else duties)
    )
    Holding.objects.bulk_create(
        Holding(post=post, account=holder, starts_at=LONG_AGO)
        for post, holder in filled
        if holder is not None
    )
    selectors.forget()


def hold(
    post: Post, account: "Account", *, since: datetime = LONG_AGO, until: datetime | None = None
) -> Holding:
    """Let somebody hold a post."""
    selectors.forget()
    return Holding.objects.create(post=post, account=account, starts_at=since, ends_at=until)


def stand_in(
    post: Post, absent: "Account", substitute: "Account", since: datetime, until: datetime
) -> Substitution:
    """Let somebody stand in for a holder."""
    selectors.forget()
    return Substitution.objects.create(
        post=post, absent=absent, substitute=substitute, starts_at=since, ends_at=until
    )


def make_rule(area: "Area", **facts) -> RoutingRule:
    """Make a routing rule; without a target it leads to the grid worker."""
    if not {"role", "post", "organisation"} & set(facts):
        facts["role"] = "grid_worker"
    selectors.forget()
    return RoutingRule.objects.create(area=area, **facts)


def post_of(login: str) -> Post:
    """Return the post of somebody of the cast."""
    return Post.objects.get(code=f"{login}-post")


def account_of(actor: Actor) -> "Account":
    """Return the account of somebody of the cast."""
    assert actor.account_id
    return get_account(actor.account_id)


def told(subject_id: UUID) -> list[str]:
    """Return the names of what happened to a subject, oldest first."""
    return [row.name for row in events.timeline(subject_id)]
