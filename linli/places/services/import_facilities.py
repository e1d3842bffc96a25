"""A list of facilities against what is known: what would be new, changed or is wrong; then written.

A row means the facility of its number, else the one of its place and name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import geo
from linli.kernel.actor import Actor
from linli.places.models import Area, Building, Entrance, Facility, FacilityKind, FacilityStatus
from linli.places.rules import facility_rows, names
from linli.places.rules.facility_rows import FacilityRow
from linli.places.selectors import facilities as selectors
from linli.places.selectors.houses import Known, known_houses
from linli.places.selectors.where import label_of
from linli.places.services import facilities, import_words
from linli.places.services.facilities import FacilityFacts
from linli.places.services.import_plan import RowPlan

_WRONG: Final = {
    "no_kind": gettext_lazy("没有写类别。"),
    "no_name": gettext_lazy("没有写名称。"),
    "too_long": gettext_lazy("“%(value)s…”太长。"),
    "area": gettext_lazy("面积“%(value)s”不是平方米数。"),
    "day": gettext_lazy("日期“%(value)s”认不出来，写成 2024-05-01。"),
}
_LABELS: Final = {
    "kind_id": gettext_lazy("类别"), "name": gettext_lazy("名称"), "number": gettext_lazy("编号"),
    "lat": gettext_lazy("位置"), "lon": gettext_lazy("位置"), "status": gettext_lazy("状态"),
    "keeper": gettext_lazy("负责单位"), "keeper_phone": gettext_lazy("电话"),
    "area_m2": gettext_lazy("面积"), "note": gettext_lazy("备注"),
    "installed_on": gettext_lazy("安装日期"), "estate_id": gettext_lazy("小区"),
    "building_id": gettext_lazy("楼栋"), "entrance_id": gettext_lazy("单元"),
}  # fmt: skip
_SAME_PLACE: Final = 2e-6


@dataclass(slots=True)
class FacilityItem:
    """A facility that the list speaks of; known: as it is now."""

    known: Facility | None
    facts: FacilityFacts


@dataclass(slots=True)
class FacilityPlan:
    """The whole list."""

    rows: list[RowPlan] = field(default_factory=list)
    items: list[FacilityItem] = field(default_factory=list)

    def count(self, status: str) -> int:
        """Return how many rows have the status."""
        return sum(row.status == status for row in self.rows)


def plan_facilities(
    raw: Iterable[dict[str, Any]], community: Area, datum: geo.Datum
) -> FacilityPlan:
    """Return what a list would do to the facilities of a community; nothing is written."""
    planner = _Planner(community, datum)
    for one in raw:
        planner.take(facility_rows.read_row(one["number"], one["cells"], one["dates"]))
    return planner.plan


def apply_facilities(plan: FacilityPlan, community: Area, actor: Actor, now: datetime) -> None:
    """Write a plan that has nothing wrong, each facility by the service of its page."""
    for item in plan.items:
        common: dict[str, Any] = {"facts": item.facts, "actor": actor, "now": now}
        if item.known is None:
            facilities.create_facility(community_id=community.pk, **common)
        else:
            facilities.edit_facility(facility_id=item.known.pk, **common)


class _Planner:
    def __init__(self, community: Area, datum: geo.Datum) -> None:
        self.community, self.datum, self.plan = community, datum, FacilityPlan()
        self.known: Known = known_houses(community.pk, with_homes=False)
        self.kinds: dict[str, FacilityKind] = {}
        for kind in selectors.facility_kinds():
            self.kinds |= {kind.name: kind, kind.code: kind}
        live = list(selectors.facilities_of(community.pk))
        self.by_number = {one.number: one for one in live if one.number}
        self.by_label = {one.label: one for one in live}
        self.statuses = {str(label): str(value) for value, label in FacilityStatus.choices}
        self.seen: dict[str, int] = {}

    def take(self, row: FacilityRow) -> None:
        """Judge one row."""
        out = RowPlan(row.number, names.place_label(row.said["number"], row.said["name"]) or "—")
        self.plan.rows.append(out)
        for what, value in row.wrong:
            out.refuse(str(_WRONG[what]) % {"value": value})
        for mistake in row.mistakes:
            out.refuse(import_words.explain(mistake))
        kind = self._kind(row, out)
        building, entrance = self._house(row, out)
        estate = building.estate if building else self._estate(row, out)
        if out.status == "wrong" or kind is None:
            return
        label = label_of(self.community, estate, building, entrance, row.said["name"])
        out.label = names.place_label(row.said["number"], label)
        known = self.by_number.get(row.said["number"]) or self.by_label.get(label)
        ids = {
            "kind_id": kind.pk,
            "estate_id": estate.pk if estate else None,
            "building_id": building.pk if building else None,
            "entrance_id": entrance.pk if entrance else None,
        }
        facts = self._facts(row, known, ids, out)
        self._check_once(row, label, known, out)
        if out.status != "wrong":
            self.plan.items.append(FacilityItem(known, facts))
            _tell(out, known, facts)

    def _kind(self, row: FacilityRow, out: RowPlan) -> FacilityKind | None:
        word = row.said["kind"]
        kind = self.kinds.get(word)
        if kind is None and word:
            have = "、".join(dict.fromkeys(one.name for one in self.kinds.values()))
            out.refuse(_("类别“%(word)s”没有，可以写：%(have)s。") % {"word": word, "have": have})
        return kind

    def _estate(self, row: FacilityRow, out: RowPlan) -> Any:
        estate = self.known.estates.get(names.same_name_key(row.house.estate))
        if row.house.estate and estate is None:
            out.refuse(_("本社区没有小区“%(name)s”。") % {"name": row.house.estate})
        return estate

    def _house(self, row: FacilityRow, out: RowPlan) -> tuple[Building | None, Entrance | None]:
        if not row.house.building:
            return None, None
        sisters = self.known.buildings.get(names.same_name_key(row.house.estate), {})
        building = sisters.get(names.same_name_key(row.house.building))
        if building is None:
            out.refuse(_("没有找到楼栋“%(name)s”。") % {"name": row.house.building})
            return None, None
        if not row.house.entrance:
            return building, None
        doors = self.known.entrances.get(building.pk, {})
        entrance = doors.get(names.same_name_key(row.house.entrance))
        if entrance is None:
            out.refuse(_("没有找到单元“%(name)s”。") % {"name": row.house.entrance})
        return building, entrance

    def _facts(
        self, row: FacilityRow, known: Facility | None, ids: dict[str, Any], out: RowPlan
    ) -> FacilityFacts:
        """Return what the row says; where it says nothing, what is known stays."""
        said: dict[str, Any] = {
            key: row.said[key]
            for key in ("number", "keeper", "keeper_phone", "note")
            if row.said[key]
        }
        if row.said["status"]:
            said["status"] = self.statuses.get(row.said["status"], "")
            if not said["status"]:
                have = "、".join(self.statuses)
                out.refuse(_("状态只能写：%(have)s。") % {"have": have})
        if row.area_m2 is not None:
            said["area_m2"] = row.area_m2
        if row.installed_on is not None:
            said["installed_on"] = row.installed_on
        said |= self._position(row, known)
        whole = FacilityFacts(name=row.said["name"], **ids)
        if known is not None:
            # A row that gives no place leaves the facility where it is.
            places = ids if ids["estate_id"] or ids["building_id"] else {"kind_id": ids["kind_id"]}
            whole = replace(_facts_of(known), name=row.said["name"], **places)
        return replace(whole, **said)

    def _position(self, row: FacilityRow, known: Facility | None) -> dict[str, float]:
        if row.house.lat is None or row.house.lon is None:
            return {}
        lat, lon = geo.to_wgs84(row.house.lat, row.house.lon, self.datum)
        if known is not None and known.lat is not None and known.lon is not None:
            is_same = abs(known.lat - lat) < _SAME_PLACE and abs(known.lon - lon) < _SAME_PLACE
            if is_same:
                return {"lat": known.lat, "lon": known.lon}
        return {"lat": round(lat, 6), "lon": round(lon, 6)}

    def _check_once(
        self, row: FacilityRow, label: str, known: Facility | None, out: RowPlan
    ) -> None:
        taken = self.by_label.get(label)
        if taken is not None and known is not None and taken.pk != known.pk:
            out.refuse(_("“%(label)s”是另一件设施，换个名称。") % {"label": label})
        for key in {label, f"#{row.said['number']}"} - {"#"}:
            before = self.seen.setdefault(key, row.number)
            if before != row.number:
                out.refuse(_("与第 %(row)d 行是同一件，留一行。") % {"row": before})


def _facts_of(known: Facility) -> FacilityFacts:
    return FacilityFacts(**{one.name: getattr(known, one.name) for one in fields(FacilityFacts)})


def _tell(out: RowPlan, known: Facility | None, facts: FacilityFacts) -> None:
    if known is None:
        out.tell("new", _("新建设施"))
        return
    old = _facts_of(known)
    changed = [
        str(_LABELS[one.name])
        for one in fields(FacilityFacts)
        if getattr(old, one.name) != getattr(facts, one.name) and not _is_lent(one.name, facts)
    ]
    if changed:
        out.tell("changed", _("改：%(what)s") % {"what": "、".join(dict.fromkeys(changed))})


def _is_lent(name: str, facts: FacilityFacts) -> bool:
    """Tell whether a column follows from another: a building's estate, an unsaid position."""
    value: UUID | date | float | None = getattr(facts, name)
    return value is None and name in ("lat", "lon", "estate_id", "building_id", "entrance_id")
