"""A plan of grids is made: the buildings as they are go to the search, its answer becomes a draft."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import runs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors
from linli.places.events import GridsPlanned
from linli.places.models import Area, AreaKind, Building, GridPlan, PlannedBuilding, PlannedGrid
from linli.places.rules import boundaries, plan_ground
from linli.places.services.plan_process import propose
from linli.places.services.recording import record

KIND: Final = "places.grid_plan"
DUTY: Final = "places.plan"
LEAST_TARGET, MOST_TARGET, MOST_GRIDS = 20, 3000, 300


def start_planning(
    *, community_id: UUID, target: int, count: int | None, actor: Actor, now: datetime
) -> runs.Run:
    """Ask for a plan of grids of about `target` households each, as a run; today's grids stay.

    count: how many grids there shall be; None: as many as fit.
    Errors: NotAllowed, NotFound, BadInput.
    Source: S1 1.1, twelve micro-grids of about 300 households.
    """
    community = selectors.get_community_by_id(community_id)
    actor.require(DUTY, community.path)
    if not LEAST_TARGET <= target <= MOST_TARGET:
        raise BadInput(_("每个网格的户数在 20 到 3,000 之间。"), field="target")
    buildings = selectors.buildings_of(community_id).count()
    if not buildings:
        raise BadInput(_("这个社区还没有楼栋，先导入楼栋再划网格。"), field="target")
    if count is not None and not 1 <= count <= min(MOST_GRIDS, buildings):
        raise BadInput(_("网格的个数在 1 和楼栋数之间，最多 300 个。"), field="count")
    data = {"community": str(community_id), "target": target, "count": count}
    # Pressing twice within the minute shows one run.
    key = f"{community_id}:{target}:{count}:{now:%y%m%d%H%M}"
    title = _("划网格：%(name)s，每格约 %(n)d 户") % {"name": community.name, "n": target}
    return runs.start(KIND, title=title, data=data, actor=actor, now=now, key=key, duty=DUTY)


def carry_planning(run: runs.Running) -> None:
    """Search, and keep what was found as a draft; a second beginning of one run keeps it once."""
    community = selectors.get_community_by_id(UUID(run.data["community"]))
    run.actor.require(DUTY, community.path)
    houses = _houses(community)
    sites = [_site(one) for one in houses]
    region, remarks = _region(community)
    asked = {
        "sites": sites, "region": region, "target": run.data["target"], "count": run.data["count"],
    }  # fmt: skip
    made = propose(asked, run.progress)
    made["remarks"] = [*remarks, *_overlaps(community)]
    plan = _keep(run, community, houses, sites, made)
    run.say(
        _("%(grids)d 个网格，%(n)d 栋楼。这是草案，现在的网格没有动。")
        % {"grids": len(made["grids"]), "n": len(houses)},
        reverse("places:plan", args=[plan.pk]),
    )


def _houses(community: Area) -> list[Any]:
    """Return the buildings with the number of homes entered, for those whose figure is not known."""
    is_live = Q(entrances__ended_on=None, entrances__homes__ended_on=None)
    counted = selectors.buildings_of(community.pk).annotate(
        home_count=Count("entrances__homes", filter=is_live)
    )
    return list(counted.select_related("grid__parent", "estate").defer("grid__polygon"))


def _site(one: Any) -> dict[str, Any]:
    grid = one.grid if one.grid and one.grid.ends_on is None else None
    parent = grid.parent if grid and grid.parent and grid.parent.kind == AreaKind.MICRO else None
    return {
        "key": str(one.pk),
        "households": one.household_count or one.home_count,
        "lat": one.lat,
        "lon": one.lon,
        "estate": str(one.estate_id) if one.estate_id else "",
        "street": "" if one.estate_id else plan_ground.street_of(one.name),
        "grid": str(grid.pk) if grid else "",
        "part": str(parent.pk) if parent else "",
    }


def _region(community: Area) -> tuple[str, list[str]]:
    """Return the community's boundary when it is sound, and what to say when it is not."""
    if not community.polygon or boundaries.is_sound(community.polygon):
        return community.polygon, []
    return "", [_("社区的边界自己和自己交叉，这次没有按它裁边；在“街道和社区”里换一份。")]


