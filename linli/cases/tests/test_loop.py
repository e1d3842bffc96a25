"""The closed loop as a story: reported, accepted, assigned, taken, resolved, rated; or sent back
up.
"""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from linli.cases import selectors
from linli.cases.errors import IllegalMove, StaleCase
from linli.cases.models import Case, Lateness
from linli.cases.selectors.conditions import Question
from linli.cases.selectors.queue import queue
from linli.cases.selectors.reading import find_by_number, timeline
from linli.cases.services import bulk, clocks, closing, desk, handling, merging, telling, told
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_category, make_neighbourhood
from linli.kernel import tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.models import EventRow


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def deliver(now):
    with tenancy.all_tenants():
        worker.tick(now)


def resolved(world, at=MONDAY) -> Case:
    case = make_case(world, at=at)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=at + HOUR)
    handling.take_case(case_id=case.pk, actor=world.lin, now=at + 2 * HOUR)
    return handling.resolve_case(
        case_id=case.pk, text="已清运，并加了一个桶。", actor=world.lin, now=at + 4 * HOUR
    )


def rate(case, world, *, is_solved=True, satisfaction=3, at=MONDAY + DAY):
    return closing.rate_case(
        token=telling.token_of(case),
        is_solved=is_solved,
        satisfaction=satisfaction,
        comment="",
        actor=reporter(case.tenant_id),
        now=at,
    )


def test_a_report_gets_a_number_a_promise_and_a_place_in_the_queue(world):
    case = make_case(world)

    assert case.state == "reported"
    assert case.grid_id == world.grid.pk
    assert case.due_at == case.respond_due_at == MONDAY + 2 * HOUR
    assert [row.pk for row in queue(Question(), world.desk, MONDAY).cases] == [case.pk]
    assert find_by_number(case.number, "5678") == case
    assert find_by_number(case.number, "0000") is None


def test_the_same_key_makes_one_case(world):
    first = make_case(world, key="one")
    again = make_case(world, key="one")

    assert first.pk == again.pk
    assert Case.objects.count() == 1


def test_the_loop_ends_with_the_residents_word(world):
    case = rate(resolved(world), world)

    assert (case.state, case.is_solved, case.satisfaction) == ("closed", True, 3)
    names = list(
        EventRow.objects.filter(subject_id=case.pk).order_by("id").values_list("name", flat=True)
    )
    assert names == [
        "cases.case.reported",
        "cases.case.assigned",
        "cases.case.taken",
        "cases.case.resolved",
        "cases.case.closed",
    ]


def test_dissatisfied_means_reopened_one_level_up_in_the_hands_of_a_person(world):
    case = rate(resolved(world), world, is_solved=True, satisfaction=1)

    assert case.state == "assigned"
    assert case.level == "community"
    assert case.handler_post.name == "社区书记"
    assert case.reopen_count == 1
    assert case.responded_at is None
    assert case.due_at > MONDAY + DAY


def test_silence_closes_and_counts_as_unrated(world):
    case = resolved(world)
    event = EventRow.objects.get(name="cases.case.resolved")
    facts = told.Step(event=event, case=case, desks=told.Desks()).facts
    assert facts["until"] == "3 月 9 日（周一）13:00"  # silence_days after it was done

    clocks.check_due_cases(MONDAY + 20 * DAY)
    case.refresh_from_db()

    assert (case.state, case.is_closed_by_silence, case.is_solved) == ("closed", True, None)


def test_what_nobody_takes_goes_amber_red_and_up_each_once(world):
    case = make_case(world)

    for at in (1.6, 1.7, 2.1, 2.2, 27, 28):
        clocks.check_due_cases(MONDAY + at * HOUR)
    case.refresh_from_db()

    names = list(
        EventRow.objects.filter(subject_id=case.pk).order_by("id").values_list("name", flat=True)
    )
    assert names == [
        "cases.case.reported",
        "cases.case.due_soon",
        "cases.case.late",
        "cases.case.escalated",
    ]
    assert (case.lateness, case.level) == (Lateness.ESCALATED, "community")


def test_deadlines_that_passed_while_the_worker_was_down_are_caught_up_once(world):
    case = make_case(world)

    clocks.check_due_cases(MONDAY + 10 * DAY)
    clocks.check_due_cases(MONDAY + 10 * DAY)

    names = list(
        EventRow.objects.filter(subject_id=case.pk).order_by("id").values_list("name", flat=True)
    )
    assert names == ["cases.case.reported", "cases.case.late", "cases.case.escalated"]


def test_a_case_returned_as_not_theirs_waits_for_arbitration_with_the_clock_running(world):
    case = make_case(world)
    desk.assign_case(
        case_id=case.pk, organisation_id=world.property_company.pk, actor=world.desk, now=MONDAY
    )
    assert selectors.get_case(case.pk, world.manager).handler_organisation.name == "安居物业"

    case = handling.return_case(
        case_id=case.pk, text="公共道路，归城管。", actor=world.manager, now=MONDAY + HOUR
    )

    assert (case.state, case.is_in_arbitration, case.handler_organisation_id) == (
        "accepted",
        True,
        None,
    )
    with pytest.raises(NotFound):
        selectors.get_case(case.pk, world.manager)


