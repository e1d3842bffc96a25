"""Cases on a phone without a network: cards for the day, reports and words that come hours later."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.cases.models import Case, Entry, Photo
from linli.cases.selectors import ground, hands, today
from linli.cases.services import desk, handling
from linli.cases.tests.makers import make_case, make_neighbourhood
from linli.field.selectors import day
from linli.field.services.submissions import hand_in
from linli.field.tests.makers import delivery, make_photo
from linli.kernel import clock
from linli.kernel.ids import new_id


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    found = make_neighbourhood()
    now = clock.now()
    case = make_case(found, at=now - timedelta(hours=3), text="垃圾没有清，已经两天了。")
    desk.assign_case(case_id=case.pk, post_id=found.grid_post.pk, actor=found.desk, now=now)
    found.case = handling.take_case(case_id=case.pk, actor=found.lin, now=now)
    return found


def handed(world, kind, answers, *, hours=0, actor=None, **facts):
    now = clock.now()
    one = delivery(
        kind=kind, answers=answers, said_at=now - timedelta(hours=hours),
        subject_id=facts.pop("subject_id", world.case.pk), **facts,
    )  # fmt: skip
    return hand_in(delivery=one, actor=actor or world.lin, now=now).submission


def test_a_case_in_hand_is_a_card_with_its_words_and_a_form(world, django_assert_num_queries):
    with django_assert_num_queries(4):
        (card,) = day.providers()["cases"](world.lin, clock.now())
    assert (card.form, card.version, card.subject_id) == (
        "cases.progress", str(world.case.version), str(world.case.pk),
    )  # fmt: skip
    assert ("反映的事", "垃圾没有清，已经两天了。") in card.facts
    assert [one.code for one in card.items] == ["step", "text", "after"]
    assert day.providers()["cases"](world.desk, clock.now()) == []


def test_the_cards_of_a_hundred_cases_cost_two_queries(world, django_assert_num_queries):
    found = hands.in_hand(world.lin, clock.now())
    with django_assert_num_queries(2):
        today.cards_of(found.mine * 100)


def test_words_written_hours_ago_say_when(world):
    row = handed(world, "cases.progress", {"step": "progress", "text": "先围起来了。"}, hours=3)
    assert (row.state, row.link) == ("taken", f"/field/cases/{world.case.pk}/")
    text = Entry.objects.filter(case=world.case, kind="progress").get().text
    assert text.startswith("先围起来了。（")
    assert "在现场写的" in text


def test_done_with_a_photo_resolves(world):
    photo = make_photo(world.lin, now=clock.now())
    row = handed(
        world, "cases.progress", {"step": "done", "text": "清干净了。"},
        base_version=str(world.case.version), photos=(("after", photo),),
    )  # fmt: skip
    world.case.refresh_from_db()
    assert (row.state, world.case.state) == ("taken", "resolved")
    assert Photo.objects.get().stage == "after"


def test_what_waits_to_be_taken_is_taken_where_no_network_reaches(world):
    now = clock.now()
    fresh = make_case(world, at=now, text="井盖松了。", key="fresh")
    desk.assign_case(case_id=fresh.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    (card,) = today.kept_of(hands.in_hand(world.lin, now))
    assert [one.code for one in card.items[0].choices] == ["take", "progress", "done"]
    for step, text in (("take", ""), ("take", ""), ("done", "拧紧了。")):
        row = handed(world, "cases.progress", {"step": step, "text": text}, subject_id=fresh.pk)
        assert row.state == "taken", row.words
    fresh.refresh_from_db()
    assert (fresh.state, fresh.handler_account_id) == ("resolved", world.lin.account_id)
    (read,) = today.kept_of(hands.in_hand(world.lin, now))
    assert (read.form, read.subject_id, card.why) == ("", str(fresh.pk), "等您接单")


def test_done_after_somebody_else_was_faster_is_laid_side_by_side(world):
    base = str(world.case.version)
    handling.resolve_case(case_id=world.case.pk, text="清过了。", actor=world.lin, now=clock.now())
    row = handed(world, "cases.progress", {"step": "done", "text": "清了。"}, base_version=base)
    assert (row.state, row.different[0]["here"]) == ("conflict", "待评价")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"answers": {"step": "progress", "text": " "}}, "refused"),
        ({"answers": {"step": "progress", "text": "长" * 20_001}}, "refused"),
        ({"answers": {"text": "看过"}, "subject_id": None}, "refused"),
        ({"answers": {"text": "看过"}, "subject_id": new_id()}, "quarantined"),
    ],
)
def test_words_that_cannot_be_used_stay_to_be_looked_at(world, facts, state):
    row = handed(world, "cases.progress", facts.pop("answers"), **facts)
    assert (row.state, bool(row.words)) == (state, True)
    assert not Entry.objects.filter(case=world.case, kind="progress").exists()


def test_a_report_from_the_round_becomes_a_case_once(world):
    (form,) = day.keepers()["cases"](world.lin, clock.now())
    items = {one.code: one for one in form.items}
    answers = {
        "category": items["category"].choices[0].code,
        "place": next(
            one.code for one in items["place"].choices if one.code.startswith("building")
        ),
        "text": "花坛边堆了砖。",
        "is_urgent": "yes",
    }
    photo = make_photo(world.lin, now=clock.now())
    row = handed(
        world, "cases.report", answers, hours=2, subject_id=None, photos=(("photos", photo),)
    )
    case = Case.objects.get(pk=row.subject_id)
    assert (row.state, case.source, case.is_urgent, case.photo_count) == (
        "taken",
        "patrol",
        True,
        1,
    )
    assert case.number in row.words


@pytest.mark.parametrize(
    "wrong", [{"category": "x"}, {"place": "building:x"}, {"place": ""}, {"text": ""}]
)
def test_a_report_that_lacks_something_is_told(world, wrong):
    (value, _label), *_rest = ground.all_choices(world.lin)
    answers = {"category": str(world.category.pk), "place": value, "text": "有坑。", **wrong}
    row = handed(world, "cases.report", answers, subject_id=None)
    assert (row.state, bool(row.words)) == ("refused", True)
    assert Case.objects.count() == 1


def test_who_may_not_report_has_no_blank_form(world):
    nobody = replace(world.lin, grants=())
    assert day.keepers()["cases"](nobody, clock.now()) == []
