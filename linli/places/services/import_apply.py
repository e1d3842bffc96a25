"""A checked plan is written: new rows in bulk, changes one by one, each with its event."""

from datetime import datetime

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.places.events import (
    AreaChanged,
    AreaCreated,
    BuildingChanged,
    BuildingCreated,
    EstateChanged,
    EstateCreated,
)
from linli.places.models import Area, AreaKind, Building, Entrance, Estate, Home
from linli.places.rules import names, paths
from linli.places.services.boundaries import FIELDS, put_boundary
from linli.places.services.following import move_building
from linli.places.services.import_grids import GridItem, GridPlan
from linli.places.services.import_plan import BuildingPlan, EstatePlan, HousePlan
from linli.places.services.recording import record

# More values than this in one statement are refused by SQLite builds in use.
_BATCH = 500


def apply_houses(plan: HousePlan, community: Area, actor: Actor, now: datetime) -> None:
    """Write a plan of houses that has nothing wrong."""
    estates = {key: _put_estate(one, community, actor, now) for key, one in plan.estates.items()}
    doors: list[Entrance] = []
    homes: list[Home] = []
    for (estate_key, _key), one in plan.buildings.items():
        building = _put_building(one, estates.get(estate_key), community, actor, now)
        for entrance_plan in one.entrances.values():
            entrance = entrance_plan.known
            if entrance is None:
                name = entrance_plan.name
                order = names.natural_order(name)
                entrance = Entrance(building=building, name=name, order=order)
                doors.append(entrance)
            homes += [
                Home(entrance=entrance, number=number, floor=names.floor_of(number))
                for number, is_known in entrance_plan.homes.items()
                if not is_known
            ]
    Entrance.objects.bulk_create(doors, batch_size=_BATCH)
    Home.objects.bulk_create(homes, batch_size=_BATCH)


def apply_grids(plan: GridPlan, community: Area, actor: Actor, now: datetime) -> None:
    """Write a plan of grids that has nothing wrong."""
    for item in plan.items:
        if item.known is None:
            _create_grid(item, community, actor, now)
        elif item.row.status == "changed":
            _change_grid(item, item.known, actor, now)


def _put_estate(plan: EstatePlan, community: Area, actor: Actor, now: datetime) -> Estate:
    if plan.known is None:
        estate = Estate.objects.create(community=community, name=plan.name, kind=plan.kind)
        event = EstateCreated(subject_id=estate.pk, area_path=community.path)
        record(event, actor=actor, at=now)
        return estate
    if plan.kind != plan.known.kind:
        plan.known.kind = plan.kind
        plan.known.save(update_fields=["kind"])
        changed = EstateChanged(subject_id=plan.known.pk, area_path=community.path, changed="kind")
        record(changed, actor=actor, at=now)
    return plan.known


def _put_building(
    plan: BuildingPlan, estate: Estate | None, community: Area, actor: Actor, now: datetime
) -> Building:
    new_doors = sum(one.known is None for one in plan.entrances.values())
    if plan.known is None:
        building = Building.objects.create(
            community=community,
            estate=estate,
            name=plan.name,
            order=names.natural_order(plan.name),
            **plan.facts,
        )
        created = BuildingCreated(
            subject_id=building.pk, area_path=community.path, entrance_count=new_doors
        )
        record(created, actor=actor, at=now)
        return building
    _change_building(plan, plan.known, community, actor, now)
    return plan.known


def _change_building(
    plan: BuildingPlan, building: Building, community: Area, actor: Actor, now: datetime
) -> None:
    was_id = building.grid_id
    changed = [name for name, value in plan.facts.items() if getattr(building, name) != value]
    for name in changed:
        setattr(building, name, plan.facts[name])
    if changed:
        building.save(update_fields=changed)
        move_building(building, was_id, actor, now)
    inside = []
    if any(one.known is None for one in plan.entrances.values()):
        inside.append("entrances")
    if any(not is_known for one in plan.entrances.values() for is_known in one.homes.values()):
        inside.append("homes")
    if changed or inside:
        event = BuildingChanged(
            subject_id=building.pk, area_path=community.path, changed=",".join(changed + inside)
        )
        record(event, actor=actor, at=now)


def _create_grid(item: GridItem, community: Area, actor: Actor, now: datetime) -> None:
    taken = Area.objects.filter(path__startswith=community.path).values_list("code", flat=True)
    code = item.code or paths.next_grid_code(list(taken))
    grid = Area(
        kind=AreaKind.GRID,
        code=code,
        name=item.name,
        parent=community,
        path=paths.child_path(community.path, code),
        starts_on=clock.local(now).date(),
    )
    put_boundary(grid, item.boundary)
    grid.save(force_insert=True)
    event = AreaCreated(subject_id=grid.pk, area_path=grid.path, kind=grid.kind)
    record(event, actor=actor, at=now)


def _change_grid(item: GridItem, grid: Area, actor: Actor, now: datetime) -> None:
    changed = []
    if item.name and item.name != grid.name:
        grid.name = item.name
        changed.append("name")
    if grid.polygon != item.boundary.outline.text:
        changed.append("polygon")
    put_boundary(grid, item.boundary)
    grid.save(update_fields=["name", *FIELDS])
    event = AreaChanged(subject_id=grid.pk, area_path=grid.path, changed=",".join(changed))
    record(event, actor=actor, at=now)
