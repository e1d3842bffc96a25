"""Who learns what: followers, people without the right, groups, whoever stands in, staff beside residents."""

from functools import partial
from types import SimpleNamespace

import pytest

from linli.cases.models import QueueTally
from linli.cases.selectors import queue as queues
from linli.cases.selectors import surroundings
from linli.cases.selectors.conditions import Question
from linli.cases.services import (
    bulk,
    closing,
    correcting,
    desk,
    following,
    handling,
    merging,
    telling,
)
from linli.cases.tests.makers import (
    DAY,
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
from linli.kernel.errors import NotAllowed
from linli.kernel.models import EventRow
from linli.messages.models import Delivery, Notice
from linli.people.tests.makers import sign_in
from linli.places import selectors as places
from linli.places.tests.makers import make_community
from linli.posts.tests import makers as posts_makers


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def deliver(now):
    with tenancy.all_tenants():
        worker.tick(now)


def follow(case, phone: str):
    return following.follow_case(
        case_id=case.pk,
        device="neighbour",
        phone=phone,
        consent_version="1",
        actor=reporter(case.tenant_id),
        now=MONDAY,
    )


def resolve(world, case):
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    return handling.resolve_case(
        case_id=case.pk, text="已清运。", actor=world.lin, now=MONDAY + HOUR
    )


def sent_to(phone: str) -> str:
    rows = Delivery.objects.filter(channel="sms").order_by("id")
    return "\n".join(row.text for row in rows if row.address == phone)


def test_who_met_the_same_thing_is_told_how_it_ends_without_the_reporters_secret(world):
    case = make_case(world)
    follow(case, "10099998888")
    resolve(world, case)
    deliver(MONDAY + HOUR)

    secret = telling.token_of(case)
    assert secret in sent_to("10012345678")
    assert sent_to("10099998888")
    assert secret not in sent_to("10099998888")


def test_a_merged_cases_reporter_gets_their_own_link_and_its_followers_none(world):
    first, second = make_case(world), make_case(world, phone="10087654321")
    follow(second, "10099998888")
    merging.merge_case(case_id=second.pk, into_id=first.pk, actor=world.desk, now=MONDAY)
    resolve(world, first)
    deliver(MONDAY + HOUR)

    assert telling.token_of(second) in sent_to("10087654321")
    assert "/c/" not in sent_to("10099998888")
    assert sent_to("10099998888")


def test_who_stands_in_hears_of_what_the_absent_colleague_had_in_hand(world):
    case = make_case(world)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    case = handling.take_case(case_id=case.pk, actor=world.lin, now=MONDAY)
    away, stand_in = (posts_makers.account_of(one) for one in (world.lin, world.desk))
    posts_makers.stand_in(world.grid_post, away, stand_in, MONDAY + HOUR, MONDAY + 9 * DAY)

    assert telling.handlers_of(case, MONDAY) == [world.lin.account_id]
    assert telling.handlers_of(case, MONDAY + DAY) == [world.desk.account_id]


def test_a_case_that_becomes_confidential_is_counted_where_it_is_now(world):
    case = make_case(world)
    secret = make_category("mediation", "邻里调解", is_confidential=True)
    correcting.correct_case(case_id=case.pk, category_id=secret.pk, actor=world.desk, now=MONDAY)
    closing.withdraw_case(token=telling.token_of(case), actor=reporter(case.tenant_id), now=MONDAY)
    deliver(MONDAY)

    rows = QueueTally.objects.values_list("state", "is_confidential", "count")
    assert {row for row in rows if row[2]} == {("withdrawn", True, 1)}


def test_a_bulk_action_says_nothing_of_cases_out_of_sight(world):
    secret = make_category("mediation", "邻里调解", is_confidential=True)
    hidden, seen = make_case(world, category_id=secret.pk), make_case(world)

    outcome = bulk.accept_many(case_ids=[hidden.pk, seen.pk], actor=world.desk, now=MONDAY)

    assert outcome.done == 1
    assert hidden.number not in str(outcome.refused)


def test_undone_in_bulk_a_returned_case_waits_for_arbitration_again(world):
    case = make_case(world)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    handling.return_case(case_id=case.pk, text="归城管。", actor=world.lin, now=MONDAY)
    done = bulk.assign_many(
        case_ids=[case.pk],
        post_id=world.grid_post.pk,
        organisation_id=None,
        actor=world.desk,
        now=MONDAY,
    )

    bulk.undo_bulk(action_id=done.action_id, actor=world.desk, now=MONDAY)
    case.refresh_from_db()

    assert (case.state, case.is_in_arbitration) == ("accepted", True)


def test_a_confidential_case_is_told_of_without_its_words_and_to_its_posts_alone(world):
    secret = make_category("mediation", "邻里调解", is_confidential=True)
    duties = (*LEAD, "cases.confidential")
    mediator = make_staff("田禾", make_post("mediator", world.community, duties))
    case = make_case(world, category_id=secret.pk)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=mediator, now=MONDAY)
    handling.ask_suspension(
        case_id=case.pk,
        reason="妻子住院，等出院再谈",
        until=MONDAY + 9 * DAY,
        actor=world.lin,
        now=MONDAY,
    )
    desk.answer_reporter(case_id=case.pk, text="您和妻子一起来。", actor=mediator, now=MONDAY)
    deliver(MONDAY)

    said = [*Notice.objects.values_list("title", "body"), *Delivery.objects.values_list("text")]
    assert "妻子" not in str(said)
    asked = Notice.objects.filter(event_name="cases.case.suspension_asked")
    assert {one.account_id for one in asked} == {mediator.account_id}


