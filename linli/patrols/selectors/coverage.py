"""What has not been looked at for how long: counted along an index of what is stored with the points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.patrols import rules
from linli.patrols.models import Check, Patrol, PatrolState, Point, Route
from linli.patrols.selectors.access import MANAGE, VIEW, below
from linli.places import selectors as places

LONG: Final = timedelta(days=7)
MOST_ON_MAP: Final = 200
MOST_SHOWN: Final = 30
HEADER: Final = (
    "社区", "网格", "路线", "点位", "上次查看", "多少天没看", "上次结果", "该看日期",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A grid or a route: its points, how many are overdue, never seen or unseen for a week."""

    id: UUID | None
    name: str
    points: int
    overdue: int
    never: int
    unseen: int
    oldest_at: datetime | None

    @property
    def percent(self) -> int:
        """The share that is not overdue, for a bar: rounded down, so that full is full."""
        return int(self.seen_rate * 100)

    @property
    def seen_rate(self) -> float:
        """The share of points that are not overdue."""
        return (self.points - self.overdue) / self.points if self.points else 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A route's plan beside what was walked: walks and points that should have been seen, and were."""

    route: Any
    planned: int
    walked: int
    should: int
    seen: int
    last_day: date | None

    @property
    def percent(self) -> int:
        """The rate for a bar, 0 to 100."""
        return int((self.rate or 0.0) * 100)

    @property
    def rate(self) -> float | None:
        """The share of planned looks that happened; None when none was planned."""
        return min(self.seen / self.should, 1.0) if self.should else None


def communities_of(actor: Actor) -> list[Any]:
    """Return the communities whose coverage the actor sees. Errors: NotAllowed, when none."""
    scopes = tuple(sorted({*actor.scopes(VIEW), *actor.scopes(MANAGE)}))
    if not scopes:
        actor.require(VIEW)
    found = {one.pk: one for one in places.communities_of(scopes)}
    for scope in scopes:
        above = places.community_of_path(scope) if scope else None
        if above is not None:
            found.setdefault(above.pk, above)
    return sorted(found.values(), key=lambda one: str(one.code))


def grid_lines(actor: Actor, now: datetime, community_id: UUID | None = None) -> list[Line]:
    """Return every grid with points, the worst first; what lies in no grid has no id.

    One query: it reads the index `point_coverage` alone.
    """
    rows = _counted(_points(actor, community_id), "grid_id", now)
    names = places.area_names(row["grid_id"] for row in rows if row["grid_id"])
    lines = [_line(row["grid_id"], names.get(row["grid_id"], _("不在网格里")), row) for row in rows]
    return sorted(lines, key=lambda one: (one.seen_rate, -one.points, one.name))


def route_lines(
    actor: Actor, now: datetime, community_id: UUID | None = None, grid_id: UUID | None = None
) -> list[Line]:
    """Return every route with points, the worst first."""
    points = _points(actor, community_id)
    if grid_id is not None:
        points = points.filter(grid_id=grid_id)
    rows = _counted(points, "route_id", now)
    names = dict(
        Route.objects.filter(pk__in=[row["route_id"] for row in rows]).values_list("id", "name")
    )
    lines = [_line(row["route_id"], names[row["route_id"]], row) for row in rows]
    return sorted(lines, key=lambda one: (one.seen_rate, -one.points, one.name))


def longest_unseen(
    actor: Actor,
    community_id: UUID | None = None,
    *,
    grid_id: UUID | None = None,
    route_id: UUID | None = None,
    limit: int = MOST_SHOWN,
) -> list[Point]:
    """Return the points that nobody looked at for longest, never seen first."""
    rows = _points(actor, community_id)
    if grid_id is not None:
        rows = rows.filter(grid_id=grid_id)
    if route_id is not None:
        rows = rows.filter(route_id=route_id)
    rows = rows.select_related("route", "grid").defer("grid__polygon")
    return list(rows.order_by(F("last_seen_at").asc(nulls_first=True), "id")[:limit])


def points_in_order(route: Route) -> list[Point]:
    """Return the live points of a route in the order of the walk."""
    rows = Point.objects.filter(route=route, ended_on=None).select_related("facility", "place_code")
    return list(rows.order_by("order", "id"))


def history_of(point: Point, *, limit: int = 5) -> list[Check]:
    """Return the last looks at a point, the newest first."""
    return list(Check.objects.filter(point=point).order_by("-at")[:limit])


