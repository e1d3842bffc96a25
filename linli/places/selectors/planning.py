"""Plans of grids: the one and the many, each grid with its figures, and what to look at."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.places.models import Area, GridPlan, PlannedBuilding, PlannedGrid
from linli.places.rules import boundaries, plan_check, plan_ground
from linli.places.rules.plan_check import Finding, Spot
from linli.places.selectors.areas import grids_of


@dataclass(slots=True)
class PlanLine:
    """A grid of a plan with its buildings and what changes."""

    row: PlannedGrid
    buildings: list[PlannedBuilding] = field(default_factory=list)
    left: int = 0  # buildings that today's grid of this line hands over
    outline: str = ""
    level: int = 0  # colour on the map: neighbours differ as far as there are colours

    @property
    def households(self) -> int:
        """How many households it has."""
        return sum(one.households for one in self.buildings)

    @property
    def came(self) -> int:
        """How many buildings it gets from other grids, or from none."""
        return sum(one.was_id != self.row.grid_id for one in self.buildings)


@dataclass(frozen=True, slots=True)
class TodayLine:
    """A grid as it is today."""

    grid: Area
    buildings: int
    households: int
    outline: str


@dataclass(frozen=True, slots=True)
class PlanPicture:
    """A whole plan for its page."""

    lines: list[PlanLine]
    loose: list[PlannedBuilding]
    ended: list[Area]  # today's grids that no planned one goes on as
    today: list[TodayLine]
    findings: list[Finding]
    words: list[str]
    stops: bool
    needs_look: bool

    @property
    def households(self) -> int:
        """How many households the plan has altogether."""
        return sum(line.households for line in self.lines)


def get_plan(plan_id: UUID, *, lock: bool = False) -> GridPlan:
    """Return one plan with its community. Errors: NotFound, also for another tenant's."""
    found = GridPlan.objects.select_related("community")
    if lock:
        found = found.select_for_update(of=("self",))
    try:
        return found.get(pk=plan_id)
    except GridPlan.DoesNotExist:
        raise NotFound(_("没有找到这个方案，可能已经放弃了。")) from None


def plans_of(community_id: UUID) -> QuerySet[GridPlan]:
    """Return the plans of a community, the newest first, without what only their page needs."""
    return GridPlan.objects.filter(community_id=community_id).defer("edges").order_by("-id")


def get_planned_grid(plan: GridPlan, grid_id: UUID) -> PlannedGrid:
    """Return one grid of a plan. Errors: NotFound."""
    found = PlannedGrid.objects.filter(plan=plan, pk=grid_id).first()
    if found is None:
        raise NotFound(_("没有找到这个网格，方案可能已经改过了。"))
    return found


def picture_of(plan: GridPlan) -> PlanPicture:
    """Return a plan with its grids, figures, outlines and findings; six queries."""
    rows = _buildings(plan)
    lines = [
        PlanLine(row)
        for row in plan.grids.select_related("grid").defer("grid__polygon").order_by("order")
    ]
    lines.sort(key=_by_code)
    of_row = {line.row.pk: line for line in lines}
    loose: list[PlannedBuilding] = []
    for one in rows:
        (of_row[one.target_id].buildings if one.target_id else loose).append(one)
    _count_left(lines, rows)
    for line in lines:
        line.outline = boundaries.joined([one.cell for one in line.buildings])
    _colour(lines, plan.edges)
    goes_on = {line.row.grid_id for line in lines}
    today = _today(plan, rows)
    ended = [one.grid for one in today if one.grid.pk not in goes_on]
    findings = _findings(plan, rows, lines)
    return PlanPicture(
        lines, loose, ended, today, findings, finding_words(plan, findings, rows),
        stops=any(one.stops for one in findings),
        needs_look=any(one.kind in ("apart", "large", "small") for one in findings),
    )  # fmt: skip


def findings_of(plan: GridPlan) -> list[Finding]:
    """Return what to look at before a plan takes effect; what stops it first."""
    lines = [PlanLine(row) for row in plan.grids.order_by("order")]
    return _findings(plan, _buildings(plan), lines)


def finding_words(
    plan: GridPlan, findings: Sequence[Finding], rows: Sequence[PlannedBuilding] | None = None
) -> list[str]:
    """Return findings in words that staff read."""
    labels = {str(one.building_id): label_of(one) for one in rows or _buildings(plan)}
    grids = {str(one.pk): one.name for one in plan.grids.order_by("order")}
    return [_words(one, plan, labels, grids) for one in findings]


