"""The lists of care read what they show and not the district: measured."""

from datetime import timedelta

import pytest
from django.db import connection

from linli.care.models import Alert, AlertTask, CareLevel, CareProfile, Visit
from linli.care.selectors import alerts, boards, history, lists
from linli.care.selectors import day as days
from linli.care.services import visiting
from linli.care.services.visiting import VisitSheet
from linli.cases.tests.makers import make_category, make_level, make_post, make_staff
from linli.kernel import clock
from linli.people.models import Person
from linli.places.models import AreaKind
from linli.places.tests.makers import (
    make_area,
    make_building,
    make_community,
    make_entrance,
    make_grid,
    make_home,
)
from tests import sqlguard
from tests.gates import test_plans as plans

COMMUNITIES, EACH = 24, 100
PEOPLE = COMMUNITIES * EACH
BIG = ("care_careprofile", "care_visit", "care_alerttask")
DUTIES = ("care.view", "care.visit", "care.manage")


@pytest.fixture
def district(in_home, monkeypatch):
    """Give a district in which many are looked after: a desk, a visitor, the district's own eyes."""
    monkeypatch.setattr(plans, "BIG", BIG)
    monkeypatch.setattr(plans, "MOST_ROWS", PEOPLE // 8)
    monkeypatch.setattr(plans, "MOST_STEPS", PEOPLE * 6)
    with sqlguard.off():
        grids = _grids()
        desk = make_staff("周敏", make_post("desk", grids[0].parent, DUTIES))
        post = make_post("grid_worker", grids[0], DUTIES, code="grid-1")
        other = make_post("grid_worker", grids[1], DUTIES, code="grid-2")
        eyes = make_staff("何青", make_post("district", grids[0].parent.parent, DUTIES))
        lin = make_staff("林岚", post)
        _people(grids, post, other)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    make_category("elder", "老人关怀", service_level=make_level(), is_confidential=True)
    return desk, lin, eyes


def _grids():
    first = make_community()
    top = make_area(AreaKind.SUBDISTRICT, "659004009", "北街", None)
    more = [
        make_area(AreaKind.COMMUNITY, f"6590040{number:05}", f"社区{number}", top)
        for number in range(COMMUNITIES - 1)
    ]
    return [make_grid(one, code=f"g{n}") for n, one in enumerate((first, *more))]


def _people(grids, post, other):
    now, today = clock.now(), clock.local(clock.now()).date()
    level = CareLevel.objects.create(code="weekly", name="每周看", every_days=7, risk=3)
    alert, elsewhere = (
        Alert.objects.create(
            kind="snow", area=grid.parent, area_path=grid.parent.path, area_name="x",
            starts_at=now - timedelta(hours=1), until=now + timedelta(days=1),
        )
        for grid in grids[:2]
    )  # fmt: skip
    persons, profiles, visits, tasks = [], [], [], []
    for grid in grids:
        building = make_building(grid.parent, grid=grid)
        home = make_home(make_entrance(building))
        for number in range(EACH):
            mine = post if grid is grids[0] and number < 30 else other
            due_on = today + timedelta(days=number % 30 - 5)
            person = Person(
                name="梅玉兰", name_hash="", home=home, building=building, community=grid.parent,
                source="desk", checked_at=now, created_at=now, updated_at=now,
            )  # fmt: skip
            profile = CareProfile(
                person=person, level=level, every_days=7, risk=3, post=mine, turn_post=mine,
                community=grid.parent, area_path=grid.path, building_id=building.pk, due_on=due_on,
                unseen_since=due_on - timedelta(days=7), started_at=now,
                ended_at=now if number % 10 == 9 else None,
                ended_reason="moved" if number % 10 == 9 else "",
            )  # fmt: skip
            persons.append(person)
            profiles.append(profile)
            here = grid is grids[0]
            on = alert if here else elsewhere
            tasks.append(AlertTask(alert=on, profile=profile, post_id=mine.pk, is_on=here))
            visits.append(
                Visit(profile=profile, outcome="safe", at=now - timedelta(days=9),
                      recorded_at=now, area_path=grid.path)
            )  # fmt: skip
    Person.objects.bulk_create(persons, batch_size=500)
    CareProfile.objects.bulk_create(profiles, batch_size=300)
    Visit.objects.bulk_create(visits, batch_size=500)
    AlertTask.objects.bulk_create(tasks, batch_size=500)


@pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="PostgreSQL rather reads so small a table whole than its index thirty times.",
)
def test_lists_days_and_boards_of_care_read_what_they_show(district):
    desk, lin, eyes = district
    now = clock.now()
    for tab in lists.TABS:
        for sort in ("due", "unseen"):
            with plans.frugal(f"desk, {tab} by {sort}"):
                lists.care_list(lists.Asked(tab=tab, sort=sort), desk, now, limit=10)
    for sort in ("due", "unseen"):
        with plans.frugal(f"district by {sort}"):
            page = lists.care_list(lists.Asked(tab="all", sort=sort), eyes, now, limit=10)
        with plans.frugal(f"district, next page by {sort}"):
            asked = lists.Asked(tab="all", sort=sort, after=page.next_after)
            lists.care_list(asked, eyes, now, limit=10)
    with plans.frugal("counts"):
        lists.counts(desk, now)
    with plans.frugal("rail"):
        lists.count_at_desk(desk)
    with plans.frugal("workload"):
        lists.workload(desk, now)
    with plans.frugal("a visitor's day"):
        found = days.day_of(lin, now)
    profile = found.today[0].profile
    with plans.frugal("history"):
        history.visits_of(profile)
    with plans.frugal("alerts"):
        (snow,) = alerts.alerts(desk, now, is_on=True)
    with plans.frugal("board"):
        boards.counts(snow.alert, desk)
        boards.rows_after(snow.alert, desk, "open", None, limit=10)
    with plans.frugal("a visit"):
        visiting.record_visit(
            profile_id=profile.pk, sheet=VisitSheet(outcome="safe"), key="1", at=now, actor=lin,
            now=now,
        )  # fmt: skip