def total_of(lines: Sequence[Line]) -> Line:
    """Return all lines as one."""
    moments = [one.oldest_at for one in lines if one.oldest_at]
    return Line(
        None, "", sum(one.points for one in lines), sum(one.overdue for one in lines),
        sum(one.never for one in lines), sum(one.unseen for one in lines),
        min(moments) if moments else None,
    )  # fmt: skip


def plan_lines(
    actor: Actor, now: datetime, *, days: int = 30, community_id: UUID | None = None
) -> list[Plan]:
    """Return each route's plan of the last days beside what was walked, the weakest first.

    Days before the route began, and today, count for nothing.
    """
    last = clock.local(now).date() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    routes = Route.objects.filter(below(actor, VIEW, MANAGE), ended_on=None)
    walks = Patrol.objects.filter(below(actor, VIEW, MANAGE), day__gte=first, day__lte=last)
    if community_id is not None:
        routes = routes.filter(community_id=community_id)
        walks = walks.filter(community_id=community_id)
    walks = walks.exclude(state=PatrolState.WALKING, seen_count=0)
    done = {
        row["route_id"]: row
        for row in walks.order_by()
        .values("route_id")
        .annotate(n=Count("day", distinct=True), seen=Sum("seen_count"), last=Max("day"))
    }
    lines = [_plan(one, done.get(one.pk), first, last) for one in routes.order_by("name", "id")]
    return sorted(lines, key=lambda one: (one.rate is None, one.rate or 0.0, one.route.name))


def coverage_rows(
    actor: Actor, now: datetime, community_id: UUID | None = None
) -> Iterator[list[Any]]:
    """Give a row per point, the longest unseen first. Shape: as HEADER."""
    rows = _points(actor, community_id).select_related("route", "grid", "community")
    rows = rows.defer("grid__polygon", "community__polygon")
    for one in rows.order_by(F("last_seen_at").asc(nulls_first=True), "id").iterator(2000):
        seen = clock.local(one.last_seen_at) if one.last_seen_at else None
        fine = {True: _("正常"), False: _("发现问题"), None: ""}[one.last_was_fine]
        yield [
            one.community.name, one.grid.name if one.grid else "", one.route.name, one.name,
            f"{seen:%Y-%m-%d %H:%M}" if seen else _("从没看过"),
            (clock.local(now).date() - seen.date()).days if seen else "", fine,
            one.due_on.isoformat() if one.due_on else "",
        ]  # fmt: skip


def _points(actor: Actor, community_id: UUID | None) -> QuerySet[Point]:
    """Return the live points that the actor sees; by community where the actor sees all of it."""
    rows = Point.objects.filter(ended_on=None)
    if community_id is not None:
        rows = rows.filter(community_id=community_id)
        area = places.get_area(community_id)
        if actor.can(VIEW, area.path) or actor.can(MANAGE, area.path):
            return rows
    scopes = {*actor.scopes(VIEW), *actor.scopes(MANAGE)}
    # The whole tenant, or its district: no condition, and the index alone is read.
    is_everywhere = any(path.count("/") <= 1 for path in scopes)
    return rows if is_everywhere else rows.filter(below(actor, VIEW, MANAGE))


def _counted(points: QuerySet[Point], by: str, now: datetime) -> list[dict[str, Any]]:
    today = clock.local(now).date()
    rows = points.order_by().values(by).annotate(
        points=Count("id"),
        overdue=Count("id", filter=Q(due_on__lt=today)),
        never=Count("id", filter=Q(last_seen_at=None)),
        unseen=Count("id", filter=Q(last_seen_at=None) | Q(last_seen_at__lt=now - LONG)),
        oldest=Min("last_seen_at"),
    )  # fmt: skip
    return list(rows)


def _line(line_id: UUID | None, name: str, row: dict[str, Any]) -> Line:
    return Line(
        line_id, name, row["points"], row["overdue"], row["never"], row["unseen"], row["oldest"]
    )


def _plan(route: Route, row: dict[str, Any] | None, first: date, last: date) -> Plan:
    planned = rules.planned_days(
        first, last, weekdays=route.weekdays, every_days=route.every_days,
        starts_on=route.starts_on,
    )  # fmt: skip
    walked, seen, last_day = (row["n"], row["seen"], row["last"]) if row else (0, 0, None)
    return Plan(route, planned, walked, planned * route.point_count, seen or 0, last_day)
