"""The desk takes a suggestion over with one tap; the lead sees how many were, and lets it learn."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from linli.cases.models import Case, Judgement, Word
from linli.cases.services import judging, learning
from linli.cases.tests.makers import MONDAY, make_case, make_category, make_neighbourhood
from linli.kernel import jobs, outbox
from linli.kernel.models import Run
from linli.people.tests.makers import sign_in

pytestmark = pytest.mark.django_db
LAMP = "3号楼2单元的楼道灯坏了三天，晚上一片黑，老人上下楼看不见"


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    found = make_neighbourhood()
    found.lighting = make_category("lighting", "路灯楼道灯")
    found.parking = make_category("parking", "停车秩序")
    return found


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def judged_case(world, text=LAMP, category=None) -> Case:
    case = make_case(world, text=text, category_id=(category or world.parking).pk)
    while outbox.deliver_events(MONDAY):
        pass
    jobs.run_jobs(MONDAY, is_external=True, limit=100)
    return case


def page_of(actor, case) -> str:
    return browser(actor).get(reverse("cases:desk_case", args=[case.pk])).content.decode()


def test_the_case_page_shows_what_the_words_speak_for(world):
    page = page_of(world.desk, judged_case(world))
    assert "文字像哪一类" in page
    assert "路灯楼道灯" in page
    assert "改为这一类" in page
    assert "我不确定" not in page


def test_what_says_nothing_is_shown_as_unsure(world):
    assert "我不确定" in page_of(world.desk, judged_case(world, text="你好，在吗"))


def test_a_case_that_was_not_judged_yet_shows_nothing(world):
    case = make_case(world, text=LAMP, category_id=world.parking.pk)
    assert "文字像哪一类" not in page_of(world.desk, case)


def test_a_suggestion_is_taken_over_with_one_tap(world):
    case = judged_case(world)
    Case.objects.filter(pk=case.pk).update(is_urgent=True)
    sent = {"code": "lighting", "version": Case.objects.get(pk=case.pk).version}
    desk = browser(world.desk)
    answer = desk.post(reverse("cases:suggestion_taken", args=[case.pk]), sent)
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.category_id == world.lighting.pk
    assert case.is_urgent  # nothing else is touched
    while outbox.deliver_events(MONDAY):
        pass
    jobs.run_jobs(MONDAY, is_external=True, limit=100)
    assert Judgement.objects.get(case=case).word == Word.TAKEN
    assert "和现在的类别一致" in page_of(world.desk, case)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"code": "lighting", "version": "99"}, 409),
        ({"code": "nothing", "version": "1"}, 404),
        ({"code": "lighting"}, 404),
        ({"code": "lighting", "version": "x"}, 404),
        ({}, 404),
    ],
)
def test_a_bad_or_late_tap_changes_nothing(world, sent, status):
    case = judged_case(world)
    answer = browser(world.desk).post(reverse("cases:suggestion_taken", args=[case.pk]), sent)
    assert answer.status_code == status
    assert Case.objects.get(pk=case.pk).category_id == world.parking.pk


def test_doubts_are_noted(world):
    case, desk = judged_case(world), browser(world.desk)
    for name in ("suggestion_doubt", "suggestion_difference"):
        assert desk.post(reverse(f"cases:{name}", args=[case.pk])).status_code == 302
    judgement = Judgement.objects.get(case=case)
    assert (judgement.word, judgement.is_same) == (Word.UNSURE, False)
    assert "已记下：拿不准" in page_of(world.desk, case)


def test_an_earlier_report_is_shown_and_merged_with_one_tap(world):
    first = judged_case(world, category=world.lighting)
    again = judged_case(world, text=LAMP + "，请修一下", category=world.lighting)
    page = page_of(world.desk, again)
    assert "很可能有人报过" in page
    assert first.number in page
    sent = {"into": first.number, "version": again.version}
    answer = browser(world.desk).post(reverse("cases:desk_act", args=[again.pk, "merge"]), sent)
    assert answer.status_code == 302
    assert Case.objects.get(pk=again.pk).merged_into_id == first.pk


def test_who_does_not_dispatch_sees_no_buttons_and_may_not_tap(world):
    case = judged_case(world)
    lin = browser(world.lin)
    answer = lin.post(
        reverse("cases:suggestion_taken", args=[case.pk]), {"code": "lighting", "version": "1"}
    )
    assert answer.status_code in (403, 404)
    assert lin.get(reverse("cases:settings_judgement")).status_code in (403, 404)
    for name in ("judgement_learning", "judgement_starter"):
        assert lin.post(reverse(f"cases:{name}"), {"key": "a"}).status_code in (403, 404, 422)
    assert not Run.objects.exists()


def test_the_lead_sees_the_record_and_lets_it_learn(world):
    lead = browser(world.lead)
    page = lead.get(reverse("cases:settings_judgement")).content.decode()
    assert "还没有人受理或改过类别" in page
    assert "用的是自带的" in page
    few = lead.post(reverse("cases:judgement_learning"), {"key": "0" * 32})
    assert few.status_code == 422
    assert "到 20 件再学才有用" in few.content.decode()
    for number in range(learning.LEAST):
        case = judged_case(world, text=f"{LAMP}{number}")
        judging.keep_example(case, code="lighting", word=Word.OTHER, said_at=MONDAY)
    answer = lead.post(reverse("cases:judgement_learning"), {"key": "1" * 32})
    assert answer.status_code == 302
    assert Run.objects.get().kind == learning.KIND


def test_the_lead_goes_back_to_what_the_product_brings(world):
    from linli.cases.selectors.judging import STARTER

    learning.put_into_use(
        content=STARTER.read_bytes(), example_count=7, actor=world.lead, now=MONDAY
    )
    lead = browser(world.lead)
    assert "换回自带的" in lead.get(reverse("cases:settings_judgement")).content.decode()
    assert lead.post(reverse("cases:judgement_starter")).status_code == 302
    assert lead.post(reverse("cases:judgement_starter")).status_code == 404


def test_words_of_staff_are_counted_by_category(world):
    case = judged_case(world, category=world.lighting)
    desk = browser(world.desk)
    desk.post(reverse("cases:desk_act", args=[case.pk, "accept"]), {"version": case.version})
    while outbox.deliver_events(MONDAY):
        pass
    jobs.run_jobs(MONDAY, is_external=True, limit=100)
    page = browser(world.lead).get(reverse("cases:settings_judgement")).content.decode()
    assert "100%" in page
    assert "路灯楼道灯" in page


def test_while_somebody_speaks_the_register_says_what_the_words_are_like(world):
    desk = browser(world.desk)
    sent = {"text": LAMP, "category": "parking", "source": "phone", "key": "0" * 32}
    page = desk.post(reverse("cases:register_look"), sent).content.decode()
    assert "照这些话" in page
    assert "路灯楼道灯" in page
    agreed = desk.post(reverse("cases:register_look"), sent | {"category": "lighting"})
    assert "照这些话" not in agreed.content.decode()
    for words in ("", "你好，在吗"):
        page = desk.post(reverse("cases:register_look"), sent | {"text": words}).content.decode()
        assert "照这些话" not in page
