"""Areas come, change and end; grids get their list of buildings."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors
from linli.places.errors import NameTaken, StillInUse
from linli.places.events import AreaChanged, AreaCreated, AreaEnded, BuildingsAssigned
from linli.places.models import Area, AreaKind, Building, Estate
from linli.places.rules import names, paths
from linli.places.services.following import follow_buildings
from linli.places.services.recording import record

# What may lie directly below what; a small installation starts at any level.
_BELOW: Final[dict[str, set[str]]] = {
    "": {AreaKind.DISTRICT, AreaKind.SUBDISTRICT, AreaKind.COMMUNITY},
    AreaKind.DISTRICT: {AreaKind.SUBDISTRICT, AreaKind.COMMUNITY},
    AreaKind.SUBDISTRICT: {AreaKind.COMMUNITY},
    AreaKind.COMMUNITY: {AreaKind.MICRO, AreaKind.GRID},
    AreaKind.MICRO: {AreaKind.GRID},
    AreaKind.GRID: set(),
}
_EDITABLE: Final = ("name", "phone", "slogan", "initials", "household_count", "resident_count")


def kinds_below(parent: Area | None) -> list[tuple[str, Any]]:
    """Return what may be put directly below an area, or at the top: (value, words); no grids."""
    kinds = _BELOW[parent.kind if parent else ""] - {AreaKind.GRID}
    return [(str(kind), kind.label) for kind in AreaKind if kind in kinds]


@transaction.atomic
def create_area(
    *,
    kind: AreaKind,
    name: str,
    parent_id: UUID | None,
    code: str = "",
    starts_on: date | None = None,
    facts: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Area:
    """Enter an area below another one.

    code: the state's code; a grid without one gets the next of our own (g01, g02 …).
    starts_on: today when left out; not in the future.
    facts: phone, slogan, initials, household_count, resident_count, as far as known.
    Errors: NotAllowed, NotFound, BadInput, NameTaken.
    """
    parent = selectors.get_area(parent_id, lock=True) if parent_id else None
    parent_path = parent.path if parent else ""
    actor.require("places.manage", parent_path)
    _check_place(kind, parent)
    code = code.strip() or _next_code(kind, parent_path)
    if not paths.is_area_code(code):
        raise BadInput(_("编号只用字母、数字、“-”，最多 20 个。"), field="code")
    today = clock.local(now).date()
    if starts_on is not None and starts_on > today:
        raise BadInput(_("启用日期不能晚于今天。"), field="starts_on")
    area = Area(
        kind=kind,
        code=code,
        name=names.clean_name(name),
        parent=parent,
        path=paths.child_path(parent_path, code),
        starts_on=starts_on or today,
        **{key: value for key, value in (facts or {}).items() if key in _EDITABLE},
    )
    _check_free(area)
    area.save(force_insert=True)
    record(AreaCreated(subject_id=area.pk, area_path=area.path, kind=kind), actor=actor, at=now)
    return area


@transaction.atomic
def edit_area(*, area_id: UUID, facts: Mapping[str, Any], actor: Actor, now: datetime) -> Area:
    """Correct name, phone, slogan, initials or figures of a live area.

    facts: any of name, phone, slogan, initials, household_count, resident_count; the code stays.
    Errors: NotAllowed, NotFound, StillInUse when it has ended, NameTaken.
    """
    area = _live_area(area_id, actor)
    wanted = {key: facts[key] for key in _EDITABLE if key in facts}
    if "name" in wanted:
        wanted["name"] = names.clean_name(wanted["name"])
    changed = [key for key, value in wanted.items() if getattr(area, key) != value]
    for key in changed:
        setattr(area, key, wanted[key])
    if changed:
        _check_free(area)
        area.save(update_fields=changed)
        event = AreaChanged(subject_id=area.pk, area_path=area.path, changed=",".join(changed))
        record(event, actor=actor, at=now)
    return area


@transaction.atomic
def end_area(
    *,
    area_id: UUID,
    move_to_id: UUID | None = None,
    ends_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Area:
    """End an area; it keeps its dates, and what happened in it keeps its place.

    move_to_id: the grid that takes the buildings of an ended grid; without one they fall back to
        the community. ends_on: the first day it no longer holds, today when left out.
    Errors: NotAllowed, NotFound, StillInUse while areas or houses below it live, BadInput.
    """
    area = _live_area(area_id, actor)
    today = clock.local(now).date()
    ends_on = ends_on or today
    if not area.starts_on <= ends_on <= today:
        raise BadInput(_("结束日期要在启用日期与今天之间。"), field="ends_on")
    _check_nothing_below(area)
    moved, target = _move_buildings(area, move_to_id)
    area.ends_on = ends_on
    area.save(update_fields=["ends_on"])
    follow_buildings(moved, target)
    event = AreaEnded(
        subject_id=area.pk, area_path=area.path, moved_to_id=move_to_id, building_count=len(moved)
    )
    record(event, actor=actor, at=now)
    return area


@transaction.atomic
def assign_buildings(
    *, grid_id: UUID, building_ids: Collection[UUID], actor: Actor, now: datetime
) -> Area:
    """Make exactly these buildings the list of a grid; a building of another grid moves over.

    Errors: NotAllowed, NotFound, BadInput when a building is not of the grid's community.
    """
    grid = _live_area(grid_id, actor)
    community = selectors.community_of_path(grid.path)
    if grid.kind != AreaKind.GRID or community is None:
        raise BadInput(_("只有网格有楼栋清单。"), field="buildings")
    wanted = set(building_ids)
    live = Building.objects.select_for_update().filter(community=community, ended_on=None)
    known = set(live.filter(pk__in=wanted).values_list("pk", flat=True))
    if known != wanted:
        raise BadInput(_("有的楼栋已不在这个社区，刷新后重新勾选。"), field="buildings")
    current = set(live.filter(grid=grid).values_list("pk", flat=True))
    added, removed = wanted - current, current - wanted
    if added or removed:
        live.filter(pk__in=added).update(grid=grid)
        live.filter(pk__in=removed).update(grid=None)
        follow_buildings(added, grid)
        follow_buildings(removed, None)
        event = BuildingsAssigned(
            subject_id=grid.pk,
            area_path=grid.path,
            added=tuple(sorted(map(str, added))),
            removed=tuple(sorted(map(str, removed))),
        )
        record(event, actor=actor, at=now)
    return grid


def _live_area(area_id: UUID, actor: Actor) -> Area:
    area = selectors.get_area(area_id, lock=True)
    actor.require("places.manage", area.path)
    if area.ends_on is not None:
        raise StillInUse(_("“%(name)s”已经结束，不能再改。") % {"name": area.name})
    return area


def _check_place(kind: AreaKind, parent: Area | None) -> None:
    if parent is not None and parent.ends_on is not None:
        raise BadInput(
            _("“%(name)s”已经结束，不能再往下加。") % {"name": parent.name}, field="parent"
        )
    if kind not in _BELOW[parent.kind if parent else ""]:
        raise BadInput(
            _("“%(kind)s”不能直接放在这一级下面。") % {"kind": AreaKind(kind).label}, field="kind"
        )


def _next_code(kind: AreaKind, parent_path: str) -> str:
    if kind not in (AreaKind.GRID, AreaKind.MICRO):
        raise BadInput(_("填上统计用区划代码。"), field="code")
    community = selectors.community_of_path(parent_path)
    # Ended ones count too: a code once given is never given to another grid.
    below = Area.objects.filter(path__startswith=community.path if community else parent_path)
    taken = list(below.values_list("code", flat=True))
    code = paths.next_grid_code(taken)
    return code if kind == AreaKind.GRID else f"m{code[1:]}"


def _check_free(area: Area) -> None:
    live = Area.objects.filter(ends_on=None).exclude(pk=area.pk)
    if live.filter(path=area.path).exists():
        raise NameTaken(_("编号“%(code)s”已经用了。") % {"code": area.code}, field="code")
    is_coded = area.kind not in (AreaKind.GRID, AreaKind.MICRO)
    coded = live.exclude(kind__in=[AreaKind.GRID, AreaKind.MICRO])
    if is_coded and coded.filter(code=area.code).exists():
        raise NameTaken(_("编号“%(code)s”已经用了。") % {"code": area.code}, field="code")
    if live.filter(parent=area.parent_id, name=area.name).exists():
        raise NameTaken(_("这一级已有“%(name)s”。") % {"name": area.name}, field="name")


def _check_nothing_below(area: Area) -> None:
    below = Area.objects.filter(path__startswith=area.path, ends_on=None).exclude(pk=area.pk)
    if below.exists():
        raise StillInUse(_("“%(name)s”下面还有区域，先结束它们。") % {"name": area.name})
    if area.kind == AreaKind.COMMUNITY and (
        Estate.objects.filter(community=area, ended_on=None).exists()
        or Building.objects.filter(community=area, ended_on=None).exists()
    ):
        raise StillInUse(_("“%(name)s”还有小区或楼栋，先把它们结束。") % {"name": area.name})


def _move_buildings(area: Area, move_to_id: UUID | None) -> tuple[list[UUID], Area | None]:
    target = None
    if move_to_id is not None:
        target = selectors.get_area(move_to_id)
        same = selectors.community_of_path(target.path) == selectors.community_of_path(area.path)
        if target.kind != AreaKind.GRID or target.ends_on or target == area or not same:
            raise BadInput(_("楼栋只能转到本社区另一个在用的网格。"), field="move_to")
    moved = list(Building.objects.filter(grid=area).values_list("pk", flat=True))
    Building.objects.filter(pk__in=moved).update(grid=target)
    return moved, target
