"""Follow-up calls: drawn by rule, made by others than the handler, beside the reporter's own words."""

from datetime import date
from types import SimpleNamespace

import pytest

from linli.cases import rules
from linli.cases.models import Case, FollowUp, FollowUpCall, FollowUpSample
from linli.cases.selectors import followups as selectors
from linli.cases.services import (
    closing,
    desk,
    followups,
    handling,
    sampling,
    telling,
)
from linli.cases.tests.makers import (
    DAY,
    DESK,
    HOUR,
    LEAD,
    MONDAY,
    make_case,
    make_category,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.kernel import tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, Conflict, DomainError, NotFound
from linli.kernel.models import EventRow

WEEK_ON = date(2026, 3, 2)
NEXT_MONDAY = MONDAY + 7 * DAY


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    world = make_neighbourhood()
    calls = (*DESK, "cases.follow_up")
    caller = make_post("desk", world.community, calls, name="回访岗", code="calls")
    second = make_post("lead", world.community, LEAD, name="副书记", code="second")
    return SimpleNamespace(
        **vars(world), caller=make_staff("程芳", caller), second=make_staff("孟洁", second)
    )


def closed(world, *, rated=True, **facts) -> Case:
    case = make_case(world, **facts)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    handling.take_case(case_id=case.pk, actor=world.lin, now=MONDAY + HOUR)
    handling.resolve_case(case_id=case.pk, text="清了。", actor=world.lin, now=MONDAY + 2 * HOUR)
    return closing.rate_case(
        token=telling.token_of(case),
        is_solved=True,
        satisfaction=3,
        comment="",
        actor=reporter(case.tenant_id),
        now=MONDAY + DAY,
    )


def one_to_call(world) -> FollowUp:
    closed(world)
    sampling.draw_last_week(NEXT_MONDAY)
    return FollowUp.objects.get()


def answer(followup, actor, **facts):
    usual = {"is_solved": True, "satisfaction": 3, "remarks": "", "now": NEXT_MONDAY + HOUR}
    return followups.record_answers(followup_id=followup.pk, actor=actor, **usual | facts)


def test_a_weeks_sample_is_drawn_once_by_share_and_anybody_can_draw_it_again(world):
    for number in range(12):
        closed(world, phone=f"100123456{number:02}")

    with tenancy.all_tenants():
        worker.tick(NEXT_MONDAY)
        worker.tick(NEXT_MONDAY + 2 * HOUR)

    sample = FollowUpSample.objects.get()
    assert (sample.population, sample.chosen) == (12, 3)  # 5 % are less than the least
    drawn = set(FollowUp.objects.values_list("case__number", flat=True))
    numbers = list(Case.objects.values_list("number", flat=True))
    assert drawn == set(rules.drawn(numbers, seed=str(WEEK_ON), size=3))
    assert sampling.is_reproducible(sample.pk)
    event = EventRow.objects.get(name="cases.followups.sampled")
    assert (event.data["population"], event.data["digest"]) == (12, sample.digest)


def test_a_category_or_an_organisation_may_have_another_share(world):
    light = make_category("light", "路灯")
    for number in range(4):
        closed(world, category_id=light.pk, phone=f"100123456{number:02}")
        closed(world, phone=f"100123457{number:02}")
    sampling.set_rule(
        category_id=light.pk,
        organisation_id=None,
        percent=100,
        least=0,
        actor=world.lead,
        now=MONDAY,
    )

    sampling.draw_week(week_on=WEEK_ON, now=NEXT_MONDAY)

    called = list(FollowUp.objects.values_list("case__category__code", flat=True))
    assert (called.count("light"), called.count("rubbish")) == (4, 3)
    assert all(sampling.is_reproducible(one.pk) for one in FollowUpSample.objects.all())


def test_who_left_no_phone_is_counted_and_not_drawn(world):
    closed(world, phone="")

    sampling.draw_week(week_on=WEEK_ON, now=NEXT_MONDAY)

    sample = FollowUpSample.objects.get()
    assert (sample.population, sample.without_phone, sample.chosen) == (0, 1, 0)


def test_a_sample_says_when_the_cases_are_not_the_same_any_more(world):
    followup = one_to_call(world)
    Case.objects.filter(pk=followup.case_id).update(is_excluded=True)

    assert not sampling.is_reproducible(followup.sample_id)


def test_the_answers_stand_beside_the_reporters_own(world):
    followup = one_to_call(world)

    answer(followup, world.caller, is_solved=False, satisfaction=2, remarks="第二天又满了")

    case = Case.objects.get()
    assert (case.is_solved, case.satisfaction, case.state) == (True, 3, "closed")
    followup.refresh_from_db()
    assert (followup.state, followup.is_solved, followup.satisfaction) == ("answered", False, 2)
    said = selectors.answers("", WEEK_ON, WEEK_ON)
    assert (said.answered, said.solved, said.satisfied, said.waiting) == (1, 0, 0, 0)
    event = EventRow.objects.get(name="cases.case.followed_up")
    assert (event.data["is_reached"], event.data["is_solved"]) == (True, False)


def test_whoever_handled_the_case_does_not_call(world):
    followup = one_to_call(world)
    both = make_post("grid_worker", world.community, ("cases.follow_up",), code="both")
    make_staff_too = make_staff("尚宁", both)
    Case.objects.update(handler_account_id=make_staff_too.account_id)

    with pytest.raises(DomainError, match="经手"):
        answer(followup, make_staff_too)
    with pytest.raises(NotFound):
        answer(followup, world.lin)  # without the duty there is nothing to see
    with pytest.raises(DomainError):
        followups.reveal_phone(followup_id=followup.pk, actor=make_staff_too, now=NEXT_MONDAY)


def test_a_case_that_became_confidential_is_nobodys_call_any_more(world):
    followup = one_to_call(world)
    Case.objects.update(is_confidential=True)

    assert selectors.followups(world.caller, "waiting") == []
    with pytest.raises(NotFound):
        followups.reveal_phone(followup_id=followup.pk, actor=world.caller, now=NEXT_MONDAY)


def test_two_colleagues_do_not_call_the_same_person_twice(world):
    followup = one_to_call(world)
    answer(followup, world.caller)

    with pytest.raises(Conflict):
        answer(followup, world.caller)


def test_after_some_calls_in_vain_it_is_given_up_and_counted_apart(world):
    followup = one_to_call(world)
    for hour in (1, 5):
        followups.record_attempt(
            followup_id=followup.pk,
            outcome="no_answer",
            actor=world.caller,
            now=NEXT_MONDAY + hour * HOUR,
        )
    followup.refresh_from_db()
    assert (followup.state, followup.attempts) == ("waiting", 2)

    followups.record_attempt(
        followup_id=followup.pk, outcome="no_answer", actor=world.caller, now=NEXT_MONDAY + DAY
    )

    followup.refresh_from_db()
    assert followup.state == "unreached"
    assert FollowUpCall.objects.count() == 3
    assert selectors.answers("", WEEK_ON, WEEK_ON).unreached == 1


def test_a_call_needs_both_answers(world):
    followup = one_to_call(world)

    with pytest.raises(BadInput) as refusal:
        answer(followup, world.caller, satisfaction=None)
    assert refusal.value.field == "satisfaction"
    with pytest.raises(BadInput):
        followups.record_attempt(
            followup_id=followup.pk, outcome="answered", actor=world.caller, now=NEXT_MONDAY
        )


def test_what_is_not_solved_can_be_done_again_and_the_rating_stays_the_reporters(world):
    followup = one_to_call(world)

    answer(followup, world.caller, is_solved=False, satisfaction=1, reopens=True)

    case = Case.objects.get()
    assert case.is_open
    assert case.reopen_count == 1
    reopened = EventRow.objects.get(name="cases.case.reopened")
    assert reopened.data["is_solved"] is None  # said on the phone, not rated


def test_the_phone_is_shown_to_the_caller_and_the_look_is_kept(world):
    followup = one_to_call(world)

    card = followups.reveal_phone(
        followup_id=followup.pk, actor=world.caller, now=NEXT_MONDAY + HOUR
    )

    assert card.phone == "10012345678"
    assert EventRow.objects.filter(name="people.contact.revealed").count() == 1
