"""What hardly any case has is looked for among the newest first, and further back where one asks."""

from types import SimpleNamespace

import pytest

from linli.cases.models import Case
from linli.cases.selectors import queue as queues
from linli.cases.selectors import reach
from linli.cases.selectors.conditions import Question
from linli.cases.services import indexing
from linli.cases.services.ladder import supervise_case
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_neighbourhood
from linli.kernel import worker
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home, monkeypatch) -> SimpleNamespace:
    """Eight cases whose oldest is supervised; two are looked at first, then four, then the rest."""
    monkeypatch.setattr(reach, "REACH", 2)
    monkeypatch.setattr(reach, "_FURTHER", 2)
    town = make_neighbourhood()
    town.cases = [make_case(town, at=MONDAY + n * HOUR) for n in range(8)]
    supervise_case(case_id=town.cases[0].pk, text="盯住。", actor=town.lead, now=MONDAY + DAY)
    worker.tick(MONDAY + DAY)  # the tallies know how many there are
    return town


def looks(world, actor, **asked) -> list[tuple[list[Case], int]]:
    found, after = [], ""
    while True:
        page = queues.queue(Question(tab="all", after=after, **asked), actor, MONDAY + DAY)
        found.append(([row.pk for row in page.cases], page.looked))
        after = page.next_after
        if not after:
            return found


def test_two_presses_reach_the_oldest_case(world):
    oldest = [world.cases[0].pk]
    for actor in (world.desk, world.lead):
        assert looks(world, actor, mark="supervised") == [([], 2), ([], 4), (oldest, 0)]
    # Without a condition the newest are simply there, as is what few cases have in their hands.
    everything = [case.pk for case in reversed(world.cases)]
    assert looks(world, world.desk) == [(everything, 0)]
    in_grid = Question(tab="all", mark="supervised", grid_id=world.grid.pk)
    assert [row.pk for row in queues.queue(in_grid, world.desk, MONDAY).cases] == oldest


def test_a_full_page_goes_on_where_it_ended(world, monkeypatch):
    monkeypatch.setattr(queues, "PAGE_SIZE", 1)
    ids = [case.pk for case in reversed(world.cases)]
    found = looks(world, world.desk, category_id=world.category.pk)
    assert [pk for page, _looked in found for pk in page] == ids


def test_words_that_many_have_are_looked_for_in_the_same_way(world, monkeypatch):
    indexing.index_cases([case.pk for case in world.cases])
    monkeypatch.setattr(queues, "MOST", 2)
    monkeypatch.setattr(
        queues, "find_ids", lambda *_words, **_where: [one.pk for one in world.cases[:-3:-1]]
    )
    oldest = [world.cases[0].pk]
    found = looks(world, world.desk, words="垃圾", mark="supervised")
    assert found == [([], 2), ([], 4), (oldest, 0)]


def test_the_page_says_how_far_it_looked_and_offers_to_look_further(world):
    desk = sign_in(world.desk.account_id, world.desk.tenant_id)
    page = desk.get("/desk/cases/?tab=all&mark=supervised").content.decode()
    assert "往前找了 2 件，没有符合条件的。" in page
    assert "再往前找" in page
    assert "再往前找" not in desk.get("/desk/cases/?mark=supervised").content.decode()
    assert desk.get("/desk/cases/?tab=all&mark=supervised&after=x~²").status_code == 200
