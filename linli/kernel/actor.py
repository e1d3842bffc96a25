"""Who acts: a person in a post, a reporter with a case's secret, a resident with an account, or the system.

Pure values: no database. `posts.selectors.actor_of` builds one for a signed-in account.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any
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

    @property
    def who(self) -> UUID | None:
        """Return who or what stands behind: an account, a program's key, or nobody that has an id."""
        return self.account_id or self.client_id

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


def as_plain(actor: Actor) -> dict[str, Any]:
    """Return an actor as values that JSON knows: long work acts as who asked for it."""
    return {
        "kind": str(actor.kind),
        "account_id": _text(actor.account_id),
        "client_id": _text(actor.client_id),
        "name": actor.name,
        "post_ids": sorted(map(str, actor.post_ids)),
        "organisation_ids": sorted(map(str, actor.organisation_ids)),
        "grants": [
            {key: _text(value) for key, value in asdict(grant).items()} for grant in actor.grants
        ],
    }


def of_plain(said: dict[str, Any], tenant_id: int) -> Actor:
    """Return the actor that `as_plain` wrote."""
    return Actor(
        tenant_id=tenant_id,
        kind=ActorKind(said["kind"]),
        account_id=_id(said["account_id"]),
        client_id=_id(said["client_id"]),
        name=said["name"],
        post_ids=frozenset(map(UUID, said["post_ids"])),
        organisation_ids=frozenset(map(UUID, said["organisation_ids"])),
        grants=tuple(
            Grant(
                one["duty"],
                one["area_path"],
                organisation_id=_id(one["organisation_id"]),
                post_id=_id(one["post_id"]),
            )
            for one in said["grants"]
        ),
    )


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
