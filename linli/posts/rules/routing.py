"""Which rule decides where a case goes, which post answers at a place, and who acts in it: pure values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

# The ladder, lowest first (S2 2.9, S4 4.9), and who answers on each rung, first choice first.
LADDER: Final = ("grid", "estate", "community", "subdistrict", "district")
ANSWERS: Final = {
    "grid": ("grid_worker", "building_head"),
    "estate": ("property", "building_head", "mediator"),
    "community": ("lead", "desk"),
    "subdistrict": ("subdistrict", "desk", "lead"),
    "district": ("district", "desk", "lead", "department"),
}
# The three offices that watch each other; nobody holds two (house.md, 6).
OFFICES: Final = ("kernel.operate", "kernel.security", "kernel.audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """A routing rule as choosing needs it; exactly one of role, post_id and organisation_id is set."""

    id: UUID
    category_code: str
    area_path: str
    area_name: str = ""
    estate_id: UUID | None
    estate_kind: str
    role: str
    post_id: UUID | None
    organisation_id: UUID | None
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Somebody in a post between two moments, end excluded; `absent_id` when standing in for a holder."""

    account_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    absent_id: UUID | None = None

    def covers(self, now: datetime) -> bool:
        """Tell whether the stay lasts at that moment."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """A post as routing needs it."""

    id: UUID
    code: str
    name: str
    role: str
    level: str
    area_path: str
    area_name: str = ""
    estate_id: UUID | None
    organisation_id: UUID
    is_confined: bool = (
        False  # works only on what its organisation is handed, and watches over nobody
    )
    stays: tuple[Stay, ...] = ()

    def answers_for(self, area_path: str, estate_id: UUID | None) -> bool:
        """Tell whether the place lies in the post's scope."""
        return area_path.startswith(self.area_path) and self.estate_id in (None, estate_id)


def matches(
    rule: RuleCard,
    *,
    category_code: str,
    area_path: str,
    estate_id: UUID | None,
    estate_kind: str | None,
) -> bool:
    """Tell whether a rule speaks about a category at a place."""
    return (
        rule.category_code in ("", category_code)
        and area_path.startswith(rule.area_path)
        and (rule.estate_id is None or rule.estate_id == estate_id)
        and rule.estate_kind in ("", estate_kind)
    )


def particularity(rule: RuleCard) -> tuple[bool, bool, bool, int, int]:
    """Return how particular a rule is; the greatest wins.

    An estate before an area, a named category before any, a kind of estate before any, the deeper
    area before the higher one, then the smaller `order`.
    """
    return (
        rule.estate_id is not None,
        bool(rule.category_code),
        bool(rule.estate_kind),
        rule.area_path.count("/"),
        -rule.order,
    )


def choose(
    rules: Iterable[RuleCard],
    *,
    category_code: str,
    area_path: str,
    estate_id: UUID | None,
    estate_kind: str | None,
) -> RuleCard | None:
    """Return the most particular rule that matches, or None. Equals fall to the older one."""
    found = [
        rule
        for rule in rules
        if matches(
            rule,
            category_code=category_code,
            area_path=area_path,
            estate_id=estate_id,
            estate_kind=estate_kind,
        )
    ]
    found.sort(key=lambda rule: rule.id)
    return max(found, key=particularity, default=None)


def in_role(
    posts: Iterable[PostCard],
    roles: Sequence[str],
    *,
    area_path: str,
    estate_id: UUID | None,
    now: datetime | None,
) -> PostCard | None:
    """Return the post of the first of these roles that answers for the place, or None.

    One's own estate before the area, the deeper area before the higher, a filled post before a
    vacant one, then by code. now: None when it does not matter who is there.
    """
    found = [one for one in posts if one.role in roles and one.answers_for(area_path, estate_id)]
    found.sort(key=lambda one: one.code)
    return max(
        found,
        key=lambda one: (
            now is None or not is_vacant(one, now),
            -roles.index(one.role),
            one.estate_id is not None,
            one.area_path.count("/"),
        ),
        default=None,
    )


def acting(stays: Iterable[Stay], now: datetime) -> list[UUID]:
    """Return who acts in a post at a moment: holders, and for the absent those who stand in."""
    current = [stay for stay in stays if stay.covers(now)]
    absent = {stay.absent_id for stay in current if stay.absent_id}
    people = [
        stay.account_id for stay in current if stay.absent_id or stay.account_id not in absent
    ]
    return list(dict.fromkeys(people))


def is_vacant(post: PostCard, now: datetime) -> bool:
    """Tell whether nobody acts in a post at a moment."""
    return not acting(post.stays, now)


def rungs_above(level: str) -> tuple[str, ...]:
    """Return the rungs above one, lowest first; the home stands below the grid."""
    return LADDER[LADDER.index(level) + 1 :] if level in LADDER else LADDER


def prefixes(area_path: str) -> list[str]:
    """Return the paths of an area and all areas above it, highest first; "" gives nothing."""
    parts = area_path.split("/")[:-1]
    return ["".join(f"{part}/" for part in parts[: depth + 1]) for depth in range(len(parts))]


def counted(code: str) -> list[str | int]:
    """Return a key for `sorted` that puts codes as people count: head-2 before head-10."""
    parts = re.split(r"(\d+)", code, flags=re.ASCII)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def offices_in(duties: Iterable[str]) -> set[str]:
    """Return which of the three offices are among these duties."""
    return set(OFFICES) & set(duties)
