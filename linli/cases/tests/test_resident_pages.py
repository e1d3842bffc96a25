"""A resident says what is wrong, without scripts: code, place, picture, questions, neighbours, steps."""

import re

from linli.cases.models import Case, Question
from linli.cases.tests.makers import make_case, make_category
from linli.cases.tests.residents import (
    WORDS,
    form_of,
    phone,
    photo,
    send,
    token_in,
    world,
)
from linli.kernel import clock
from linli.kernel.ids import new_id

__all__ = ["phone", "world"]


def test_a_scanned_code_leads_to_two_doors_and_the_place_is_known(world, phone):
    page = phone.get(f"/s/{world.door.code}/").content.decode()
    assert "上报问题" in page
    assert "查进度" in page
    assert "天山花园 3号楼" in page
    assert world.report in page
    assert "扫码自动填写" in phone.get(world.report).content.decode()


def test_a_report_ends_in_a_receipt_with_number_promise_link_and_code(world, phone):
    answer = send(phone, world, photos=[photo()])
    case = Case.objects.get()

    page = phone.get(answer["Location"]).content.decode()

    assert case.number in page
    assert "前</b>办好" in page
    assert "3 个工作日" in page
    assert '<svg class="qr"' in page
    assert f"/c/{token_in(answer)}/" in page
    assert (case.photo_count, case.source, case.building_id) == (1, "scan", world.building.pk)
    assert case.reporter.phone == "10012345678"
    assert case.reporter.consent_version


def test_the_receipt_may_not_be_kept_by_caches(world, phone):
    answer = phone.get(send(phone, world)["Location"])
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_neither_phone_nor_name_is_asked_for(world, phone):
    send(phone, world, phone="")
    assert Case.objects.get().reporter is None


def test_without_a_code_the_place_is_chosen_step_by_step(world, phone):
    url = f"/at/{world.at}/report/"
    kept = {"text": WORDS, "category": "rubbish", "page": "all", "key": str(new_id())}

    estates = phone.post(url, kept | {"go": "place"}).content.decode()
    assert f"estate:{world.estate.pk}" in estates
    assert WORDS in estates
    buildings = phone.post(url, kept | {"go": f"estate:{world.estate.pk}"}).content.decode()
    assert f"building:{world.building.pk}" in buildings
    back = phone.post(
        url, kept | {"go": f"building:{world.building.pk}", "estate": str(world.estate.pk)}
    ).content.decode()
    assert "天山花园 3号楼" in back
    assert WORDS in back

    send(phone, world, url=url, building=str(world.building.pk), estate=str(world.estate.pk))
    assert Case.objects.get().building_id == world.building.pk
    assert Case.objects.get().source == "web"


def test_a_place_in_words_is_enough_and_no_place_is_asked_for(world, phone):
    url = f"/at/{world.at}/report/"
    refused = send(phone, world, url=url)
    assert refused.status_code == 422
    assert "写几个字说清楚位置" in refused.content.decode()

    send(phone, world, url=url, spot="东门花坛旁")
    assert Case.objects.get().spot == "东门花坛旁"


def test_a_point_on_the_map_finds_the_grid(world, phone):
    url = f"/at/{world.at}/report/"
    send(phone, world, url=url, lat="44.17", lon="87.55")
    case = Case.objects.get()
    assert (case.lat, case.lon) == (44.17, 87.55)


def test_whoever_writes_and_chooses_no_picture_is_offered_the_likeliest(world, phone):
    make_category("water", "上下水", hint="下水道堵了、返水、水管漏水")

    answer = send(phone, world, category="", text="厨房下水道堵了，水返上来了")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "像是“上下水”" in page
    assert 'value="water" id="id_category_1" checked' in page


def test_a_categorys_questions_are_asked_before_the_case_is_made(world, phone):
    water = make_category("water", "上下水")
    Question.objects.create(
        category=water, code="still", text="现在还在冒水吗", kind="yes_no", is_required=True
    )

    asked = send(phone, world, category="water")
    assert "现在还在冒水吗" in asked.content.decode()
    assert not Case.objects.exists()

    answered = {"category": "water", "asked": "water", "q-water-still": "是"}
    token_in(send(phone, world, **answered))
    assert Case.objects.get().answers == [{"text": "现在还在冒水吗", "answer": "是"}]


def test_danger_to_life_is_told_to_call_before_anything_is_sent(world, phone):
    make_category("fire", "消防", danger_text="看见明火、冒烟，先离开并拨打 119。")

    first = send(phone, world, category="fire")
    page = first.content.decode()

    assert "看见明火" in page
    assert 'href="tel:119"' in page
    assert not Case.objects.exists()
    assert (
        "看见明火"
        in phone.get(send(phone, world, category="fire", asked="fire")["Location"]).content.decode()
    )


def test_what_a_neighbour_reported_is_shown_first_and_can_be_followed(world, phone):
    case = make_case(world, at=clock.now(), text="垃圾桶满了找 10022223333 看")

    offered = send(phone, world, photos=[photo()])
    page = offered.content.decode()
    assert "我也遇到了" in page
    assert "10022223333" not in page
    assert f"follow:{case.pk}" in page
    assert WORDS in page  # carried on
    assert Case.objects.count() == 1

    answer = send(phone, world, go=f"follow:{case.pk}")
    assert answer["Location"].startswith("/f/")  # a page of their own, not the reporter's
    assert case.text not in phone.get(answer["Location"]).content.decode()
    case.refresh_from_db()
    assert case.follower_count == 1


def test_not_the_same_thing_goes_on_with_words_and_photos(world, phone):
    make_case(world, at=clock.now())
    key = str(new_id())

    page = send(phone, world, photos=[photo()], key=key).content.decode()
    kept = re.findall(r'name="kept" value="([^"]+)"', page)
    assert len(kept) == 1
    token_in(send(phone, world, key=key, kept=kept, go="new"))

    assert Case.objects.count() == 2
    assert Case.objects.order_by("-id")[0].photo_count == 1


def test_one_question_per_page_ends_in_the_same_case(world, phone):
    carried = form_of(phone, f"{world.report}?step=1")
    assert carried["page"] == "place"
    for page, typed in (
        ("place", {}),
        ("category", {"category": "rubbish"}),
        ("text", {"text": WORDS}),
        ("photos", {}),
    ):
        carried |= typed
        answer = phone.post(world.report, carried | {"page": page, "go": "next"})
        assert answer.status_code == 200, page
    assert "第 5 步，共 5 步" in answer.content.decode()

    token_in(phone.post(world.report, carried | {"page": "contact", "go": "send"}))
    assert Case.objects.get().text == WORDS


def test_a_step_says_what_is_missing_and_goes_no_further(world, phone):
    answer = phone.post(world.report, {"page": "text", "go": "next", "text": ""})
    assert answer.status_code == 422
    assert "请简单写一下看到了什么" in answer.content.decode()


def test_a_page_asks_the_database_little(world, phone, django_assert_max_num_queries):
    send(phone, world, text="先有一件", go="new")
    with django_assert_max_num_queries(2):
        phone.get(world.report)
    with django_assert_max_num_queries(20):
        answer = send(phone, world, text="又有一件", go="new")
    token = token_in(answer)
    with django_assert_max_num_queries(6):
        phone.get(f"/c/{token}/")
    with django_assert_max_num_queries(6):
        phone.get(f"/c/{token}/receipt/")
