"""The staff of the demo: an account in every post, with a login that can be typed and one password."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password

from linli.blueprints.demo import people as persons
from linli.kernel.actor import Actor, system
from linli.kernel.models import Tenant
from linli.people import services as people
from linli.posts import blueprint as filling
from linli.posts import selectors as posts
from linli.posts.selectors import PostLine

PASSWORD: Final = "linli-demo-2026"


def fill_posts(tenant: Tenant, *, main: str, rng: Random, at: datetime) -> None:
    """Make an account for every vacant post and appoint it; posts of `main` get the short logins.

    main: the code of the community that the doors lead to.
    """
    actor = system(tenant.pk)
    hashed = make_password(PASSWORD)  # Once: it is slow on purpose.
    vacant = posts.vacant_posts("", at)
    holders = {}
    for line, login in zip(vacant, _logins(tenant.code, vacant, main), strict=True):
        account = people.create_account(
            login=login,
            name=persons.name(rng),
            phone=persons.phone(rng),
            area_path=line.area_path,
            password=PASSWORD,
            password_hash=hashed,
            must_change_password=False,
            actor=actor,
            now=at,
        )
        holders[line.id] = account.account_id
    filling.fill(holders=holders, starts_at=at, actor=actor, now=at)


def _logins(tenant_code: str, lines: Iterable[PostLine], main: str) -> list[str]:
    """Return a login for each post: gy-desk, gy-grid3; gy-1006-grid3 in another community."""
    lines = list(lines)
    heads = [_head(tenant_code, line, main) for line in lines]
    total, seen = Counter(heads), Counter[str]()
    found = []
    for head in heads:
        seen[head] += 1
        found.append(head if total[head] == 1 else f"{head}{seen[head]}")
    return found


def _head(tenant_code: str, line: PostLine, main: str) -> str:
    base = line.code.split("-")[0].replace("_", "-")
    areas = line.area_path.strip("/").split("/")
    community = next((code for code in areas if len(code) == 12), "")
    is_elsewhere = community and community != main
    return f"{tenant_code}-{community[-4:]}-{base}" if is_elsewhere else f"{tenant_code}-{base}"


class Staff:
    """Who acts for the demo: actors by account, kept, because asking takes three queries each."""

    def __init__(self, tenant: Tenant) -> None:
        self.system = system(tenant.pk)
        self._actors: dict[UUID, Actor] = {}
        self._people: dict[tuple[UUID | None, UUID | None], list[UUID]] = {}

    def forget(self) -> None:
        """Ask again who acts: somebody stands in for somebody."""
        self._actors.clear()
        self._people.clear()

    def in_role(self, role: str, area_path: str, at: datetime) -> Actor | None:
        """Return whoever holds the post of a role that answers for an area."""
        post = posts.post_in(role, area_path=area_path, estate_id=None)
        return self.holding(post.post_id, None, at) if post else None

    def holding(
        self, post_id: UUID | None, organisation_id: UUID | None, at: datetime
    ) -> Actor | None:
        """Return somebody who acts in a post, or for an organisation."""
        key = (post_id, organisation_id)
        if key not in self._people:
            if post_id is not None:
                self._people[key] = posts.holders_of([post_id], at)[post_id]
            elif organisation_id is not None:
                self._people[key] = posts.members_of(organisation_id, at)
            else:
                self._people[key] = []
        found = self._people[key]
        return self._actor(found[0], at) if found else None

    def _actor(self, account_id: UUID, at: datetime) -> Actor:
        if account_id not in self._actors:
            self._actors[account_id] = posts.actor_of(account_id, at)
        return self._actors[account_id]
