"""What the forms of a case let people choose from: hands, categories, buildings."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from linli.cases import selectors
from linli.cases.selectors.arbitrations import clauses
from linli.kernel import clock
from linli.kernel.memory import remember
from linli.places import selectors as places
from linli.posts import selectors as posts


def choices_for(case: Any, *, with_buildings: bool) -> dict[str, list[Any]]:
    """Return what the forms of a case let people choose from.

    with_buildings: also the community's buildings, some hundreds of them.
    """
    categories = [(str(row.pk), row.name) for row in selectors.active_categories()]
    buildings = [("", _("地点不变（%(place)s）") % {"place": case.place_label})]
    if with_buildings:
        buildings += _buildings_of(case.community_id)
    return {
        "target": _targets_at(case.area_path),
        "category_id": categories,
        "building_id": buildings,
        "clause_id": [("", _("选一条")), *((str(one.pk), one.title) for one in clauses())],
    }


# Posts and buildings change seldom, and every look at a case offers them.


@remember
def _targets_at(area_path: str) -> list[Any]:
    targets: list[Any] = [("", _("选一个岗位或单位"))]
    for group in posts.assignable(area_path, clock.now(), duties=posts.TAKES_CASES):
        options = [(one.value, _with_people(one)) for one in group.choices]
        targets.append((group.label, options))
    return targets


def _with_people(one: posts.Assignable) -> str:
    people = one.people or (_("无人在岗") if one.is_vacant else "")
    return f"{one.label}（{people}）" if people else one.label


@remember
def _buildings_of(community_id: UUID) -> list[Any]:
    rows = places.buildings_of(community_id).select_related("estate")
    return [
        (str(row.pk), f"{row.estate.name} {row.name}" if row.estate else row.name) for row in rows
    ]
