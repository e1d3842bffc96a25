"""A list of houses against what is known: row by row, what would be created, changed or is wrong.

Nothing is written here. The same plan is made for the preview and, again, for applying it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.kernel import geo
from linli.places.models import Area, Building, Entrance, Estate, EstateKind
from linli.places.rules import import_rows, names
from linli.places.rules.import_rows import HouseRow
from linli.places.selectors.houses import Known
from linli.places.services import import_words

# A tenth of a metre: less is the noise of converting there and back.
_SAME_PLACE: Final = 1e-6


@dataclass(slots=True)
class RowPlan:
    """What one row would do. status: wrong, new, changed or same."""

    number: int
    label: str
    status: str = "same"
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, words: str) -> None:
        """Say what is wrong; what the row would do no longer matters."""
        if self.status != "wrong":
            self.notes.clear()
        self.status = "wrong"
        self.notes.append(words)

    def tell(self, status: str, words: str) -> None:
        """Say what would happen; creating outweighs changing."""
        if self.status == "wrong":
            return
        if not (self.status == "new" and status == "changed"):
            self.status = status
        self.notes.append(words)


@dataclass(slots=True)
class EstatePlan:
    """An estate that the list speaks of. known: as it is now; kind: as it would be."""

    name: str
    known: Estate | None
    kind: str
    row: int  # that first said the kind


@dataclass(slots=True)
class BuildingPlan:
    """A building that the list speaks of, with the facts that would change."""

    name: str
    estate: EstatePlan | None
    known: Building | None
    facts: dict[str, Any] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)
    entrances: dict[str, "EntrancePlan"] = field(default_factory=dict)


@dataclass(slots=True)
class EntrancePlan:
    """An entrance that the list speaks of, and the homes that would be new."""

    name: str
    known: Entrance | None
    homes: dict[str, bool] = field(default_factory=dict)  # number: is it known


@dataclass(slots=True)
class HousePlan:
    """The whole list."""

    rows: list[RowPlan] = field(default_factory=list)
    estates: dict[str, EstatePlan] = field(default_factory=dict)
    buildings: dict[tuple[str, str], BuildingPlan] = field(default_factory=dict)

    def count(self, status: str) -> int:
        """Return how many rows have the status."""
        return sum(row.status == status for row in self.rows)


def plan_houses(raw: Iterable[dict[str, Any]], known: Known, datum: geo.Datum) -> HousePlan:
    """Return what a list would do to the known houses of a community.

    raw: rows as `import_files` gives them. datum: what the positions in them refer to.
    """
    planner = _Planner(known, datum)
    kinds = import_words.kind_words()
    for one in raw:
        planner.take(import_rows.read_row(one["number"], one["cells"], one["dates"], kinds))
    planner.finish()
    return planner.plan


class _Planner:
    def __init__(self, known: Known, datum: geo.Datum) -> None:
        self.known, self.datum = known, datum
        self.plan = HousePlan()
        self.seen: dict[tuple[str, ...], int] = {}
        self.first_row: dict[str, RowPlan] = {}
        self.numbered: dict[str, dict[int | None, list[Building]]] = {}

    def take(self, row: HouseRow) -> None:
        label = names.place_label(row.estate, row.building, row.entrance, row.home)
        out = RowPlan(row.number, label)
        self.plan.rows.append(out)
        for mistake in row.mistakes:
            out.refuse(import_words.explain(mistake))
        grid = self._grid(row, out)
        if out.status == "wrong":
            return
        estate = self._estate(row, out)
        building = self._building(row, estate, out)
        self._facts(row, building, grid, out)
        if row.entrance:
            self._entrance(row, building, out)
        self._check_twice(row, estate, building, out)

    def finish(self) -> None:
        """An estate that is new needs its kind from one of its rows."""
        for key, estate in self.plan.estates.items():
            if estate.known is None and not estate.kind:
                labels = "、".join(str(label) for label in EstateKind.labels)
                self.first_row[key].refuse(
                    _("“%(name)s”是新小区，要写小区类型（%(kinds)s）。")
                    % {"name": estate.name, "kinds": labels}
                )

    def _grid(self, row: HouseRow, out: RowPlan) -> Area | None:
        if not row.grid:
            return None
        found = [g for g in self.known.grids if row.grid in (g.code, g.name)]
        if len(found) == 1:
            return found[0]
        if found:
            out.refuse(
                _("有 %(n)d 个网格叫“%(name)s”，改写网格编号。")
                % {"n": len(found), "name": row.grid}
            )
        else:
            out.refuse(_("本社区没有网格“%(name)s”，先新建网格或改这一格。") % {"name": row.grid})
        return None

    def _estate(self, row: HouseRow, out: RowPlan) -> EstatePlan | None:
        if not row.estate:
            return None
        key = names.same_name_key(row.estate)
        estate = self.plan.estates.get(key)
        if estate is None:
            known = self.known.estates.get(key)
            estate = EstatePlan(
                known.name if known else row.estate, known, known.kind if known else "", 0
            )
            self.plan.estates[key] = estate
            self.first_row[key] = out
            if known is None:
                out.tell("new", _("新建小区“%(name)s”") % {"name": estate.name})
        if row.estate_kind and row.estate_kind != estate.kind:
            self._put_kind(row, estate, out)
        return estate

    def _put_kind(self, row: HouseRow, estate: EstatePlan, out: RowPlan) -> None:
        label = EstateKind(row.estate_kind).label
        if estate.row:
            out.refuse(
                _("“%(name)s”的小区类型与第 %(row)d 行不一样。")
                % {"name": estate.name, "row": estate.row}
            )
            return
        if estate.known is not None:
            out.tell(
                "changed",
                _("小区类型 %(old)s → %(new)s")
                % {"old": estate.known.get_kind_display(), "new": label},
            )
        estate.kind, estate.row = row.estate_kind, row.number

    def _building(self, row: HouseRow, estate: EstatePlan | None, out: RowPlan) -> BuildingPlan:
        estate_key = names.same_name_key(estate.name) if estate else ""
        sisters = self.known.buildings.get(estate_key, {})
        known = sisters.get(names.same_name_key(row.building))
        alike = [] if known else self._alike(estate_key, row.building)
        if row.has_bare_building and len(alike) == 1:
            known = alike[0]
        name = known.name if known else row.building
        key = estate_key, names.same_name_key(name)
        building = self.plan.buildings.get(key)
        if building is None:
            building = self.plan.buildings[key] = BuildingPlan(name, estate, known)
            if known is None:
                out.tell("new", _("新建%(name)s") % {"name": name})
                if alike:
                    out.warnings.append(
                        _("已有“%(name)s”，这里会另建一栋；是同一栋就改成一样的写法。")
                        % {"name": alike[0].name}
                    )
        return building

    def _alike(self, estate_key: str, name: str) -> list[Building]:
        """The known buildings that are called by the same number."""
        if estate_key not in self.numbered:
            by_number = self.numbered[estate_key] = {}
            for sister in self.known.buildings.get(estate_key, {}).values():
                by_number.setdefault(names.first_number(sister.name), []).append(sister)
        number = names.first_number(name)
        return self.numbered[estate_key].get(number, []) if number is not None else []

    def _facts(
        self, row: HouseRow, building: BuildingPlan, grid: Area | None, out: RowPlan
    ) -> None:
        if grid is not None:
            old = building.known.grid.name if building.known and building.known.grid else _("无")
            self._fact(building, "grid_id", grid.pk, (_("网格"), old, grid.name), out)
        for column, name, label in (
            ("floors", "floor_count", _("层数")),
            ("households", "household_count", _("户数")),
        ):
            value = getattr(row, column)
            if value is not None:
                before = getattr(building.known, name, 0) or _("无")
                self._fact(building, name, value, (label, before, value), out)
        if row.lat is not None and row.lon is not None:
            self._position(building, row.lat, row.lon, out)

    def _position(self, building: BuildingPlan, lat: float, lon: float, out: RowPlan) -> None:
        lat, lon = (round(part, 6) for part in geo.to_wgs84(lat, lon, self.datum))
        known = building.known
        is_same = (
            known is not None
            and known.lat is not None
            and known.lon is not None
            and abs(known.lat - lat) < 2 * _SAME_PLACE
            and abs(known.lon - lon) < 2 * _SAME_PLACE
        )
        if is_same and known is not None:
            lat, lon = known.lat or lat, known.lon or lon
        old = f"{known.lat}, {known.lon}" if known and known.lat is not None else _("无")
        self._fact(building, "lat", lat, (_("位置"), old, f"{lat}, {lon}"), out)
        building.facts["lon"] = lon

    def _fact(
        self,
        building: BuildingPlan,
        name: str,
        value: Any,
        words: tuple[Any, Any, Any],
        out: RowPlan,
    ) -> None:
        """Note what a row says of its building; a later row may repeat it, not contradict it."""
        if name in building.facts:
            if building.facts[name] != value:
                out.refuse(
                    _("%(what)s与第 %(row)d 行不一样。")
                    % {"what": words[0], "row": building.said_in[name]}
                )
            return
        building.facts[name] = value
        building.said_in[name] = out.number
        if building.known is not None and getattr(building.known, name) != value:
            what = _("%(what)s %(old)s → %(new)s")
            out.tell("changed", what % {"what": words[0], "old": words[1], "new": words[2]})

    def _entrance(self, row: HouseRow, building: BuildingPlan, out: RowPlan) -> None:
        key = names.same_name_key(row.entrance)
        entrance = building.entrances.get(key)
        if entrance is None:
            doors = self.known.entrances.get(building.known.pk, {}) if building.known else {}
            known = doors.get(key)
            entrance = EntrancePlan(known.name if known else row.entrance, known)
            building.entrances[key] = entrance
            if known is None:
                out.tell("new", _("新建%(name)s") % {"name": row.entrance})
        if row.home and row.home not in entrance.homes:
            homes = self.known.homes.get(entrance.known.pk, set()) if entrance.known else set()
            entrance.homes[row.home] = row.home in homes
            if row.home not in homes:
                out.tell("new", _("新增 %(name)s 户") % {"name": row.home})

    def _check_twice(
        self, row: HouseRow, estate: EstatePlan | None, building: BuildingPlan, out: RowPlan
    ) -> None:
        parts = (estate.name if estate else "", building.name, row.entrance, row.home)
        before = self.seen.setdefault(parts, row.number)
        if before != row.number:
            out.warnings.append(_("与第 %(row)d 行重复，只算一次。") % {"row": before})