def test_the_clock_stands_still_only_with_somebody_elses_approval(world):
    case = make_case(world)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    handling.take_case(case_id=case.pk, actor=world.lin, now=MONDAY)
    before = Case.objects.get(pk=case.pk).resolve_due_at
    handling.ask_suspension(
        case_id=case.pk, reason="等配件", until=MONDAY + 7 * DAY, actor=world.lin, now=MONDAY
    )

    case = handling.decide_suspension(
        case_id=case.pk, is_approved=True, note="", actor=world.lead, now=MONDAY + HOUR
    )
    assert (case.state, case.due_at) == ("suspended", None)

    clocks.check_due_cases(MONDAY + 7 * DAY)
    case.refresh_from_db()
    assert case.state == "in_hand"
    assert case.resolve_due_at == before + 7 * DAY


def test_declining_needs_reason_rule_alternative_and_review_date(world):
    case = make_case(world)
    whole = desk.Decline(
        reason="私家花园不归社区管。",
        rule="物业管理条例第五十二条",
        alternative="可以找业委会商量。",
        review_on=(MONDAY + 90 * DAY).date(),
    )

    with pytest.raises(BadInput):
        desk.decline_case(
            case_id=case.pk,
            decline=desk.Decline(reason="不行", rule="", alternative="", review_on=None),
            actor=world.desk,
            now=MONDAY,
        )
    case = desk.decline_case(case_id=case.pk, decline=whole, actor=world.desk, now=MONDAY)

    assert case.state == "declined"


def test_two_reports_of_one_thing_become_one_and_both_are_told(world):
    first, second = make_case(world), make_case(world, phone="10087654321")

    merging.merge_case(case_id=second.pk, into_id=first.pk, actor=world.desk, now=MONDAY)
    first.refresh_from_db()
    assert first.follower_count == 1

    merging.unmerge_case(case_id=second.pk, actor=world.desk, now=MONDAY)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.follower_count, second.state) == (0, "accepted")


def test_many_are_assigned_at_once_and_the_whole_is_undone(world):
    cases = [make_case(world) for _ in range(3)]

    outcome = bulk.assign_many(
        case_ids=[case.pk for case in cases],
        post_id=world.grid_post.pk,
        organisation_id=None,
        actor=world.desk,
        now=MONDAY,
    )
    assert outcome.done == 3
    assert {case.state for case in Case.objects.all()} == {"assigned"}

    facts = {"action_id": outcome.action_id, "now": MONDAY}
    with pytest.raises(NotAllowed):  # whose duty has ended since
        bulk.undo_bulk(actor=replace(world.desk, grants=()), **facts)
    bulk.undo_bulk(actor=world.desk, **facts)
    assert {case.state for case in Case.objects.all()} == {"reported"}


def test_a_confidential_case_is_seen_only_by_its_posts(world):
    secret = make_category("mediation", "邻里调解", is_confidential=True)
    case = make_case(world, category_id=secret.pk)

    with pytest.raises(NotFound):
        selectors.get_case(case.pk, world.desk)
    assert queue(Question(), world.desk, MONDAY).cases == []


def test_whoever_finishes_it_herself_has_it_for_nobody_elses_reason(world):
    case, other = make_case(world), make_case(world)
    for one in (case, other):
        desk.assign_case(case_id=one.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
        Case.objects.filter(pk=one.pk).update(handler_reason="环境卫生 · 第三网格 → 网格员")

    done = {"text": "已清运。", "now": MONDAY + HOUR}
    mine = handling.resolve_case(case_id=case.pk, actor=world.desk, **done)
    theirs = handling.resolve_case(case_id=other.pk, actor=world.lin, **done)

    assert (mine.handler_account_id, mine.handler_reason) == (world.desk.account_id, "")
    assert (theirs.handler_account_id, theirs.handler_reason[:4]) == (
        world.lin.account_id,
        "环境卫生",
    )


def test_a_page_that_is_out_of_date_changes_nothing(world):
    case = make_case(world)
    desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY, version=1)

    with pytest.raises(StaleCase):
        desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY, version=1)
    with pytest.raises(IllegalMove):
        desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY)


def test_a_case_is_found_by_two_characters_its_number_and_the_phones_tail(world):
    case = make_case(world)
    make_case(world, text="路灯不亮了", phone="10011112222")
    deliver(MONDAY)

    for words in ("垃圾", "味道很大", case.number, "5678"):
        page = queue(Question(words=words, tab="all"), world.desk, MONDAY)
        assert [row.pk for row in page.cases] == [case.pk], words


def test_the_reporter_reads_every_step_in_plain_words(world):
    case = rate(resolved(world), world)

    titles = [str(line.title) for line in timeline(case, for_staff=False)]

    assert titles == [
        "已办结",
        "已办好，等您评价",
        "林岚开始处理",
        "已派给第一网格网格员",
        "您提交了问题",
    ]
