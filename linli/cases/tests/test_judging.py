"""Suggestions come by themselves, change nothing, and learn from what staff find right."""

from types import SimpleNamespace

import pytest

from linli.cases.models import Case, Judgement, TrainingExample, Word
from linli.cases.selectors import judging
from linli.cases.services import correcting, desk, merging
from linli.cases.services import judging as judging_services
from linli.cases.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_case,
    make_category,
    make_neighbourhood,
)
from linli.kernel import jobs, outbox
from linli.kernel.errors import NotAllowed, NotFound
from linli.places import selectors as places
from linli.places.tests.makers import make_building

pytestmark = pytest.mark.django_db

LAMP = "3号楼2单元的楼道灯坏了三天，晚上一片黑，老人上下楼看不见"


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return with_kinds()


def with_kinds() -> SimpleNamespace:
    found = make_neighbourhood()
    found.lighting = make_category("lighting", "路灯楼道灯")
    found.trash = make_category("trash", "环境卫生类")
    found.parking = make_category("parking", "停车秩序")
    return found


def report(world, *, text, category, building=None, now=MONDAY) -> Case:
    building = building or world.building
    where = places.where_of(community_id=world.community.pk, building_id=building.pk)
    return make_case(world, at=now, text=text, category_id=category.pk, where=where)


def work(now=MONDAY):
    while outbox.deliver_events(now):
        pass
    jobs.run_jobs(now, is_external=True, limit=100)


def judged_of(case) -> Judgement:
    return Judgement.objects.get(case=case)


def test_a_new_case_gets_three_suggestions_and_keeps_its_category(world):
    case = report(world, text=LAMP, category=world.trash)
    work()
    judgement = judged_of(case)
    assert judgement.suggestions[0][0] == "lighting"
    assert len(judgement.suggestions) == 3
    assert judgement.is_sure
    assert judgement.word == Word.NONE
    assert Case.objects.get(pk=case.pk).category_id == world.trash.pk


def test_nothing_that_is_not_in_use_is_suggested(world):
    case = report(world, text="暖气不热，屋里只有十四度", category=world.trash)
    work()
    codes = {code for code, _mille in judged_of(case).suggestions}
    assert codes <= {"lighting", "trash", "parking", "rubbish"}


def test_what_says_nothing_is_left_to_people(world):
    case = report(world, text="你好，在吗", category=world.trash)
    work()
    assert not judged_of(case).is_sure


def test_judging_twice_judges_once(world):
    case = report(world, text=LAMP, category=world.trash)
    assert judging_services.judge_cases([case.pk], now=MONDAY) == 1
    assert judging_services.judge_cases([case.pk], now=MONDAY) == 0
    work()
    assert Judgement.objects.count() == 1


def test_the_same_thing_reported_before_is_found(world):
    first = report(world, text=LAMP, category=world.lighting)
    report(world, text="楼下垃圾桶满了没人清", category=world.trash)
    again = report(
        world, text="3号楼2单元楼道灯还是坏的，三天了，晚上一片黑", category=world.lighting
    )
    work()
    judgement = judged_of(again)
    assert judgement.earlier_id == first.pk
    assert judgement.earlier_percent >= 30
    assert judged_of(first).earlier_id is None


def test_the_same_words_about_another_building_are_another_thing(world):
    first = report(world, text="楼道灯坏了三天没人修", category=world.lighting)
    other = make_building(world.estate, name="9号楼", grid=world.grid)
    elsewhere = report(world, text="楼道灯坏了三天没人修", category=world.lighting, building=other)
    work()
    assert first.building_id != elsewhere.building_id
    assert judged_of(elsewhere).earlier_id is None


def test_words_that_name_another_building_are_another_thing(world):
    report(world, text="3号楼的楼道灯坏了三天没人修", category=world.lighting)
    again = report(world, text="5号楼的楼道灯坏了三天没人修", category=world.lighting)
    work()
    assert judged_of(again).earlier_id is None


def test_confidential_cases_are_neither_compared_nor_learnt(world):
    secret = make_category("dispute", "邻里纠纷", is_confidential=True)
    first = report(world, text="邻居天天骂我，想请人调解", category=secret)
    again = report(world, text="邻居天天骂我，想请人调解", category=secret)
    plain = report(world, text="邻居天天骂我，想请人调解", category=world.trash)
    work()
    assert judged_of(again).earlier_id is None
    assert judged_of(plain).earlier_id is None
    judging_services.keep_example(first, code="dispute", word=Word.AGREED, said_at=MONDAY)
    assert TrainingExample.objects.count() == 0