def _overlaps(community: Area) -> list[str]:
    grids = list(selectors.grids_of(community.pk))
    sound = [one for one in grids if one.polygon and boundaries.is_sound(one.polygon)]
    said = [
        _("现在的“%(name)s”边界自己和自己交叉，图上没有画。") % {"name": one.name}
        for one in grids
        if one.polygon and one not in sound
    ]
    for number, one in enumerate(sound):
        for other in sound[number + 1 :]:
            share = boundaries.overlap_share(one.polygon, other.polygon)
            if share > boundaries.OVERLAP_SHARE:
                said.append(
                    _("现在的“%(one)s”与“%(other)s”边界重叠 %(share).0f%%，生效后不再重叠。")
                    % {"one": one.name, "other": other.name, "share": share * 100}
                )
    return said


@transaction.atomic
def _keep(
    run: runs.Running,
    community: Area,
    houses: Sequence[Building],
    sites: Sequence[dict[str, Any]],
    made: dict[str, Any],
) -> GridPlan:
    known = GridPlan.objects.filter(run_id=run.id).first()
    if known is not None:
        return known
    plan = GridPlan(
        community=community, run_id=run.id, target=run.data["target"], edges=made["edges"],
        remarks="\n".join(made["remarks"]), created_at=run.now, created_by=run.actor.account_id,
    )  # fmt: skip
    plan.save(force_insert=True)
    of_key = {str(one.pk): one for one in houses}
    grids = _grids(plan, made, of_key, sites)
    order = {key: number for number, key in enumerate([*made["order"], *made["lost"]])}
    home = {
        number: grid for grid, inside in zip(grids, made["grids"], strict=True) for number in inside
    }
    PlannedBuilding.objects.bulk_create(
        PlannedBuilding(
            plan=plan,
            building_id=UUID(site["key"]),
            order=order[site["key"]],
            households=site["households"],
            was_id=UUID(site["grid"]) if site["grid"] else None,
            target=home.get(order[site["key"]]),
            cell=made["cells"][order[site["key"]]]
            if order[site["key"]] < len(made["cells"])
            else "",
        )
        for site in sites
    )
    event = GridsPlanned(
        subject_id=plan.pk, area_path=community.path,
        grid_count=len(grids), building_count=len(sites),
    )  # fmt: skip
    record(event, actor=run.actor, at=run.now)
    return plan


def _grids(
    plan: GridPlan, made: dict[str, Any], of_key: dict[str, Any], sites: Sequence[dict[str, Any]]
) -> list[PlannedGrid]:
    today = {str(one.pk): one for one in selectors.grid_choices(plan.community_id)}
    parts = {site["key"]: site["part"] for site in sites}
    taken = {one.name for one in today.values()}
    rows = []
    for order, (inside, goes_on) in enumerate(
        zip(made["grids"], made["continues"], strict=True), 1
    ):
        keys = [made["order"][number] for number in inside]
        grid = today.get(goes_on)
        name = grid.name if grid else _name([of_key[key] for key in keys], taken)
        taken.add(name)
        part = Counter(parts[key] for key in keys).most_common(1)[0][0]
        parent_id = grid.parent_id if grid else UUID(part) if part else plan.community_id
        rows.append(PlannedGrid(plan=plan, order=order, name=name, grid=grid, parent_id=parent_id))
    return PlannedGrid.objects.bulk_create(rows)


def _name(houses: Sequence[Any], taken: set[str]) -> str:
    """Return a name for a new grid: its largest estate or street, and a number where that is taken."""
    held: Counter[str] = Counter()
    for one in houses:
        name = one.estate.name if one.estate else plan_ground.street_of(one.name)
        held[name] += one.household_count or 1
    named = held.most_common(1)[0][0]
    base = (_("%(place)s网格") % {"place": named}) if named else _("新网格")
    number = next(n for n in range(1, MOST_GRIDS + 2) if _numbered(base, n) not in taken)
    return _numbered(base, number)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base} {number}"