def label_of(one: PlannedBuilding) -> str:
    """Return a building as people call it."""
    estate = one.building.estate
    return f"{estate.name} {one.building.name}" if estate else one.building.name


def _buildings(plan: GridPlan) -> list[PlannedBuilding]:
    rows = PlannedBuilding.objects.filter(plan=plan).select_related("building__estate")
    return list(rows.order_by("order"))


def _by_code(line: PlanLine) -> tuple[bool, str, int]:
    """Grids that go on come first, as staff know them; then the new ones from the north-west."""
    grid = line.row.grid
    return grid is None, grid.code if grid else "", line.row.order


def _count_left(lines: Sequence[PlanLine], rows: Sequence[PlannedBuilding]) -> None:
    before = Counter(one.was_id for one in rows if one.was_id)
    for line in lines:
        if line.row.grid_id:
            stay = sum(one.was_id == line.row.grid_id for one in line.buildings)
            line.left = before[line.row.grid_id] - stay


def _colour(lines: Sequence[PlanLine], edges: Sequence[Sequence[int]], colours: int = 5) -> None:
    home = {one.order: number for number, line in enumerate(lines) for one in line.buildings}
    near: dict[int, set[int]] = defaultdict(set)
    for one, other in edges:
        if one in home and other in home and home[one] != home[other]:
            near[home[one]].add(home[other])
            near[home[other]].add(home[one])
    for number, line in enumerate(lines):
        met = Counter(lines[other].level for other in near[number] if other < number)
        line.level = min(range(colours), key=lambda level: (met[level], level))


def _today(plan: GridPlan, rows: Sequence[PlannedBuilding]) -> list[TodayLine]:
    """Return today's grids; one without a boundary is drawn from the buildings of its list."""
    listed: dict[UUID, list[PlannedBuilding]] = defaultdict(list)
    for one in rows:
        if one.was_id:
            listed[one.was_id].append(one)
    lines = []
    for grid in grids_of(plan.community_id):
        held = listed[grid.pk]
        is_drawn = bool(grid.polygon) and boundaries.is_sound(grid.polygon)
        outline = grid.polygon if is_drawn else boundaries.joined([one.cell for one in held])
        lines.append(TodayLine(grid, len(held), sum(one.households for one in held), outline))
    return lines


def _findings(
    plan: GridPlan, rows: Sequence[PlannedBuilding], lines: Sequence[PlanLine]
) -> list[Finding]:
    spots = [
        Spot(
            key=str(one.building_id), order=one.order, households=one.households,
            grid=str(one.target_id or ""),
            estate=one.building.estate.name if one.building.estate else "",
            street=plan_ground.street_of(one.building.name), has_place=bool(one.cell),
        )
        for one in rows
    ]  # fmt: skip
    grids = [str(line.row.pk) for line in lines]
    return plan_check.check(spots, grids, plan.edges, plan.target)


def _words(one: Finding, plan: GridPlan, labels: dict[str, str], grids: dict[str, str]) -> str:
    named = "、".join(labels.get(key, key) for key in one.names[:5])
    words = {
        "loose": _("%(n)d 栋楼不在任何网格里：%(names)s。勾上它们，移到一个网格。"),
        "empty": _("“%(grid)s”里没有楼。"),
        "apart": _("“%(grid)s”不连成一片，分成了 %(n)d 块，另一块是：%(names)s。"),
        "giant": _("%(names)s一栋就有 %(n)d 户，超过一个网格，单独成为“%(grid)s”。"),
        "large": _("“%(grid)s”有 %(n)d 户，比约定的 %(target)d 户多不少。"),
        "small": _("“%(grid)s”只有 %(n)d 户，比约定的 %(target)d 户少不少。"),
        "unknown": _("%(n)d 栋楼不知道有几户，按 0 户算：%(names)s。"),
        "estate": _("小区“%(names)s”分在 %(n)d 个网格里。"),
        "street": _("“%(names)s”的楼分在 %(n)d 个网格里。"),
    }
    return words[one.kind] % {
        "n": one.number, "names": named, "grid": grids.get(one.grid, ""), "target": plan.target,
    }  # fmt: skip
