"""A grid's boundary is read from GeoJSON, checked, converted and compared with its sisters'."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import geo
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors
from linli.places.errors import BadBoundary, StillInUse
from linli.places.events import AreaChanged
from linli.places.models import Area
from linli.places.rules import boundaries
from linli.places.services.recording import record

MAX_BYTES: Final = 2 * 1024 * 1024
FIELDS: Final = ("polygon", "west", "south", "east", "north", "source_crs")


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary that may be set: checked, in WGS-84, with what staff should look at."""

    outline: boundaries.Outline
    source_crs: str
    warnings: tuple[str, ...]


@transaction.atomic
def set_boundary(
    *,
    area_id: UUID,
    geojson: str | dict[str, Any] | None,
    source_crs: str = "wgs84",
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Set (or with None remove) the boundary of a live area; return warnings in words.

    geojson: a Polygon or MultiPolygon, bare or as a Feature. source_crs: wgs84, gcj02 or bd09.
    Errors: NotAllowed, NotFound, BadBoundary, StillInUse when the area has ended.
    """
    area = selectors.get_area(area_id, lock=True)
    actor.require("places.manage", area.path)
    if area.ends_on is not None:
        raise StillInUse(_("“%(name)s”已经结束，不能再改。") % {"name": area.name})
    boundary = None
    if geojson is not None:
        sisters = selectors.areas_below(_parent_path(area)).filter(kind=area.kind)
        boundary = check_boundary(geojson, source_crs, area, list(sisters))
    put_boundary(area, boundary)
    area.save(update_fields=FIELDS)
    event = AreaChanged(subject_id=area.pk, area_path=area.path, changed="polygon")
    record(event, actor=actor, at=now)
    return boundary.warnings if boundary else ()


def check_boundary(
    geojson: str | dict[str, Any], source_crs: str, area: Area | None, sisters: Sequence[Area]
) -> Boundary:
    """Return the boundary that a GeoJSON gives, with a warning per sister that it overlaps.

    area: the one it is for; it is no sister of itself. Errors: BadBoundary.
    """
    try:
        outline = boundaries.read_outline(_data_of(geojson), _mover(source_crs))
    except boundaries.NotABoundary as error:
        raise BadBoundary(explain(error), field="polygon") from error
    warnings = [
        _("与“%(name)s”重叠 %(share).0f%%，重叠处的事件按编号在前的网格算。")
        % {"name": sister.name, "share": share * 100}
        for sister in sisters
        if (area is None or sister.pk != area.pk)
        and (share := boundaries.overlap_share(outline.text, sister.polygon))
        > boundaries.OVERLAP_SHARE
    ]
    return Boundary(outline, source_crs, tuple(warnings))


def put_boundary(area: Area, boundary: Boundary | None) -> None:
    """Set the fields of a boundary, or empty them; the caller saves FIELDS."""
    if boundary is None:
        area.polygon, area.source_crs = "", ""
        area.west = area.south = area.east = area.north = None
    else:
        line = boundary.outline
        area.polygon, area.source_crs = line.text, boundary.source_crs
        area.west, area.south, area.east, area.north = line.west, line.south, line.east, line.north


def explain(error: boundaries.NotABoundary) -> str:
    """Return in words why a geometry can't be a boundary, and what to do."""
    words = {
        "kind": _("这里要的是面（Polygon 或 MultiPolygon），点和线不能当边界。"),
        "many": _("文件里有好几个面。一次换一个网格的边界，多个网格用“导入网格”。"),
        "broken": _("边界的坐标写法认不出来，从地图软件重新导出一次 GeoJSON。"),
        "empty": _("边界是空的，没有围出面积。"),
        "points": _("边界的点太多，先在地图软件里简化到 %(n)d 个以内。")
        % {"n": boundaries.MAX_POINTS},
        "range": _("坐标不是经纬度（经度 -180 到 180，纬度 -90 到 90），导出时选经纬度坐标。"),
        "crossed": _("边界自己和自己交叉了，在地图软件里改好再上传。"),
    }
    return words[error.reason]


def _data_of(geojson: str | dict[str, Any]) -> Any:
    if not isinstance(geojson, str):
        return geojson
    if len(geojson) > MAX_BYTES:
        raise BadBoundary(_("文件超过 2 MB，先简化边界再上传。"), field="polygon")
    try:
        return json.loads(geojson)
    except (ValueError, RecursionError):
        raise BadBoundary(_("这不是 GeoJSON 文件，换一个试试。"), field="polygon") from None


def _mover(source_crs: str) -> boundaries.Move:
    if source_crs not in set(geo.Datum):
        raise BadInput(_("选一下坐标的来源。"), field="source_crs")
    return lambda lat, lon: geo.to_wgs84(lat, lon, geo.Datum(source_crs))


def _parent_path(area: Area) -> str:
    community = selectors.community_of_path(area.path)
    return community.path if community else area.path[: -len(area.code) - 1]
