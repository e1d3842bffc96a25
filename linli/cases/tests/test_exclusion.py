"""What does not count in the official rates: with a reason and a second name, and back again."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from linli.cases.models import Case, Exclusion
from linli.cases.selectors import followups
from linli.cases.services import excluding
from linli.cases.tests.makers import (
    DAY,
    LEAD,
    MONDAY,
    make_case,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.cases.tests.test_followups import closed
from linli.kernel.actor import Grant
from linli.kernel.errors import BadInput, Conflict, DomainError, NotAllowed
from linli.kernel.models import EventRow


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    world = make_neighbourhood()
    second = make_post("lead", world.community, LEAD, name="副书记", code="second")
    return SimpleNamespace(**vars(world), second=make_staff("孟洁", second))


def ask(world, case, actor=None):
    return excluding.ask_exclusion(
        case_id=case.pk,
        reason="demand",
        text="要求把别人家的树砍掉。",
        actor=actor or world.desk,
        now=MONDAY + 2 * DAY,
    )


def decide(case, actor, *, is_approved=True, note=""):
    return excluding.decide_exclusion(
        case_id=case.pk, is_approved=is_approved, note=note, actor=actor, now=MONDAY + 3 * DAY
    )


def test_a_case_is_left_out_only_with_a_reason_and_a_second_name(world):
    case = closed(world)
    with pytest.raises(BadInput):
        excluding.ask_exclusion(
            case_id=case.pk, reason="", text="不合理", actor=world.desk, now=MONDAY + 2 * DAY
        )
    ask(world, case, world.lead)
    assert not Case.objects.get().is_excluded  # until somebody else agrees

    with pytest.raises(DomainError, match="别人"):
        decide(case, world.lead)
    with pytest.raises(NotAllowed):
        decide(case, world.desk)
    decide(case, world.second)

    assert Case.objects.get().is_excluded
    row = Exclusion.objects.get()
    assert row.asked_by == world.lead.account_id
    assert row.decided_by == world.second.account_id
    assert EventRow.objects.get(name="cases.case.excluded").data["reason"] == "demand"


def test_a_confidential_case_is_listed_only_for_who_may_see_it_there(world):
    ask(world, closed(world))
    Case.objects.update(is_confidential=True)
    for path, shown in ((world.community.path, 1), ("999999/", 0)):
        right = Grant("cases.confidential", path)
        somebody = replace(world.lead, grants=(*world.lead.grants, right))
        assert len(followups.exclusions(somebody)) == shown
    assert followups.exclusions(world.lead) == []


def test_whoever_handled_it_does_not_put_the_second_name(world):
    case = closed(world)
    Case.objects.update(handler_account_id=world.second.account_id)
    ask(world, case)

    with pytest.raises(DomainError, match="经手"):
        decide(case, world.second)


def test_a_refusal_keeps_it_counted_and_it_can_be_asked_again(world):
    case = closed(world)
    ask(world, case)
    with pytest.raises(Conflict):
        ask(world, case)
    with pytest.raises(BadInput):
        decide(case, world.second, is_approved=False)

    decide(case, world.second, is_approved=False, note="诉求是合理的。")

    assert not Case.objects.get().is_excluded
    ask(world, case)


def test_an_excluded_case_can_count_again(world):
    case = closed(world)
    ask(world, case)
    decide(case, world.second)

    excluding.include_case(
        case_id=case.pk, text="复核后认为合理。", actor=world.lead, now=MONDAY + 4 * DAY
    )

    assert not Case.objects.get().is_excluded
    assert EventRow.objects.filter(name="cases.case.included").exists()
    with pytest.raises(DomainError):
        excluding.include_case(
            case_id=case.pk, text="再来。", actor=world.lead, now=MONDAY + 4 * DAY
        )


def test_what_is_still_being_done_counts_as_it_is(world):
    with pytest.raises(DomainError):
        ask(world, make_case(world))
