"""How grids are found: connected, of about one size, along estates and streets, from any input."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import union_all
from shapely.geometry import shape

from linli.places.rules import boundaries, plan_check, plan_ground, plan_match, plan_search
from linli.places.rules.plan_ground import Site

METRE = 1 / 111_320


def at(east: float, north: float, households: int = 30, **facts) -> Site:
    facts.setdefault("key", f"{east:.0f}/{north:.0f}")
    lat, lon = 34.84 + north * METRE, 119.12 + east * METRE / 0.8207
    return Site(households=households, lat=lat, lon=lon, **facts)


def old_town() -> list[Site]:
    """Six estates and sixty buildings along fifteen lanes: 黄海社区's size, with about 3,600 households."""
    dice = random.Random(12)
    sites = []
    for estate in range(6):
        for number in range(8):
            spot = (estate % 3) * 260 + (number % 4) * 45, (estate // 3) * 330 + (number // 4) * 50
            sites.append(at(*spot, dice.randint(28, 38), estate=f"E{estate}"))
    for lane in range(15):
        for number in range(4):
            spot = (lane % 3) * 260 + number * 48, 110 + (lane // 3) * 44 + (lane // 9) * 200
            sites.append(
                at(*spot, dice.randint(26, 38), street=f"{lane}巷", key=f"{lane}-{number}")
            )
    return sites


def find(sites: list[Site], target: int = 300, count: int | None = None) -> list[list[int]]:
    return plan_search.find_grids(plan_ground.lay(sites), target, count, lambda _done, _total: None)


def sizes(sites: list[Site], grids: list[list[int]]) -> list[int]:
    return [sum(sites[one].households for one in grid) for grid in grids]


def test_an_old_town_is_divided_along_its_estates_and_lanes():
    sites = old_town()
    ground = plan_ground.lay(sites)
    grids = find(sites)
    assert sorted(one for grid in grids for one in grid) == list(range(len(sites)))
    near = plan_check._near(ground.edges)
    assert all(len(plan_check.pieces(grid, near)) == 1 for grid in grids)
    households = sizes(sites, grids)
    assert 11 <= len(grids) <= 13
    assert all(220 <= size <= 390 for size in households), households
    home = {site: number for number, grid in enumerate(grids) for site in grid}
    of_estate = {}
    for number, site in enumerate(sites):
        of_estate.setdefault(site.estate or site.street, set()).add(home[number])
    assert all(len(of_estate[f"E{estate}"]) == 1 for estate in range(6))
    assert sum(len(found) > 1 for found in of_estate.values()) <= 4


def test_as_many_grids_as_asked():
    sites = old_town()
    assert len(find(sites, count=9)) == 9


def test_more_grids_than_there_are_parts_are_as_many_as_fit():
    estates = [site for site in old_town() if site.estate]
    assert len(find(estates, count=40)) == 6


def test_an_estate_larger_than_a_grid_is_cut_into_grids_of_its_own():
    sites = [at(45 * (n % 6), 50 * (n // 6), 40, estate="大园", key=f"a{n}") for n in range(24)]
    grids = find(sites)
    assert len(grids) == 3
    assert all(240 <= size <= 400 for size in sizes(sites, grids))


def test_a_building_larger_than_a_grid_is_one_by_itself():
    tower = at(500, 0, 900, key="tower")
    sites = [at(50 * n, 0, 30) for n in range(10)] + [tower]
    grids = find(sites)
    assert [10] in grids
    assert sizes(sites, [grid for grid in grids if grid != [10]]) == [300]


@pytest.mark.parametrize(
    "sites",
    [
        [at(0, 0)],
        [at(0, 0, key="a"), at(0, 0, key="b")],
        [at(10 * n, 0, key=str(n)) for n in range(30)],
        [at(0, 0, key=str(n)) for n in range(30)],
        [at(40 * n, 0, 0, key=str(n)) for n in range(12)],
        [at(0, 0, key="a"), at(90_000, 90_000, key="b")],
    ],
    ids=["one", "two at one spot", "in a row", "all at one spot", "of no household", "far apart"],
)
def test_whatever_stands_where_each_building_is_in_one_grid(sites):
    grids = find(sites)
    assert sorted(one for grid in grids for one in grid) == list(range(len(sites)))
    cells = plan_ground.cells(plan_ground.lay(sites))
    assert all(shape(json.loads(cell)).area > 0 for cell in cells)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 400), st.integers(0, 4)),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_any_town_is_divided_into_connected_grids(houses):
    sites = [
        at(east, north, households, key=str(n), estate=f"E{estate}" if estate else "")
        for n, (east, north, households, estate) in enumerate(houses)
    ]
    ground = plan_ground.lay(sites)
    grids = find(sites)
    near = plan_check._near(ground.edges)
    assert sorted(one for grid in grids for one in grid) == list(range(len(sites)))
    assert all(len(plan_check.pieces(grid, near)) == 1 for grid in grids)


def test_outlines_cover_the_ground_once_and_keep_to_the_community():
    sites = old_town()
    region = shape({"type": "Polygon", "coordinates": [[
        [119.119, 34.839], [119.13, 34.839], [119.13, 34.8475], [119.119, 34.8475], [119.119, 34.839],
    ]]})  # fmt: skip
    text = json.dumps(region.__geo_interface__)
    ground = plan_ground.lay(sites)
    cells = plan_ground.cells(ground, text)
    outlines = [boundaries.joined([cells[one] for one in grid]) for grid in find(sites)]
    drawn = [shape(json.loads(one)) for one in outlines]
    whole = union_all(drawn)
    assert sum(one.area for one in drawn) == pytest.approx(whole.area, rel=1e-3)
    assert whole.difference(region.buffer(1e-6)).is_empty
    assert all(boundaries.is_sound(one) for one in outlines)


def test_what_has_no_position_stands_with_its_estate_or_is_named():
    sites = [
        at(0, 0, estate="E", key="a"), at(40, 0, estate="E", key="b"),
        Site(key="c", households=20, estate="E"), Site(key="d", households=20),
    ]  # fmt: skip
    placed, lost = plan_ground.place(sites)
    assert [one.key for one in placed] == ["a", "b", "c"]
    assert placed[2].lon == pytest.approx((placed[0].lon + placed[1].lon) / 2)
    assert [one.key for one in lost] == ["d"]


@pytest.mark.parametrize(
    ("name", "street"),
    [("红旗路12号楼", "红旗路"), ("黄海大街3号", "黄海大街"), ("文化巷甲1号", "文化巷"),
     ("3号楼", ""), ("供销社宿舍", ""), ("人民大道8号", "人民大道")],
)  # fmt: skip
def test_a_buildings_name_tells_its_street(name, street):
    assert plan_ground.street_of(name) == street


def test_a_grid_goes_on_as_the_one_it_has_most_of():
    sites = [at(50 * n, 0, grid="west" if n < 6 else "east", key=str(n)) for n in range(12)]
    west, east, middle = [0, 1, 2, 3], [8, 9, 10, 11], [4, 5, 6, 7]
    assert plan_match.match(sites, [west, middle, east]) == ["west", "", "east"]
    assert plan_match.match([at(0, 0)], [[0]]) == [""]


def spot(key: str, order: int, grid: str, households: int = 100, **facts) -> plan_check.Spot:
    return plan_check.Spot(key=key, order=order, households=households, grid=grid, **facts)


def kinds(*spots: plan_check.Spot, grids=("g", "h"), edges=((0, 1), (1, 2), (2, 3))) -> list[str]:
    return [one.kind for one in plan_check.check(spots, grids, edges, 300)]


def test_a_plan_that_holds_has_nothing_to_look_at():
    assert kinds(spot("a", 0, "g", 300), spot("b", 1, "h", 290)) == []


def test_a_plan_is_looked_over():
    assert kinds(spot("a", 0, "g", 300), spot("b", 1, ""), grids=("g",)) == ["loose"]
    assert "empty" in kinds(spot("a", 0, "g", 300))
    apart = kinds(spot("a", 0, "g", 200), spot("b", 1, "h", 300), spot("c", 2, "g"))
    assert apart == ["apart"]
    assert kinds(spot("a", 0, "g", 900), grids=("g",)) == ["giant"]
    assert kinds(spot("a", 0, "g", 200), spot("b", 1, "g", 250), grids=("g",)) == ["large"]
    assert kinds(spot("a", 0, "g", 90), grids=("g",)) == ["small"]
    assert kinds(spot("a", 0, "g", 300), spot("b", 1, "g", 0), grids=("g",)) == ["unknown"]
    cut = (spot("a", 0, "g", 150, estate="E"), spot("b", 1, "h", 150, estate="E"))
    assert "estate" in kinds(*cut)
    cut = (spot("a", 0, "g", 150, street="巷"), spot("b", 1, "h", 150, street="巷"))
    assert "street" in kinds(*cut)


def test_what_has_no_position_is_no_piece_of_its_own():
    away = spot("b", 9, "g", 100, has_place=False)
    assert kinds(spot("a", 0, "g", 200), away, grids=("g",)) == []
