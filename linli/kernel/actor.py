"""Who acts: a person in a post, a reporter with a case's secret, a resident with an account, or the system.

Pure values: no database. `posts.selectors.actor_of` builds one for a signed-in account.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from linli.kernel.errors import NotAllowed


class ActorKind(StrEnum):
    """What stands behind an action."""

    STAFF = "staff"
    RESIDENT = "resident"  # somebody with an account
    REPORTER = "reporter"  # somebody with a case's secret link, or nobody known yet
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """A duty over a subtree of areas, or over what is handed to an organisation."""

    duty: str
    area_path: str = ""  # a prefix of the paths it holds for; "" is the whole tenant
    organisation_id: UUID | None = None  # set: only what is assigned to that organisation
    post_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which tenant, with which grants."""

    tenant_id: int
    kind: ActorKind = ActorKind.REPORTER
    account_id: UUID | None = None
    client_id: UUID | None = None  # the key of another system, which has no account
    name: str = ""
    post_ids: frozenset[UUID] = frozenset()
    organisation_ids: frozenset[UUID] = frozenset()
    grants: tuple[Grant, ...] = field(default=())

    def can(self, duty: str, area_path: str | None = None) -> bool:
        """Tell whether the duty is held, anywhere or over the area at `area_path`.

        Grants tied to an organisation hold only for what is assigned to it and do not count here.
        """
        return self.kind is ActorKind.SYSTEM or any(
            grant.duty == duty
            and grant.organisation_id is None
            and (area_path is None or area_path.startswith(grant.area_path))
            for grant in self.grants
        )

    def require(self, duty: str, area_path: str | None = None) -> None:
        """Refuse unless the duty is held. Errors: NotAllowed, which looks like absence."""
        if not self.can(duty, area_path):
            raise NotAllowed("没有找到这一页，或者您的岗位看不到它。")

    def scopes(self, duty: str) -> tuple[str, ...]:
        """Return the area paths over which the duty is held; ("",) is everywhere, () nowhere."""
        if self.kind is ActorKind.SYSTEM:
            return ("",)
        return tuple(
            sorted(
                {g.area_path for g in self.grants if g.duty == duty and g.organisation_id is None}
            )
        )


def system(tenant_id: int) -> Actor:
    """Return the product itself as an actor: deadlines, subscribers, imports at start."""
    return Actor(tenant_id=tenant_id, kind=ActorKind.SYSTEM, name="系统")


def reporter(tenant_id: int) -> Actor:
    """Return an unknown reporter of the tenant, as a place code or a secret link lets in."""
    return Actor(tenant_id=tenant_id, kind=ActorKind.REPORTER, name="居民")
