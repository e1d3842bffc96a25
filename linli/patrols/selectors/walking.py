"""What somebody walks: their routes and points of the day, a walk as it stands, what waits to be signed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.patrols.models import Check, Patrol, PatrolState, Point, Route, Signature
from linli.patrols.selectors.access import WALK, below, may_walk, side_of
from linli.people import selectors as people

MOST_DUE = 150
BY_POINT = ("route__item_list", "item_list", "facility", "place_code")


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route of somebody's day: how many points are due, and the walk of today if it has begun."""

    route: Any
    due: int
    patrol: Any
    is_partner: bool = False  # walked from the other side


@dataclass(frozen=True, slots=True)
class Stage:
    """A point on a walk, and what was said there."""

    point: Any
    check: Any
    is_next: bool = False


@dataclass(slots=True)
class Walk:
    """A walk as its page shows it."""

    patrol: Any
    stages: list[Stage] = field(default_factory=list)
    findings: list[Any] = field(default_factory=list)
    signatures: list[tuple[str, str, datetime]] = field(default_factory=list)  # side, who, when

    @property
    def next(self) -> Any:
        """The next point, or None."""
        return next((one.point for one in self.stages if one.is_next), None)

    @property
    def left(self) -> int:
        """How many points are left."""
        return sum(one.check is None for one in self.stages)


def own_routes(actor: Actor) -> QuerySet[Route]:
    """Return the routes that the actor's posts walk; those without a post in the actor's area too;
    joint ones of the actor's organisation.
    """
    lent = _lent(actor)
    mine = Q(post_id__in=actor.post_ids) | (Q(post=None) & below(actor, WALK))
    rows = Route.objects.filter(mine | Q(is_joint=True, partner_id__in=lent), ended_on=None)
    return rows.select_related("grid", "item_list", "partner").defer("grid__polygon")


def routes_of_post(post_id: UUID) -> list[Route]:
    """Return the routes that a post walks."""
    return list(Route.objects.filter(post_id=post_id, ended_on=None).order_by("name", "id"))


def lines_of_day(actor: Actor, now: datetime) -> list[RouteLine]:
    """Return the actor's routes, those with points due first."""
    today = clock.local(now).date()
    routes = list(own_routes(actor).order_by("name", "id"))
    due = _due_counts([one.pk for one in routes], today)
    walks = {
        one.route_id: one
        for one in Patrol.objects.filter(route__in=routes, account_id=actor.account_id, day=today)
    }
    lines = [
        RouteLine(one, due.get(one.pk, 0), walks.get(one.pk), one.partner_id in _lent(actor))
        for one in routes
    ]
    return sorted(lines, key=lambda line: (not line.due, line.route.name))


def due_points(actor: Actor, now: datetime) -> list[Point]:
    """Return the points that are due today on routes of the actor's posts, in the order of the walk.

    Points that were passed over today are not due again before tomorrow. One query along the routes.
    """
    if not actor.post_ids:
        return []
    today = clock.local(now).date()
    rows = Point.objects.filter(
        Q(skipped_on=None) | Q(skipped_on__lt=today),
        route__post_id__in=actor.post_ids, route__ended_on=None, ended_on=None, due_on__lte=today,
    )  # fmt: skip
    return list(rows.select_related(*BY_POINT).order_by("route", "order")[:MOST_DUE])


def find_points_of_code(place_code_id: UUID, actor: Actor) -> list[Point]:
    """Return the points that hang on a scanned code, on the actor's routes, the longest due first."""
    mine = own_routes(actor).values("pk")
    rows = Point.objects.filter(
        Q(place_code_id=place_code_id) | Q(facility__place_code_id=place_code_id),
        route__in=mine, ended_on=None,
    )  # fmt: skip
    return list(rows.select_related("route").order_by("due_on", "id"))


def walk_of(patrol: Patrol) -> Walk:
    """Return a walk with its points in order, what was said, found and signed; five queries."""
    walk = Walk(patrol)
    checks = {one.point_id: one for one in Check.objects.filter(patrol=patrol)}
    points = Point.objects.filter(Q(ended_on=None) | Q(pk__in=list(checks)), route=patrol.route_id)
    is_walking, has_next = patrol.state == PatrolState.WALKING, False
    for point in points.select_related(*BY_POINT).order_by("order", "id"):
        check = checks.get(point.pk)
        is_next = is_walking and check is None and not has_next
        has_next |= is_next
        walk.stages.append(Stage(point, check, is_next))
    walk.findings = list(patrol.findings.select_related("case", "point").order_by("at"))
    signed = list(Signature.objects.filter(patrol=patrol).order_by("at"))
    names = people.account_names({one.account_id for one in signed})
    walk.signatures = [
        (one.get_side_display(), names.get(one.account_id, ""), one.at) for one in signed
    ]
    return walk


def joint_of_day(actor: Actor, now: datetime) -> list[RouteLine]:
    """Return the joint routes of the actor's organisation on which points are due; none for others."""
    if not _lent(actor):
        return []
    return [one for one in lines_of_day(actor, now) if one.is_partner and one.due]


def to_sign(actor: Actor) -> list[Patrol]:
    """Return the joint walks that wait for the signature of the actor's side."""
    mine = below(actor, WALK) | Q(route__partner_id__in=_lent(actor))
    rows = Patrol.objects.filter(mine, state=PatrolState.SIGNING)
    rows = rows.exclude(signatures__account_id=actor.account_id).order_by("-day")
    found = rows.select_related("route").prefetch_related("signatures")[:60]
    return [one for one in found if _is_awaited(one, actor)][:20]


def _is_awaited(patrol: Patrol, actor: Actor) -> bool:
    if not may_walk(patrol.route, actor):  # it has gone to another grid since
        return False
    side = side_of(patrol.route, actor)
    return all(one.side != side for one in patrol.signatures.all())


def patrols_of(
    actor: Actor, duty: str, *, days: int, now: datetime, community_id: UUID | None = None
) -> QuerySet[Patrol]:
    """Return the walks of the last days where the actor holds a duty, the newest first."""
    since = clock.local(now).date() - timedelta(days=days)
    rows = Patrol.objects.filter(below(actor, duty), day__gte=since)
    if community_id:
        rows = rows.filter(community_id=community_id)
    return rows.select_related("route").order_by("-day", "-id")


def walker_names(patrols: Collection[Patrol]) -> dict[UUID, str]:
    """Return who walked, by account."""
    return people.account_names({one.account_id for one in patrols})


def _lent(actor: Actor) -> list[UUID]:
    return [g.organisation_id for g in actor.grants if g.duty == WALK and g.organisation_id]


def _due_counts(route_ids: list[UUID], today: date) -> dict[UUID, int]:
    rows = Point.objects.filter(
        Q(skipped_on=None) | Q(skipped_on__lt=today),
        route_id__in=route_ids, ended_on=None, due_on__lte=today,
    )  # fmt: skip
    return dict(rows.order_by().values_list("route_id").annotate(n=Count("id")))
