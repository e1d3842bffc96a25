"""What happens to cases is counted: by the day, at every level, once."""

from datetime import date, timedelta

import pytest

from linli.cases.services import closing, correcting, desk, handling
from linli.cases.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_case,
    make_category,
    make_neighbourhood,
)
from linli.indicators import selectors
from linli.indicators.services import counting
from linli.kernel import outbox, secrets, tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.models import EventRow, Tenant

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
def world(in_home):
    return make_neighbourhood()


def count():
    while outbox.deliver_events(MONDAY):
        pass


def test_a_new_case_is_received_and_in_hand_at_every_level(world):
    make_case(world)
    count()
    parts = world.grid.path.rstrip("/").split("/")
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth]) + "/"
        assert selectors.counts(path, FIRST, LAST)["received"] == 1, path
        assert selectors.now_counts(path) == {"in_hand": 1, "overdue": 0}


def test_rates_of_nothing_are_no_rates(world):
    rates = selectors.rates(world.community.path, FIRST, LAST)
    assert rates.resolution.raw.rate is None
    assert rates.resolution.raw.low is None
    assert rates.resolution.answers == 0


def test_a_case_that_is_answered_resolved_and_rated_counts_on_its_days(world):
    case = make_case(world)
    case = desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + HOUR)
    case = handling.resolve_case(
        case_id=case.pk, text="清走了，桶也换了。", actor=world.desk, now=MONDAY + DAY
    )
    rate(case, at=MONDAY + 2 * DAY)
    count()
    path, monday = world.community.path, date(2026, 3, 2)
    assert only(selectors.counts(path, monday, monday)) == {
        "received": 1, "answer_due": 1, "answered": 1, "official_answer_due": 1,
        "official_answered": 1, "finished": 1,
    }  # fmt: skip
    tuesday, wednesday = monday + timedelta(days=1), monday + timedelta(days=2)
    assert only(selectors.counts(path, tuesday, tuesday)) == {"resolved": 1, "in_time": 1}
    assert only(selectors.counts(path, wednesday, wednesday)) == {
        "closed": 1, "rated": 1, "solved": 1, "satisfied": 1, "official_rated": 1,
        "official_solved": 1, "official_satisfied": 1,
    }  # fmt: skip
    assert selectors.now_counts(path)["in_hand"] == 0
    assert 0.8 < selectors.median_days(path, FIRST, LAST) <= 1.0
    rates = selectors.rates(path, FIRST, LAST)
    assert (rates.resolution.raw.part, rates.resolution.answers) == (1, 1)
    assert rates.resolution.raw.low < 0.3  # one answer proves little


def test_a_corrected_category_and_place_take_their_numbers_along(world):
    other = make_category("noise", "噪音")
    case = make_case(world)
    count()
    correcting.correct_case(
        case_id=case.pk, category_id=other.pk, actor=world.desk, now=MONDAY + HOUR
    )
    count()
    assert received_by("category", world) == {"noise": 1}
    assert selectors.counts(world.community.path, FIRST, LAST)["received"] == 1


def test_a_declined_case_is_no_longer_in_hand(world):
    case = make_case(world)
    count()
    decline = desk.Decline(
        reason="不在职权内。", rule="条例第 3 条", alternative="找供电公司。",
        review_on=date(2026, 6, 1),
    )  # fmt: skip
    desk.decline_case(case_id=case.pk, decline=decline, actor=world.desk, now=MONDAY + HOUR)
    count()
    sums = selectors.counts(world.community.path, FIRST, LAST)
    assert (sums["declined"], sums["answered"]) == (1, 1)
    assert selectors.now_counts(world.community.path)["in_hand"] == 0


def test_a_late_answer_is_a_missed_answer_and_the_case_overdue(world):
    make_case(world)
    worker.tick(MONDAY + 5 * HOUR)
    sums = selectors.counts(world.community.path, FIRST, LAST)
    assert (sums["answer_due"], sums["answered"]) == (1, 0)
    assert selectors.now_counts(world.community.path) == {"in_hand": 1, "overdue": 1}
    assert selectors.rates(world.community.path, FIRST, LAST).response.raw.rate == 0.0


def test_a_clock_that_stands_still_is_not_late(world):
    case = make_case(world)
    worker.tick(MONDAY + 5 * HOUR)
    desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + 6 * HOUR)
    desk.assign_case(
        case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY + 6 * HOUR
    )
    worker.tick(MONDAY + 8 * DAY)
    assert selectors.now_counts(world.community.path) == {"in_hand": 1, "overdue": 1}
    handling.ask_suspension(
        case_id=case.pk, reason="等配件", until=MONDAY + 20 * DAY, actor=world.lin,
        now=MONDAY + 8 * DAY,
    )  # fmt: skip
    handling.decide_suspension(
        case_id=case.pk, is_approved=True, note="", actor=world.lead, now=MONDAY + 8 * DAY
    )
    count()
    assert selectors.now_counts(world.community.path) == {"in_hand": 1, "overdue": 0}


def test_an_event_that_comes_twice_counts_once(world):
    case = make_case(world)
    count()
    EventRow.objects.filter(subject_id=case.pk).update(delivered_at=None)
    count()
    assert selectors.counts(world.community.path, FIRST, LAST)["received"] == 1


def test_another_district_sees_none_of_it(world, abroad):
    make_case(world)
    count()
    with tenancy.tenant(abroad.pk):
        assert selectors.counts(world.community.path, FIRST, LAST)["received"] == 0


def test_counting_a_batch_asks_a_handful_of_times(world, django_assert_max_num_queries):
    cases = [make_case(world, phone=f"100{number:08d}") for number in range(20)]
    counting.count_cases([cases.pop().pk])
    with django_assert_max_num_queries(8):
        counting.count_cases(case.pk for case in cases)


def rate(case, *, is_solved=True, satisfaction=3, at):
    token = secrets.case_token(Tenant.objects.get(pk=case.tenant_id).code, case.pk, 1)
    closing.rate_case(
        token=token, is_solved=is_solved, satisfaction=satisfaction, comment="",
        actor=reporter(case.tenant_id), now=at,
    )  # fmt: skip


def only(sums):
    return {code: number for code, number in sums.items() if number}


def received_by(cut, world):
    found = selectors.counts_by(cut, world.community.path, FIRST, LAST)
    return {key: sums["received"] for key, sums in found.items() if sums["received"]}
