"""A file of grid boundaries against the known grids: what would be created, changed or is wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel import geo
from linli.places.errors import BadBoundary
from linli.places.models import Area
from linli.places.rules import boundaries, names, paths
from linli.places.services.boundaries import Boundary, check_boundary
from linli.places.services.import_plan import RowPlan

_NAME_MAX = 60


@dataclass(slots=True)
class GridItem:
    """A grid that the file speaks of; known: as it is now."""

    row: RowPlan
    code: str
    name: str
    known: Area | None
    boundary: Boundary


@dataclass(slots=True)
class GridPlan:
    """The whole file."""

    rows: list[RowPlan] = field(default_factory=list)
    items: list[GridItem] = field(default_factory=list)

    def count(self, status: str) -> int:
        """Return how many rows have the status."""
        return sum(row.status == status for row in self.rows)


def plan_grids(raw: Iterable[dict[str, Any]], grids: Sequence[Area], datum: geo.Datum) -> GridPlan:
    """Return what a file of boundaries would do to the live grids of a community."""
    plan = GridPlan()
    seen: dict[str, int] = {}
    for one in raw:
        code, name = one["code"], names.clean_name(one["name"])
        row = RowPlan(one["number"], names.place_label(code, name) or _("没有名字"))
        plan.rows.append(row)
        known = _known(grids, code, name)
        _check_name(row, code, name, known)
        _check_once(row, code or name, seen)
        boundary = _boundary(row, one["geometry"], datum)
        if row.status != "wrong" and boundary is not None:
            plan.items.append(GridItem(row, code, name, known, boundary))
            _tell(row, name, known, boundary)
    _warn_of_overlaps(plan, grids)
    return plan


def _known(grids: Sequence[Area], code: str, name: str) -> Area | None:
    by_code = [grid for grid in grids if code and grid.code == code]
    by_name = [grid for grid in grids if not code and name and grid.name == name]
    return next(iter(by_code + by_name), None)


def _check_name(row: RowPlan, code: str, name: str, known: Area | None) -> None:
    if not code and not name:
        row.refuse(_("没有写网格编号，也没有写名称。"))
    elif code and not paths.is_area_code(code):
        row.refuse(_("编号只用字母、数字、“-”，最多 20 个。"))
    elif known is None and not name:
        row.refuse(_("新网格要有名称。"))
    if len(name) > _NAME_MAX:
        row.refuse(_("名称最多 %(n)d 个字。") % {"n": _NAME_MAX})


def _check_once(row: RowPlan, key: str, seen: dict[str, int]) -> None:
    before = seen.setdefault(key, row.number)
    if key and before != row.number:
        row.refuse(_("与第 %(row)d 个面是同一个网格，留一个。") % {"row": before})


def _boundary(row: RowPlan, geometry: Any, datum: geo.Datum) -> Boundary | None:
    try:
        return check_boundary(geometry, datum, None, ())
    except BadBoundary as error:
        row.refuse(error.message)
        return None


def _tell(row: RowPlan, name: str, known: Area | None, boundary: Boundary) -> None:
    if known is None:
        row.tell("new", _("新建网格“%(name)s”") % {"name": name})
        return
    if name and name != known.name:
        row.tell("changed", _("名称 %(old)s → %(new)s") % {"old": known.name, "new": name})
    if known.polygon != boundary.outline.text:
        row.tell("changed", _("更新边界") if known.polygon else _("补上边界"))


def _warn_of_overlaps(plan: GridPlan, grids: Sequence[Area]) -> None:
    replaced = {item.known.pk for item in plan.items if item.known}
    drawn = [(item.name or item.code, item.boundary.outline.text, item.row) for item in plan.items]
    staying = [(grid.name, grid.polygon, None) for grid in grids if grid.pk not in replaced]
    everything = [*drawn, *staying]
    for at, (_name, polygon, row) in enumerate(drawn):
        for other_name, other, _row in everything[at + 1 :]:
            share = boundaries.overlap_share(polygon, other)
            if share > boundaries.OVERLAP_SHARE:
                row.warnings.append(
                    _("与“%(name)s”重叠 %(share).0f%%。")
                    % {"name": other_name, "share": share * 100}
                )