def test_what_was_long_ago_is_not_the_same(world):
    report(world, text=LAMP, category=world.lighting)
    later = report(world, text=LAMP, category=world.lighting, now=MONDAY + 40 * DAY)
    work()
    assert judged_of(later).earlier_id is None


def test_the_number_of_candidates_is_bounded(world, django_assert_max_num_queries):
    for number in range(60):
        report(world, text=f"{LAMP}{number}", category=world.lighting)
    last = report(world, text=LAMP, category=world.lighting)
    with django_assert_max_num_queries(2):
        found = judging.earlier_report(last, metres=150, days=30)
    assert found is not None
    assert found.is_likely


# ------------------------------------------------------------------------------- the staff's word
def test_accepting_as_it_is_agrees_or_not(world):
    agreed = report(world, text=LAMP, category=world.lighting)
    other = report(world, text=LAMP + "，还有味道", category=world.trash)
    work()
    for case in (agreed, other):
        desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + HOUR)
    work()
    assert judged_of(agreed).word == Word.AGREED
    assert judged_of(other).word == Word.OTHER
    assert judged_of(agreed).said_by == world.desk.account_id
    assert {row.code for row in TrainingExample.objects.all()} == {"lighting", "trash"}


def test_taking_a_suggestion_over_is_counted_and_learnt(world):
    case = report(world, text=LAMP + "，电话10012345678，我叫周小禾", category=world.trash)
    work()
    correcting.correct_case(
        case_id=case.pk, category_id=world.lighting.pk, actor=world.desk, now=MONDAY + HOUR
    )
    work()
    assert judged_of(case).word == Word.TAKEN
    example = TrainingExample.objects.get()
    assert example.code == "lighting"
    assert "10012345678" not in example.text
    assert "周小禾" not in example.text


def test_a_later_correction_has_the_last_word(world):
    case = report(world, text=LAMP, category=world.lighting)
    work()
    desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + HOUR)
    work()
    correcting.correct_case(
        case_id=case.pk, category_id=world.parking.pk, actor=world.desk, now=MONDAY + 2 * HOUR
    )
    work()
    assert judged_of(case).word == Word.OTHER
    assert TrainingExample.objects.get().code == "parking"


def test_another_place_or_urgency_says_nothing_about_the_category(world):
    case = report(world, text=LAMP, category=world.trash)
    work()
    correcting.correct_case(case_id=case.pk, is_urgent=True, actor=world.desk, now=MONDAY + HOUR)
    work()
    assert judged_of(case).word == Word.NONE


def test_doubts_are_kept_and_nothing_is_learnt_from_them(world):
    case = report(world, text=LAMP, category=world.lighting)
    work()
    desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + HOUR)
    work()
    judging_services.doubt_category(case_id=case.pk, actor=world.desk, now=MONDAY + HOUR)
    assert judged_of(case).word == Word.UNSURE
    assert TrainingExample.objects.count() == 0


def test_only_who_dispatches_there_may_doubt(world):
    case = report(world, text=LAMP, category=world.lighting)
    with pytest.raises(NotFound):
        judging_services.doubt_category(case_id=case.pk, actor=world.desk, now=MONDAY)
    work()
    with pytest.raises(NotAllowed):
        judging_services.doubt_category(case_id=case.pk, actor=world.lin, now=MONDAY)
    with pytest.raises(NotAllowed):
        judging_services.doubt_earlier(case_id=case.pk, actor=world.lin, now=MONDAY)


def test_an_earlier_report_is_merged_or_put_aside_by_people_only(world):
    first = report(world, text=LAMP, category=world.lighting)
    second = report(world, text=LAMP, category=world.lighting)
    third = report(world, text=LAMP + "！", category=world.lighting)
    work()
    assert judging.opinion_of(second, world.desk).earlier == first
    merging.merge_case(case_id=second.pk, into_id=first.pk, actor=world.desk, now=MONDAY + HOUR)
    work()
    assert judged_of(second).is_same is True
    judging_services.doubt_earlier(case_id=third.pk, actor=world.desk, now=MONDAY + HOUR)
    assert judged_of(third).is_same is False
    assert judging.opinion_of(third, world.desk).earlier is None


def test_what_was_lived_through_before_is_judged_and_heard_in_order(world):
    case = report(world, text=LAMP, category=world.trash)
    correcting.correct_case(
        case_id=case.pk, category_id=world.lighting.pk, actor=world.desk, now=MONDAY + HOUR
    )
    desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + 2 * HOUR)
    assert judging_services.take_over(MONDAY + DAY) == 1
    assert judged_of(case).word == Word.TAKEN  # the later step has no word
    assert judging_services.take_over(MONDAY + DAY) == 0
    work()
    assert judged_of(case).word == Word.TAKEN
