"""A promise moved to another day: asked with a reason, decided by somebody else, told to everybody."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from linli.cases.models import Case, Extension, ServiceLevel
from linli.cases.selectors import attention
from linli.cases.selectors.queue import Question, queue
from linli.cases.selectors.reading import timeline
from linli.cases.services import clocks, closing, desk, extending, handling, reviewing, telling
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_neighbourhood
from linli.cases.views.desk import asked_question
from linli.clients.services import open_door
from linli.clients.tests.makers import make_key
from linli.kernel import calendar, clock, tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, Conflict, DomainError, NotAllowed
from linli.kernel.models import EventRow
from linli.messages.models import Notice
from linli.people.tests.makers import sign_in
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def in_hand(world) -> Case:
    case = make_case(world)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    return handling.take_case(case_id=case.pk, actor=world.lin, now=MONDAY + HOUR)


def ask(world, case, *, until=None, now=MONDAY + 2 * HOUR, reason="配件要从外地发来"):
    until = until or case.resolve_due_at + 7 * DAY
    return extending.ask_extension(
        case_id=case.pk, reason=reason, until=until, actor=world.lin, now=now
    )


def decide(world, case, *, is_approved=True, note="", actor=None, now=MONDAY + 3 * HOUR):
    return extending.decide_extension(
        case_id=case.pk, is_approved=is_approved, note=note, actor=actor or world.lead, now=now
    )


def test_the_promise_moves_only_with_somebody_elses_approval_and_keeps_the_first(world):
    case = in_hand(world)
    first = case.resolve_due_at

    case = ask(world, case)
    assert (case.resolve_due_at, case.due_at) == (first, first)  # until then it holds
    with pytest.raises(NotAllowed):
        decide(world, case, actor=world.lin)

    case = decide(world, case)
    assert case.resolve_due_at == case.due_at == first + 7 * DAY
    assert case.first_resolve_due_at == first
    assert case.extension_asked_at is None


def test_whoever_asked_never_decides(world):
    case = in_hand(world)
    extending.ask_extension(
        case_id=case.pk,
        reason="等配件",
        until=case.resolve_due_at + DAY,
        actor=world.lead,
        now=MONDAY + HOUR,
    )

    with pytest.raises(DomainError, match="别人"):
        decide(world, case)


def test_whoever_asked_does_not_decide_through_a_key_of_their_own(world):
    (post_id,) = world.lead.post_ids
    for duty in ("clients.manage", "cases.dispatch"):
        PostDuty.objects.get_or_create(post_id=post_id, duty=duty)
    lead = actor_of(world.lead.account_id, MONDAY)
    duties = ("cases.view", "cases.dispatch", "cases.approve")
    one, other = (
        open_door(make_key(lead, world.community, duties).text, clock.now()).actor
        for _number in range(2)
    )
    case = in_hand(world)
    asked = {"case_id": case.pk, "reason": "等配件", "until": case.resolve_due_at + DAY}
    for asker, decider in ((lead, one), (one, lead), (one, other)):
        extending.ask_extension(**asked, actor=asker, now=MONDAY + HOUR)
        with pytest.raises(DomainError, match="别人"):
            decide(world, case, actor=decider)
        Extension.objects.all().delete()
        Case.objects.update(extension_asked_at=None)
    ask(world, case)
    decide(world, case, actor=one)
    assert Extension.objects.get().decided_by == one.client_id


def test_the_reporter_reads_why_and_staff_are_told_to_decide(world):
    case = in_hand(world)
    ask(world, case)
    decide(world, case)
    with tenancy.all_tenants():
        worker.tick(MONDAY + 3 * HOUR)

    lines = timeline(Case.objects.get(pk=case.pk), for_staff=False)
    assert (str(lines[0].title), lines[0].text) == ("约定的时间往后延了", "配件要从外地发来")
    told = Notice.objects.filter(event_name="cases.case.extension_asked")
    assert [notice.account_id for notice in told] == [world.lead.account_id]
    assert "配件要从外地发来" in told[0].body


def test_solved_after_the_first_promise_counts_both_ways(world):
    case = decide(world, ask(world, in_hand(world)))
    late = case.first_resolve_due_at + DAY

    handling.resolve_case(case_id=case.pk, text="换好了。", actor=world.lin, now=late)
    closing.rate_case(
        token=telling.token_of(case),
        is_solved=True,
        satisfaction=3,
        comment="",
        actor=reporter(case.tenant_id),
        now=late + HOUR,
    )

    for name in ("cases.case.resolved", "cases.case.closed"):
        facts = EventRow.objects.get(name=name).data
        assert (facts["is_in_time"], facts["is_in_first_time"]) == (True, False)


def test_a_refusal_needs_a_word_and_leaves_the_promise(world):
    case = ask(world, in_hand(world))
    first = case.resolve_due_at

    with pytest.raises(BadInput):
        decide(world, case, is_approved=False)
    case = decide(world, case, is_approved=False, note="仓库里还有一个，先用上。")

    assert (case.resolve_due_at, case.first_resolve_due_at) == (first, None)
    assert Extension.objects.get().state == "refused"


def test_it_is_asked_in_time_once_and_not_further_than_the_service_level_allows(world):
    case = in_hand(world)
    with pytest.raises(BadInput) as refusal:
        ask(world, case, until=case.resolve_due_at + 16 * DAY)
    assert refusal.value.field == "until"
    with pytest.raises(BadInput):
        ask(world, case, until=case.resolve_due_at)
    with pytest.raises(BadInput):
        ask(world, case, reason=" ")
    with pytest.raises(DomainError, match="已经过了"):
        ask(world, case, now=case.resolve_due_at + HOUR)

    ask(world, case)
    with pytest.raises(Conflict):
        ask(world, case)
    case = decide(world, case)
    with pytest.raises(DomainError, match="不能再延"):
        ask(world, case, until=case.resolve_due_at + DAY)


def test_where_the_service_level_says_never_it_is_never(world):
    ServiceLevel.objects.update(extension_times=0)

    with pytest.raises(DomainError, match="不能延期"):
        ask(world, in_hand(world))


def test_one_request_waits_at_a_time(world):
    case = ask(world, in_hand(world))

    with pytest.raises(Conflict):
        handling.ask_suspension(
            case_id=case.pk, reason="等", until=MONDAY + 9 * DAY, actor=world.lin, now=MONDAY + HOUR
        )


def test_an_extended_promise_moves_with_a_stop_and_not_back_with_the_calendar(world):
    case = decide(world, ask(world, in_hand(world)))
    first, moved = case.first_resolve_due_at, case.resolve_due_at
    calendar.forget()
    clocks.move_deadlines(case_id=case.pk, now=MONDAY + 4 * HOUR)
    case.refresh_from_db()
    assert (case.first_resolve_due_at, case.resolve_due_at) == (first, moved)

    handling.ask_suspension(
        case_id=case.pk,
        reason="等雨停",
        until=MONDAY + 7 * DAY,
        actor=world.lin,
        now=MONDAY + 4 * HOUR,
    )
    handling.decide_suspension(
        case_id=case.pk, is_approved=True, note="", actor=world.lead, now=MONDAY + 5 * HOUR
    )
    clocks.check_due_cases(MONDAY + 7 * DAY)

    case.refresh_from_db()
    assert case.first_resolve_due_at - first == case.resolve_due_at - moved > timedelta()


def test_solving_it_settles_a_request_that_still_waits(world):
    case = ask(world, in_hand(world))

    case = handling.resolve_case(
        case_id=case.pk, text="办好了。", actor=world.lin, now=MONDAY + 3 * HOUR
    )

    assert (case.extension_asked_at, Extension.objects.get().state) == (None, "ended")


def test_the_lead_finds_what_waits_and_decides_on_the_page(world):
    case = ask(world, in_hand(world))
    waiting = queue(Question(mark="extension"), world.lead, MONDAY + 2 * HOUR)
    assert [row.pk for row in waiting.cases] == [case.pk]
    counts = attention.attention(world.lead, MONDAY + 2 * HOUR)
    assert counts["extension"] == 1

    assert asked_question(RequestFactory().get("/?mark=review")).tab == "declined"
    page = sign_in(world.lead.account_id, case.tenant_id)
    shown = page.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "申请延期到" in shown
    assert "审批延期" in shown


def decline(world, *, days=30, now=MONDAY):
    return desk.decline_case(
        case_id=make_case(world).pk,
        decline=desk.Decline(
            reason="树在产权线外。",
            rule="城市绿化条例",
            alternative="可以找园林处。",
            review_on=(MONDAY + days * DAY).date(),
        ),
        actor=world.desk,
        now=now,
    )


def test_a_declined_case_comes_back_on_its_day_and_stays_until_somebody_looked_again(world):
    case = decline(world)
    due = Question(tab="declined", mark="review")
    assert queue(due, world.desk, MONDAY + DAY).cases == []

    later = MONDAY + 30 * DAY + HOUR
    clocks.check_due_cases(later)
    assert [row.pk for row in queue(due, world.desk, later).cases] == [case.pk]
    assert attention.review_count(world.desk) == 1

    case = reviewing.renew_decline(
        case_id=case.pk,
        text="规划还没有批下来。",
        review_on=(MONDAY + 90 * DAY).date(),
        actor=world.desk,
        now=later,
    )
    assert queue(due, world.desk, later).cases == []
    assert case.check_at is not None
    assert (case.state, timeline(case, for_staff=False)[0].text) == (
        "declined",
        "规划还没有批下来。",
    )


def test_a_review_can_take_the_case_on_after_all(world):
    case = decline(world)
    later = MONDAY + 30 * DAY + HOUR
    clocks.check_due_cases(later)

    case = desk.accept_case(case_id=case.pk, actor=world.desk, now=later)

    assert (case.state, case.review_due_at) == ("accepted", None)


def test_a_review_needs_a_later_day(world):
    with pytest.raises(BadInput):
        reviewing.renew_decline(
            case_id=decline(world).pk,
            text="还不行。",
            review_on=MONDAY.date(),
            actor=world.desk,
            now=MONDAY + HOUR,
        )
    # One in the morning here is still the day before in UTC.
    with pytest.raises(BadInput):
        decline(world, days=1, now=MONDAY + 16 * HOUR)
