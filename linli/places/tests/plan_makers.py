"""A community whose grids are far from equal, and what is asked of a plan for it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from linli.kernel import clock, jobs
from linli.kernel.models import Run
from linli.places.models import Area, GridPlan
from linli.places.rules import plan_match
from linli.places.services import plan_effect, plan_making, planning
from linli.places.tests.makers import NOW, make_building, make_estate, make_grid, manager

STEP = 1 / 111_320 * 50  # fifty metres
TODAY = date(2026, 3, 2)


def make_town(east: Area, monkeypatch: Any) -> SimpleNamespace:
    """东城社区 with an estate, two lanes and two grids that are far from equal."""
    monkeypatch.setattr(plan_making, "propose", plan_match.propose)
    west, far = make_grid(east, "g01", "一网格"), make_grid(east, "g02", "二网格")
    estate = make_estate(east, "槐园")
    houses = [house(estate, f"{n}号楼", n % 3, n // 3, west) for n in range(1, 7)]
    houses += [house(east, f"红旗路{n}号", 5 + n, 0, west) for n in range(1, 6)]
    houses += [house(east, f"文化巷{n}号", 5 + n, 3, far) for n in range(1, 4)]
    return SimpleNamespace(
        community=east, estate=estate, west=west, far=far, houses=houses,
        lin=manager(east, duty="places.plan"),
    )  # fmt: skip


def house(place, name: str, column: int, row: int, grid=None, *, households: int = 40):
    spot = {"lat": 44.16 + row * STEP, "lon": 87.54 + column * STEP * 1.4}
    return make_building(place, name, household_count=households, grid=grid, **spot)


def ask(town, target: int = 200, count: int | None = None) -> Run:
    return plan_making.start_planning(
        community_id=town.community.pk, target=target, count=count, actor=town.lin, now=NOW
    )


def carry() -> None:
    assert jobs.run_jobs(clock.now(), is_external=True, is_long=True) == 1


def make_plan(town, **asked) -> GridPlan:
    run = ask(town, **asked)
    carry()
    run.refresh_from_db()
    assert run.state == "done", run.message
    return GridPlan.objects.select_related("community").get(run_id=run.pk)


def schedule(town, plan, day=TODAY, *, is_sure: bool = True, now=NOW) -> GridPlan:
    return planning.schedule_plan(
        plan_id=plan.pk, starts_on=day, is_sure=is_sure, actor=town.lin, now=now
    )


def take_effect(town, plan, now=NOW) -> bool:
    return plan_effect.take_effect(plan_id=plan.pk, actor=town.lin, now=now)
