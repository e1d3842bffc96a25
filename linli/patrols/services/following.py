"""Patrols follow the grids: what was looked at from one grid is looked at from the one it belongs to now.

A point goes to a route of its grid with the same list, which is made where there is none; so nobody is
sent to what is no longer theirs, and nothing falls out. Walks that were made stay as they were.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.patrols.models import Point, Root, Round, Route, Stop
from linli.patrols.services.routes import recount, tell
from linli.places import selectors as places
from linli.places.selectors.ground import Ground, Moved, grounds_of, grounds_of_spots
from linli.posts import selectors as posts


@transaction.atomic
def follow_grids(*, moved: Moved, actor: Actor, now: datetime) -> None:
    """Let points, doors and routes of some buildings and ended grids be those of their grids now.

    A few statements for each grid, however many points there are.
    """
    for ground, ids in grounds_of(moved.community, _buildings(moved)).items():
        here = {"area_path": ground.path}
        Point.objects.filter(building_id__in=ids).update(grid_id=ground.grid_id, **here)
        Stop.objects.filter(building_id__in=ids).update(**here)
        roots = Root.objects.filter(facility__building_id__in=ids).values_list("pk", flat=True)
        Root.objects.filter(pk__in=list(roots)).update(**here)
    spots = Point.objects.filter(_below(moved.ended_paths), building=None, ended_on=None)
    for ground, ids in grounds_of_spots(
        moved.community, {pk: (lat, lon) for pk, lat, lon in spots.values_list("pk", "lat", "lon")}
    ).items():
        Point.objects.filter(pk__in=ids).update(grid_id=ground.grid_id, area_path=ground.path)
    _widen_rounds(moved)
    _part_routes(moved, actor, now)


def _buildings(moved: Moved) -> set[UUID]:
    """Return the buildings that moved, and those that something of an ended grid is about."""
    ids = set(moved.building_ids)
    for rows in (Point.objects, Stop.objects) if moved.ended_paths else ():
        below = rows.filter(_below(moved.ended_paths), building__isnull=False)
        ids.update(below.values_list("building_id", flat=True).distinct())
    return ids


def _below(paths: Iterable[str]) -> Q:
    found = Q(pk__in=())
    for path in paths:
        found |= Q(area_path__startswith=path)
    return found


def _widen_rounds(moved: Moved) -> None:
    """Let a round whose doors lie in several grids now be the community's: each sees their own doors."""
    outside = Stop.objects.filter(round__community=moved.community, round__ended_at=None)
    outside = outside.exclude(area_path__startswith=F("round__area_path"))
    wide = _below(moved.ended_paths) | Q(pk__in=list(outside.values_list("round_id", flat=True)))
    rounds = Round.objects.filter(wide, community=moved.community, ended_at=None)
    rounds.update(area_path=moved.community.path)


def _part_routes(moved: Moved, actor: Actor, now: datetime) -> None:
    """Bring points that lie outside their route's grid now to a route of theirs."""
    live = Point.objects.filter(ended_on=None, route__ended_on=None, community=moved.community)
    lost = live.exclude(area_path__startswith=F("route__area_path"))
    by_ground: dict[tuple[UUID, Ground], list[UUID]] = {}
    for pk, route_id, grid_id, path in lost.order_by("route", "order", "id").values_list(
        "pk", "route_id", "grid_id", "area_path"
    ):
        by_ground.setdefault((route_id, Ground(grid_id, path)), []).append(pk)
    # What has nothing left in it after the move, in an ended grid, ends as well.
    touched = {route_id for route_id, _ground in by_ground}
    routes = {one.pk: one for one in _locked(Q(pk__in=touched) | _below(moved.ended_paths), moved)}
    for (route_id, ground), ids in by_ground.items():
        to = _route_in(ground, routes[route_id], actor, now)
        Point.objects.filter(pk__in=ids).update(
            route=to, order=F("order") + to.point_count, version=F("version") + 1
        )
        recount(to)
        tell(to, "points", actor, now)
    for route in routes.values():
        _leave(route, moved, actor, now)


def _leave(route: Route, moved: Moved, actor: Actor, now: datetime) -> None:
    recount(route)
    is_gone = any(route.area_path.startswith(path) for path in moved.ended_paths)
    if is_gone and not route.point_count:
        route.ended_on = clock.local(now).date()
        route.save(update_fields=["ended_on"])
    tell(route, "ended" if route.ended_on else "points", actor, now)


def _locked(where: Q, moved: Moved) -> Iterable[Route]:
    rows = Route.objects.filter(where, community=moved.community, ended_on=None)
    return rows.select_for_update().order_by("id")


def _route_in(ground: Ground, like: Route, actor: Actor, now: datetime) -> Route:
    """Return a route of a grid that looks at the same things; made like another where there is none."""
    same = Route.objects.filter(
        community_id=like.community_id, grid_id=ground.grid_id, item_list_id=like.item_list_id,
        is_joint=like.is_joint, ended_on=None,
    )  # fmt: skip
    for found in same.select_for_update().order_by("name", "id")[:1]:
        return found
    answers = posts.post_in("grid_worker", area_path=ground.path, estate_id=None)
    grid = places.get_area(ground.grid_id) if ground.grid_id else None
    made = Route(
        name=f"{grid.name} · {like.name}"[:60] if grid else like.name,
        community_id=like.community_id, grid_id=ground.grid_id, area_path=ground.path,
        post_id=answers.post_id if answers and grid else None, item_list_id=like.item_list_id,
        weekdays=like.weekdays, every_days=like.every_days, is_joint=like.is_joint,
        partner_id=like.partner_id, starts_on=like.starts_on,
    )  # fmt: skip
    made.save(force_insert=True)
    tell(made, "made", actor, now)
    return made
