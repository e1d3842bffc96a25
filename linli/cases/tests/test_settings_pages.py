"""The community's lead sets up categories, promises, numbers and words in pages made for it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.cases.models import AnswerTemplate, CaseSettings, Category, Question, ServiceLevel
from linli.cases.selectors import catalogue
from linli.cases.services import intake
from linli.cases.tests.makers import make_category, make_level
from linli.kernel import clock
from linli.kernel.actor import reporter
from linli.kernel.models import EventRow
from linli.places import selectors as places
from linli.posts import selectors as posts

pytestmark = pytest.mark.django_db
NONE = "00000000-0000-7000-8000-000000000000"
ROUTES = {
    "settings": ("get", 0), "category_new": ("post", 0), "category": ("post", 1),
    "category_place": ("post", 1), "category_ending": ("post", 1),
    "category_restoration": ("post", 1), "settings_levels": ("get", 0), "level_new": ("post", 0),
    "level_example": ("get", 0), "level": ("post", 1), "settings_numbers": ("post", 0),
    "settings_templates": ("get", 0), "template_new": ("post", 0), "template": ("post", 1),
    "template_ending": ("post", 1),
}  # fmt: skip


def post(client, name, data, *args):
    return client.post(reverse(f"cases:{name}", args=args), data)


def a_sheet(level, **facts):
    return {
        "name": "电动车上楼", "hint": "楼道充电", "icon": "bike", "service_level_id": str(level.pk),
        "dispatch_mode": "assign", "first_level": "grid", "shown_to_residents": "on",
        "q0-text": "几楼", "q0-kind": "number", "q0-order": "2",
        "q1-text": "正在充电吗", "q1-kind": "choice", "q1-choices": "是\n否\n没看清", "q1-order": "1",
        "q2-text": "", "q2-kind": "text",
    } | facts  # fmt: skip


def test_a_new_category_with_its_questions_is_offered_at_once(cast, sign_in):
    level = make_level()
    assert post(sign_in("lead"), "category_new", a_sheet(level)).status_code == 302
    category = Category.objects.get()
    asked = [(one.text, one.choices) for one in catalogue.questions_of(category.pk)]
    assert asked == [("正在充电吗", ["是", "否", "没看清"]), ("几楼", [])]
    assert catalogue.categories_for_residents() == [category]
    assert posts.category_choices() == [(category.code, "电动车上楼")]
    assert EventRow.objects.filter(name="cases.category.changed").count() == 1


def test_a_question_without_words_goes_and_the_others_keep_their_code(cast, sign_in):
    lead, level = sign_in("lead"), make_level()
    post(lead, "category_new", a_sheet(level))
    category = Category.objects.get()
    kept = Question.objects.get(text="几楼").code
    sent = a_sheet(level) | {"q0-code": kept, "q0-text": "第几层", "q1-text": ""}
    assert post(lead, "category", sent, category.pk).status_code == 302
    assert [(one.code, one.text) for one in Question.objects.all()] == [(kept, "第几层")]


def test_what_is_wrong_with_a_category_is_said_and_what_was_typed_stays(cast, sign_in):
    lead, level = sign_in("lead"), make_level()
    make_category("bike", "电动车上楼")
    answer = post(lead, "category_new", a_sheet(level))
    assert answer.status_code == 422
    assert "已经有一个叫“电动车上楼”的类别" in answer.content.decode()
    secret = a_sheet(level, name="纠纷", is_confidential="on", shown_on_board="on")
    assert "保密的类别不公示" in post(lead, "category_new", secret).content.decode()
    few = a_sheet(level, name="单选", **{"q1-choices": "是"})
    assert "写 2 到 12 个选项" in post(lead, "category_new", few).content.decode()


def test_an_ended_category_is_not_offered_and_can_be_taken_up_again(cast, sign_in):
    lead, category = sign_in("lead"), make_category()
    post(lead, "category_ending", {}, category.pk)
    assert catalogue.active_categories() == ()
    assert "已停用 1 个" in lead.get(reverse("cases:settings")).content.decode()
    post(lead, "category_restoration", {}, category.pk)
    assert catalogue.active_categories() == (category,)


def test_categories_change_places(cast, sign_in):
    first, second = make_category("a", "垃圾", order=1), make_category("b", "噪声", order=2)
    post(sign_in("lead"), "category_place", {"to": "up"}, second.pk)
    assert [row.pk for row in catalogue.active_categories()] == [second.pk, first.pk]
    post(sign_in("lead"), "category_place", {"to": "up"}, second.pk)
    assert [row.pk for row in catalogue.active_categories()] == [second.pk, first.pk]


def level_sheet(**facts):
    return {
        "name": "一个工作日", "respond_amount": "2", "respond_unit": "work_hour",
        "resolve_amount": "1", "resolve_unit": "work_day", "moves_open": "0",
        "extension_times": "1", "extension_days": "15",
    } | facts  # fmt: skip


def test_a_promise_says_what_it_means_now(cast, sign_in):
    lead = sign_in("lead")
    page = lead.get(reverse("cases:level_example"), level_sheet()).content.decode()
    assert "现在上报的话" in page
    assert "1 个工作日" in page
    blank = lead.get(reverse("cases:level_example"), {"respond_amount": "x"}).content.decode()
    assert "两个数填好" in blank


def test_a_promise_that_answers_after_it_solves_is_refused(cast, sign_in):
    sent = level_sheet(respond_amount="9", respond_unit="work_day")
    answer = post(sign_in("lead"), "level_new", sent)
    assert "答复的时限比办结还长" in answer.content.decode()
    same_day = level_sheet(resolve_unit="same_day", resolve_amount="", respond_amount="1")
    post(sign_in("lead"), "level_new", same_day | {"name": "当天", "respond_unit": "same_day"})
    assert ServiceLevel.objects.get().resolve_amount == 1


@pytest.mark.parametrize("moves", [False, True])
def test_open_cases_follow_a_changed_promise_only_when_asked_to(cast, sign_in, moves):
    level = make_level(name="三个工作日")
    category = make_category(service_level=level)
    where = places.where_of(community_id=cast.community.pk, building_id=cast.building.pk)
    report = intake.Report(category_id=category.pk, text="灯坏了", where=where, source="web")
    case, _is_new = intake.report_case(report=report, actor=reporter(cast.home.pk), now=clock.now())
    before = case.resolve_due_at
    sent = level_sheet(resolve_amount="9", moves_open="1" if moves else "0")
    assert post(sign_in("lead"), "level", sent, level.pk).status_code == 302
    run_worker()
    case.refresh_from_db()
    assert (case.resolve_due_at > before) is moves


def run_worker():
    from linli.kernel import jobs

    jobs.run_jobs(clock.now() + timedelta(seconds=1), is_external=False)


def test_the_numbers_of_the_loop_are_kept_within_reason(cast, sign_in):
    lead = sign_in("lead")
    sent = {
        "silence_days": 5, "amber_percent": 80, "escalate_after_hours": 24, "urge_pause_hours": 4,
        "reopen_days": 30, "nearby_days": 30, "nearby_metres": 150, "undo_minutes": 10,
        "followup_percent": 5, "followup_least": 3, "followup_attempts": 3,
    }  # fmt: skip
    assert post(lead, "settings_numbers", sent).status_code == 302
    assert (catalogue.get_settings().silence_days, CaseSettings.objects.count()) == (5, 1)
    assert post(lead, "settings_numbers", sent | {"amber_percent": 100}).status_code == 422


def test_words_for_answers_are_written_changed_and_ended(cast, sign_in):
    lead, category = sign_in("lead"), make_category()
    sent = {"title": "已清理", "text": "已经清理好了。", "kind": "result", "order": "10"}
    post(lead, "template_new", sent | {"category_id": str(category.pk)})
    row = AnswerTemplate.objects.get()
    assert (row.kind, row.category_id) == ("result", category.pk)
    assert post(lead, "template_new", sent).status_code == 422
    post(lead, "template", sent | {"text": "清理好了。"}, row.pk)
    post(lead, "template_ending", {}, row.pk)
    assert "还没有模板" in lead.get(reverse("cases:settings_templates")).content.decode()
    post(lead, "template_new", sent)
    assert AnswerTemplate.objects.get().ended_at is None


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("who", ["desk", "lin", "mei", "property"])
def test_who_does_not_set_things_up_finds_nothing(cast, sign_in, name, who):
    method, ids = ROUTES[name]
    answer = getattr(sign_in(who), method)(reverse(f"cases:{name}", args=[NONE] * ids))
    assert answer.status_code == 404


def test_another_districts_lead_finds_nothing_of_ours(cast, sign_in):
    category, lead = make_category(), sign_in("away_lead")
    assert "环境卫生" not in lead.get(reverse("cases:settings")).content.decode()
    for name in ("category", "category_place", "category_ending", "category_restoration"):
        assert post(lead, name, {}, category.pk).status_code == 404
    assert post(lead, "level", {}, category.service_level_id).status_code == 404


def test_lists_take_few_queries(cast, sign_in, django_assert_max_num_queries):
    lead = sign_in("lead")
    for number in range(5):
        make_category(f"c{number}", f"类别 {number}")
    lead.get(reverse("cases:settings"))
    for name in ("settings", "settings_levels", "settings_templates"):
        # Six are the frame's; inside a test's transaction the calendar is not kept in memory.
        with django_assert_max_num_queries(18 if name == "settings_levels" else 9):
            lead.get(reverse(f"cases:{name}"))
