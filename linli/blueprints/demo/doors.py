"""The doors of the demo: what to open, and as whom."""

from typing import TYPE_CHECKING
from uuid import UUID

from linli.blueprints.demo.staff import PASSWORD
from linli.kernel import clock
from linli.kernel.models import Tenant
from linli.people import selectors as people
from linli.places import selectors as places
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from linli.places.models import Area

Row = tuple[str, ...]
HEAD: Row = ("社区", "谁", "打开", "账号", "密码")
# Role, and the door that its holder uses.
_ROLES = (
    ("desk", "/desk/"),
    ("lead", "/desk/"),
    ("grid_worker", "/field/"),
    ("property", "/field/"),
    ("roaming", "/field/"),
    ("subdistrict", "/desk/"),
    ("district", "/desk/"),
)


def rows_of(tenant: Tenant, title: str) -> list[Row]:
    """Return the rows of one tenant, whose context is set; title: of its blueprint."""
    main = main_community()
    if main is None:
        return []
    code = places.codes_of(main.pk).filter(entrance__isnull=False).first()
    name = f"{tenant.name}{main.name}"
    rows: list[Row] = [(name, f"居民扫码（{title}）", f"/s/{code.code}/", "", "")] if code else []
    for role, path in _ROLES:
        account = _account(role, main)
        if account:
            rows.append((name, posts_label(role), path, account, PASSWORD))
    return rows


def main_community() -> "Area | None":
    """Return the community that the doors lead to: the one with the most estates, then the first."""
    communities = list(places.communities())
    return max(
        communities,
        key=lambda one: (places.estates_of(one.pk).count(), one.household_count),
        default=None,
    )


def posts_label(role: str) -> str:
    """Return what a role is called."""
    return str(posts.role_label(role))


def _largest_first(main: "Area") -> list[UUID]:
    """Return the estates of a community, those with most buildings first."""
    ids = [estate.pk for estate in places.estates_of(main.pk)]
    return sorted(ids, key=lambda one: -places.buildings_of(main.pk, one).count())


def _account(role: str, main: "Area") -> str:
    """Return the login of whoever holds a role's post for the main community, or ""."""
    grid = places.grids_of(main.pk).first()
    estates = [None, *_largest_first(main)]
    path = grid.path if role == "grid_worker" and grid else main.path
    for estate_id in estates:
        post = posts.post_in(role, area_path=path, estate_id=estate_id)
        if post and post.post_id:
            holders = posts.holders_of([post.post_id], clock.now())[post.post_id]
            return people.login_of(holders[0]) if holders else ""
    return ""
