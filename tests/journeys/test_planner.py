"""A community is divided into grids of about one size, looked at beside today's, put right, given a day."""

from typing import Any

import pytest
from playwright.sync_api import expect

from linli.kernel import clock
from linli.places.models import Building, GridPlan
from linli.places.tests.makers import make_building, make_estate
from linli.posts.models import PostDuty
from tests.journeys.acting import follow_run, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("working")]

DESKTOP = {"width": 1440, "height": 900}
STEP = 1 / 111_320 * 50


@pytest.fixture
def town(world: Any) -> Any:
    """An estate beside two lanes, all on the list of one grid."""
    post_id = next(iter(world.lead.post_ids))
    for duty in ("places.plan", "places.manage"):
        PostDuty.objects.get_or_create(post_id=post_id, duty=duty)
    Building.objects.filter(lat=None).update(lat=44.16 + STEP * 2, lon=87.54, household_count=50)
    estate = make_estate(world.community, "槐园")
    for n in range(1, 7):
        _house(world, estate, f"{n}号楼", n % 3, n // 3)
    for n in range(1, 6):
        _house(world, world.community, f"红旗路{n}号", 5 + n, 0)
        _house(world, world.community, f"文化巷{n}号", 5 + n, 3)
    return world


def _house(world: Any, place: Any, name: str, column: int, row: int) -> Any:
    spot = {"lat": 44.16 + row * STEP, "lon": 87.54 + column * STEP * 1.4}
    return make_building(place, name, household_count=50, grid=world.grid, **spot)


def plan(page: Any, town: Any) -> None:
    page.goto(f"/desk/places/{town.community.pk}/grids/")
    page.get_by_role("link", name="划网格").click()
    page.get_by_label("每个网格大约几户").fill("300")
    page.get_by_role("button", name="开始划").click()


@pytest.mark.row("S1 1.1")
def test_grids_are_planned_seen_moved_on_the_map_and_given_a_day(
    town: Any, as_staff: Any, look_at: Any
) -> None:
    page = as_staff(town.lead, viewport=DESKTOP)
    plan(page, town)
    page.get_by_role("link", name="去看看").click()
    expect(page.locator("[data-map=plan-map] path.leaflet-interactive").first).to_be_visible()
    look_at(page, "grid-plan")
    found = GridPlan.objects.get()
    assert found.grids.count() == 3
    lonely = found.buildings.exclude(building__lat=None).order_by("order")[0]
    # A building is clicked on the map, and goes to a grid of its own.
    page.locator(f"#b{lonely.building_id}").evaluate("box => box.closest('details').open = true")
    page.locator(f"#b{lonely.building_id}").check()
    expect(page.locator("#plan-count")).to_have_text("已勾 1 栋")
    page.locator("[data-map=plan-map] svg path").last.click(force=True)
    expect(page.locator("#plan-count")).to_have_text("已勾 2 栋")
    page.get_by_label("勾上的楼移到").select_option(label="一个新网格")
    page.get_by_role("button", name="移过去").click()
    expect(page.get_by_text("新网格 1").first).to_be_visible()
    assert found.grids.count() == 4
    page.get_by_label("从哪天起生效").fill("2099-01-01")
    page.get_by_label("要留意的地方已经看过").check()
    page.get_by_role("button", name="到那天生效").click()
    expect(page.get_by_text("2099-01-01 零点生效")).to_be_visible()
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("button", name="到那天生效")).to_be_visible()


@pytest.mark.row("S1 1.1")
def test_it_goes_without_scripts_and_today_it_holds_at_once(town: Any, as_staff: Any) -> None:
    page = as_staff(town.lead, viewport=DESKTOP, java_script_enabled=False)
    plan(page, town)
    follow_run(page, "去看看")
    page.get_by_role("link", name="去看看").click()
    group = page.locator("details.places__plan").first
    group.locator("summary").click()
    group.get_by_role("checkbox").first.check()
    page.get_by_label("勾上的楼移到").select_option(index=1)
    page.get_by_role("button", name="移过去").click()
    page.get_by_label("从哪天起生效").fill(f"{clock.local(clock.now()):%Y-%m-%d}")
    expect(page.get_by_role("button", name="到那天生效")).to_be_visible()
    if page.get_by_label("要留意的地方已经看过").count():
        page.get_by_label("要留意的地方已经看过").check()
    page.get_by_role("button", name="到那天生效").click()
    wait_for(lambda: page.reload() and page.get_by_text("起已按这个方案划分").count(), page)
    expect(page.get_by_text("起已按这个方案划分")).to_be_visible()
    homes = set(Building.objects.filter(household_count=50).values_list("grid", flat=True))
    assert len(homes) == 3
