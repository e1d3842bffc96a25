"""Calls and walk-ins are taken down quickly, on behalf of the caller, with the same receipt."""

import pytest
from django.urls import reverse

from linli.cases.models import Case, Entry, Follower, Question, SavedFilter
from linli.cases.services import intake
from linli.cases.tests.makers import make_category
from linli.kernel import clock
from linli.kernel.actor import reporter
from linli.kernel.ids import new_id
from linli.people import selectors as people
from linli.places import selectors as places

pytestmark = pytest.mark.django_db
NEW, LOOK = "/desk/cases/new/", "/desk/cases/new/look/"
PHONE = "10033334444"


@pytest.fixture
def category(cast):
    return make_category(shown_on_board=True)


def sent(cast, **facts):
    return {
        "key": str(new_id()), "source": "phone", "phone": PHONE, "name": "王大妈",
        "place": f"{cast.estate.name} {cast.building.name}", "category": "rubbish",
        "text": "楼道里堆了旧家具，两天了。",
    } | facts  # fmt: skip


def report(cast, category, **facts):
    where = places.where_of(community_id=cast.community.pk, building_id=cast.building.pk)
    usual = {"category_id": category.pk, "text": "垃圾桶满了", "where": where, "source": "scan"}
    case, _is_new = intake.report_case(
        report=intake.Report(**usual | facts), actor=reporter(cast.home.pk), now=clock.now()
    )
    return case


def test_a_call_becomes_a_case_with_number_and_promise(cast, sign_in, category):
    desk = sign_in("desk")
    answer = desk.post(NEW, sent(cast), follow=True)
    case = Case.objects.get()
    assert (case.source, case.entered_by, case.building_id) == (
        "phone", cast.desk.account_id, cast.building.pk,
    )  # fmt: skip
    page = answer.content.decode()
    assert case.number in page
    assert "给您答复" in page
    assert PHONE not in page
    slip = desk.get(reverse("cases:entered_slip", args=[case.pk])).content.decode()
    assert case.number in slip
    assert "slip__code" in slip


def test_the_same_form_sent_twice_makes_one_case(cast, sign_in, category):
    desk, form = sign_in("desk"), sent(cast)
    desk.post(NEW, form)
    desk.post(NEW, form)
    assert Case.objects.count() == 1


def test_a_person_without_a_phone_is_a_contact_without_a_phone(cast, sign_in, category):
    form = sent(cast, source="walk_in", phone="", address="3 号楼 2 单元 501")
    sign_in("desk").post(NEW, form)
    card = people.contact_card(Case.objects.get().reporter_id)
    assert (card.has_phone, bool(card.address)) == (False, True)


def test_the_place_is_read_as_people_say_it_down_to_the_entrance(cast, sign_in, category):
    said = f"{cast.estate.name}{cast.building.name} {cast.entrance.name}302门口"
    sign_in("desk").post(NEW, sent(cast, place=said))
    case = Case.objects.get()
    assert (case.entrance_id, case.spot) == (cast.entrance.pk, "302门口")


def test_what_is_too_long_is_said_and_nothing_is_cut_off(cast, sign_in, category):
    desk, long = sign_in("desk"), "门" * 45
    said = f"{cast.estate.name}{cast.building.name}{long}"
    answer = desk.post(NEW, sent(cast, place=said, spot=long))
    assert answer.status_code == 422
    assert "合起来 91 字，最多 80 字" in answer.content.decode()
    case = report(cast, category)
    answer = desk.post(NEW, sent(cast, text="满" * 20_001) | {"follow": str(case.pk)})
    assert answer.status_code == 422
    assert not Follower.objects.exists()
    desk.post(NEW, sent(cast, text="满" * 3000) | {"follow": str(case.pk)})
    assert Entry.objects.get().text.count("满") == 3000


def test_the_place_can_be_picked_from_the_list(cast, sign_in, category):
    form = sent(cast, place="", pick=f"e{cast.estate.pk}")
    sign_in("desk").post(NEW, form)
    assert Case.objects.get().estate_id == cast.estate.pk