def test_a_contractor_sees_nothing_of_the_cases_beside_theirs(world):
    case, other = make_case(world), make_case(world)
    desk.assign_case(
        case_id=case.pk, organisation_id=world.property_company.pk, actor=world.desk, now=MONDAY
    )

    assert surroundings.similar_cases(case, world.desk) == [other]
    assert surroundings.similar_cases(case, world.manager) == []


def test_staff_do_not_answer_the_two_questions_for_the_reporter(world):
    case = make_case(world)
    resolve(world, case)
    browser = sign_in(world.desk.account_id, world.desk.tenant_id)

    answer = browser.post(
        f"/c/{telling.token_of(case)}/rating/", {"is_solved": "yes", "satisfaction": "3"}
    )

    assert answer.status_code == 409
    assert not EventRow.objects.filter(subject_id=case.pk, name="cases.case.closed").exists()


def test_a_grid_workers_search_is_not_crowded_out_by_other_communities(world, monkeypatch):
    case = make_case(world)
    far = make_community("东区社区", "659004003009")
    make_case(world, where=places.where_of(community_id=far.pk))
    deliver(MONDAY)
    monkeypatch.setattr(queues, "find_ids", partial(queues.find_ids, most=1))

    page = queues.queue(Question(words="垃圾"), world.lin, MONDAY)

    assert [row.pk for row in page.cases] == [case.pk]


def test_a_place_in_another_community_takes_the_duty_there_too(world):
    case, elsewhere = make_case(world), make_community("佳运社区", "659004003009")
    where = places.where_of(community_id=elsewhere.pk)

    with pytest.raises(NotAllowed):
        correcting.correct_case(case_id=case.pk, where=where, actor=world.desk, now=MONDAY)

    above = make_post("subdistrict", elsewhere.parent, ("cases.view", "cases.dispatch"))
    both = make_staff("乔峻", above)
    moved = correcting.correct_case(case_id=case.pk, where=where, actor=both, now=MONDAY)
    assert moved.community_id == elsewhere.pk
    twin = make_community(elsewhere.name, "659004003010")  # its places are called the same
    where = places.where_of(community_id=twin.pk)
    moved = correcting.correct_case(case_id=case.pk, where=where, actor=both, now=MONDAY)
    assert moved.community_id == twin.pk
    deliver(MONDAY)
    counted = QueueTally.objects.exclude(count=0).values_list("community_id", "count")
    assert list(counted) == [(twin.pk, 1)]
