"""The desk's view of what was not looked at for how long: by grid, by route, on a map, as a table."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel import clock, sheets
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.patrols.selectors import coverage as selectors
from linli.patrols.views.showing import done_words
from linli.places import selectors as places

MOST_LINES: Final = 40
PLAN_DAYS: Final = 30


@require_safe
def index(request: Request) -> HttpResponse:
    """Show coverage: a sentence, grids, routes of a grid, the points unseen for longest, a map."""
    now, communities = clock.now(), selectors.communities_of(request.actor)
    community, grid_id = _community(request, communities), _id(request.GET.get("grid"))
    area_id = community.pk if community else None
    grids = selectors.grid_lines(request.actor, now, area_id)
    points = selectors.longest_unseen(
        request.actor, area_id, grid_id=grid_id, limit=selectors.MOST_ON_MAP
    )
    context = {
        "communities": communities,
        "community": community,
        "grids": grids[:MOST_LINES],
        "more_grids": max(len(grids) - MOST_LINES, 0),
        "grid": next((one for one in grids if grid_id and one.id == grid_id), None),
        "routes": _routes(request, now, area_id, grid_id),
        "total": selectors.total_of(grids),
        "points": points[: selectors.MOST_SHOWN],
        "map_data": _map(grids, points, community, now),
        "done": done_words(request),
        "now": now,
    }
    return render(request, "patrols/coverage.html", context)


@require_safe
def plan(request: Request) -> HttpResponse:
    """Show each route's plan of the last thirty days beside what was walked."""
    now, communities = clock.now(), selectors.communities_of(request.actor)
    community = _community(request, communities)
    lines = selectors.plan_lines(
        request.actor, now, days=PLAN_DAYS, community_id=community.pk if community else None
    )
    context = {
        "communities": communities, "community": community, "lines": lines[:200],
        "days": PLAN_DAYS, "now": now,
    }  # fmt: skip
    return render(request, "patrols/plan.html", context)


@require_safe
def export(request: Request) -> HttpResponse:
    """Give all points with when they were seen last, as a sheet."""
    now, communities = clock.now(), selectors.communities_of(request.actor)
    community = _community(request, communities)
    rows = selectors.coverage_rows(request.actor, now, community.pk if community else None)
    content = sheets.write_xlsx(_("巡查覆盖"), selectors.HEADER, rows)
    response = HttpResponse(content, content_type=sheets.XLSX_TYPE)
    name = f"{community.name if community else ''}{_('巡查覆盖')}-{clock.local(now):%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _community(request: Request, communities: list[Any]) -> Any:
    """Return the community that is asked for; the only one; or none, for all of them."""
    if len(communities) == 1:
        return communities[0]
    asked = _id(request.GET.get("community"))
    if asked is None:
        return None
    found = next((one for one in communities if one.pk == asked), None)
    if found is None:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    return found


def _routes(
    request: Request, now: datetime, area_id: UUID | None, grid_id: UUID | None
) -> list[selectors.Line]:
    """Return the routes; over many communities only those of a grid that was chosen."""
    if area_id is None and grid_id is None:
        return []
    return selectors.route_lines(request.actor, now, area_id, grid_id)[:MOST_LINES]


def _map(
    grids: list[selectors.Line], points: list[Any], community: Any, now: datetime
) -> dict[str, Any]:
    """Return the grids of one community, the darker the more is overdue, and the points."""
    levels = {one.id: min(4, (100 - one.percent + 24) // 25) for one in grids}
    areas = [
        {
            "name": one.name, "level": levels.get(one.pk, 0), "shape": json.loads(one.polygon),
            "url": f"?community={community.pk}&grid={one.pk}",
        }
        for one in (places.grids_of(community.pk) if community else ())
        if one.polygon
    ]  # fmt: skip
    spots = [
        {
            "name": one.name, "lat": one.lat, "lng": one.lon,
            "tone": "late" if one.last_seen_at is None or now - one.last_seen_at > selectors.LONG
            else "done",
        }
        for one in points
        if one.lat is not None
    ]  # fmt: skip
    tiles = {"tiles": settings.TILE_URL, "datum": settings.TILE_DATUM}
    return {**tiles, "areas": areas, "points": spots}


def _id(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("没有找到这一页。")) from None