def test_a_place_that_is_none_of_ours_is_said_and_nothing_is_lost(cast, sign_in, category):
    answer = sign_in("desk").post(NEW, sent(cast, place="月亮湾9号"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有找到“月亮湾9号”" in page
    assert "两天了" in page


def test_a_case_nearby_is_shown_before_another_is_made(cast, sign_in, category):
    report(cast, category)
    desk, form = sign_in("desk"), sent(cast)
    page = desk.post(NEW, form)
    assert "看一眼右边" in page.content.decode()
    assert Case.objects.count() == 1
    desk.post(NEW, form | {"looked": page.context["mark"]})
    assert Case.objects.count() == 2


def test_a_caller_who_met_the_same_thing_is_counted_in(cast, sign_in, category):
    case, desk = report(cast, category), sign_in("desk")
    form = sent(cast) | {"follow": str(case.pk)}
    assert desk.post(NEW, form).status_code == 302
    desk.post(NEW, form)
    case.refresh_from_db()
    assert (Case.objects.count(), case.follower_count) == (1, 1)
    assert Follower.objects.get().contact is not None
    assert Entry.objects.filter(text__contains="两天了", audience="staff").count() == 1


def test_who_called_before_is_shown_masked_while_they_speak(cast, sign_in, category):
    case = report(cast, category, phone=PHONE, name="王大妈")
    page = sign_in("desk").post(LOOK, sent(cast)).content.decode()
    assert case.number in page
    assert "王**" in page
    assert "王大妈" not in page
    assert "看一眼" not in sign_in("desk").get(NEW).content.decode()


def test_a_change_of_category_brings_its_questions_and_its_danger(cast, sign_in, category):
    category.danger_text = "着火先打 119。"
    category.save(update_fields=["danger_text"])
    Question.objects.create(
        category=category, code="floor", text="几楼", kind="number", is_required=True
    )
    desk = sign_in("desk")
    page = desk.post(LOOK, sent(cast), HTTP_HX_TRIGGER_NAME="category").content.decode()
    assert "hx-swap-oob" in page
    assert "着火先打 119" in page
    refused = desk.post(NEW, sent(cast))
    assert "还要问一句：几楼" in refused.content.decode()
    desk.post(NEW, sent(cast) | {"q-rubbish-floor": "3"})
    assert Case.objects.get().answers == [{"text": "几楼", "answer": "3"}]


def test_a_grid_worker_takes_down_only_what_lies_in_the_grid(cast, sign_in, category):
    lin = sign_in("lin")
    assert lin.post(NEW, sent(cast, place="", spot="社区门口")).status_code == 422
    lin.post(NEW, sent(cast))
    assert Case.objects.count() == 1


@pytest.mark.parametrize("who", ["property", "officer", "mei"])
def test_who_takes_no_calls_finds_no_page(cast, sign_in, category, who):
    client = sign_in(who)
    assert client.get(NEW).status_code == 404
    assert client.post(LOOK).status_code == 404
    assert client.post(NEW, sent(cast)).status_code == 404


def test_others_find_neither_receipt_nor_sheet(cast, sign_in, category):
    sign_in("desk").post(NEW, sent(cast))
    case = Case.objects.get()
    for name in ("entered", "entered_slip"):
        address = reverse(f"cases:{name}", args=[case.pk])
        assert sign_in("lead").get(address).status_code == 404
        assert sign_in("zhou").get(address).status_code == 404
    sheet = reverse("cases:case_sheet", args=[case.pk])
    assert sign_in("zhou").get(sheet).status_code == 404
    assert sign_in("property").get(sheet).status_code == 404
    shown = sign_in("lead").get(sheet).content.decode()
    assert case.number in shown
    assert PHONE not in shown


def test_the_sheet_tells_every_step_and_marks_what_is_internal(cast, sign_in, category):
    case, lead = report(cast, category), sign_in("lead")
    lead.post(reverse("cases:desk_act", args=[case.pk, "note"]), {"text": "先问物业"})
    page = lead.get(reverse("cases:case_sheet", args=[case.pk])).content.decode()
    assert "（内部）" in page
    assert "先问物业" in page


def test_a_queue_is_kept_under_a_name_and_thrown_away(cast, sign_in):
    desk = sign_in("desk")
    query = "tab=reported&mark=urgent&after=x&junk=1"
    saved = desk.post("/desk/cases/filters/", {"name": "急的", "query": query})
    assert saved.url == "/desk/cases/?tab=reported&mark=urgent"
    page = desk.get(saved.url).content.decode()
    assert "急的" in page
    assert 'aria-current="true"' in page
    row = SavedFilter.objects.get()
    gone = reverse("cases:filter_delete", args=[row.pk])
    assert sign_in("lead").post(gone).status_code == 404
    assert sign_in("zhou").post(gone).status_code == 404
    assert "急的" not in sign_in("lead").get("/desk/cases/").content.decode()
    desk.post(gone)
    assert not SavedFilter.objects.exists()
    assert desk.post("/desk/cases/filters/", {"name": "", "query": "a=1"}).status_code == 422
    assert (
        sign_in("mei").post("/desk/cases/filters/", {"name": "x", "query": query}).status_code
        == 404
    )


def test_the_page_takes_few_queries(cast, sign_in, category, django_assert_max_num_queries):
    desk = sign_in("desk")
    desk.get(NEW)
    with django_assert_max_num_queries(12):
        desk.get(NEW)
