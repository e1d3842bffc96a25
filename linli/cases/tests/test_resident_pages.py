"""A resident's way through the pages, without scripts: report, receipt, progress, rating, finding again."""

import io
import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases.models import Case, Question
from linli.cases.services import closing, desk, handling, telling
from linli.cases.tests.makers import HOUR, make_case, make_category, make_neighbourhood
from linli.kernel import clock, tenancy
from linli.kernel.actor import reporter
from linli.kernel.ids import new_id

WORDS = "楼道口的垃圾桶满了两天，味道很大。"


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    found = make_neighbourhood()
    found.at = f"home-{found.community.code}"
    found.report = f"/s/{found.door.code}/report/"
    return found


@pytest.fixture
def phone(world) -> Client:
    """Return a phone that opened the page behind the door's code."""
    client = Client()
    client.get(world.report)
    return client


def form_of(client: Client, url: str) -> dict[str, str]:
    """Return the hidden inputs of a page, as a browser would send them."""
    page = client.get(url).content.decode()
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def send(client: Client, world: SimpleNamespace, **typed):
    usual = {"category": "rubbish", "text": WORDS, "phone": "10012345678", "key": str(new_id())}
    return client.post(typed.pop("url", world.report), usual | typed)


def token_in(answer) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return urlsplit(answer["Location"]).path.split("/")[2]


def photo(name: str = "bin.jpg", size: tuple[int, int] = (640, 480), **save) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, "green").save(buffer, "JPEG", **save)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


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
    assert "看见明火" in phone.get(send(phone, world, category="fire", asked="fire")["Location"]).content.decode()


def test_what_a_neighbour_reported_is_shown_first_and_can_be_followed(world, phone):
    case = make_case(world, at=clock.now())

    offered = send(phone, world, photos=[photo()])
    page = offered.content.decode()
    assert "我也遇到了" in page
    assert f"follow:{case.pk}" in page
    assert WORDS in page
    assert Case.objects.count() == 1

    answer = send(phone, world, go=f"follow:{case.pk}")
    assert answer["Location"].startswith(f"/at/{world.at}/followed/")
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


def resolved(world) -> Case:
    now = clock.now()
    case = make_case(world, at=now - 6 * HOUR)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now - 5 * HOUR)
    handling.take_case(case_id=case.pk, actor=world.lin, now=now - 4 * HOUR)
    return handling.resolve_case(
        case_id=case.pk, text="已清运，并加了一个桶。", actor=world.lin, now=now - HOUR
    )


def page_of(case: Case, client: Client) -> str:
    return client.get(f"/c/{telling.token_of(case)}/").content.decode()


def test_the_reporter_sees_every_step_in_plain_words(world, phone):
    now = clock.now()
    case = make_case(world, at=now)
    assert "已收到，等社区受理" in page_of(case, phone)
    desk.accept_case(case_id=case.pk, actor=world.desk, now=now)
    assert "社区正在安排人处理" in page_of(case, phone)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    assert "已交给第一网格网格员" in page_of(case, phone)
    handling.take_case(case_id=case.pk, actor=world.lin, now=now)
    page = page_of(case, phone)
    assert "林岚正在处理，预计" in page
    assert 'href="tel:100-0000-0001"' in page


def test_what_is_late_is_said_as_it_is(world, phone):
    from linli.cases.services import clocks

    case = make_case(world, at=clock.now() - 90 * HOUR)
    clocks.check_due_cases(clock.now())
    page = page_of(case, phone)
    assert "比约定时间晚了" in page


def test_the_two_questions_close_the_case(world, phone):
    case = resolved(world)
    token = telling.token_of(case)
    assert "问题解决了吗" in page_of(case, phone)

    phone.post(f"/c/{token}/rating/", {"is_solved": "yes", "satisfaction": "3", "comment": "很快"})

    page = page_of(case, phone)
    assert "您说解决了，满意" in page
    assert "问题又出现了" in page


def test_dissatisfied_goes_one_level_up_and_says_so(world, phone):
    case = resolved(world)
    answer = phone.post(
        f"/c/{telling.token_of(case)}/rating/", {"is_solved": "no", "satisfaction": "1"}, follow=True
    )
    assert "已经交到上一级重办" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "assigned"


def test_half_a_rating_is_asked_for_again_with_the_words_kept(world, phone):
    case = resolved(world)
    answer = phone.post(f"/c/{telling.token_of(case)}/rating/", {"comment": "还行吧"})
    assert answer.status_code == 422
    assert "还行吧" in answer.content.decode()


def test_the_reporter_adds_words_and_a_photo_and_urges_once(world, phone):
    case = make_case(world, at=clock.now())
    url = f"/c/{telling.token_of(case)}/"
    phone.post(f"{url}additions/", {"text": "今天更多了", "photos": [photo()]})
    page = page_of(case, phone)
    assert "今天更多了" in page
    assert "补充的照片" in page

    assert "承办人和社区都收到了" in phone.post(f"{url}urges/", follow=True).content.decode()
    again = phone.post(f"{url}urges/")
    assert again.status_code == 422
    assert "已经帮您催过了" in again.content.decode()


def test_withdrawing_asks_first(world, phone):
    case = make_case(world, at=clock.now())
    url = f"/c/{telling.token_of(case)}/withdrawal/"
    assert "不撤了" in phone.get(url).content.decode()
    case.refresh_from_db()
    assert case.state == "reported"

    assert "您已撤回" in phone.post(url, follow=True).content.decode()


def test_a_no_comes_with_reason_rule_alternative_and_review_date(world, phone):
    case, now = make_case(world, at=clock.now()), clock.now()
    desk.decline_case(
        case_id=case.pk,
        decline=desk.Decline(
            reason="私家花园不归社区管。", rule="物业管理条例第五十二条",
            alternative="可以找业委会商量。", review_on=(now + 90 * 24 * HOUR).date(),
        ),
        actor=world.desk, now=now,
    )  # fmt: skip
    page = page_of(case, phone)
    for words in ("私家花园", "第五十二条", "找业委会", "再看一次"):
        assert words in page


def test_merged_and_suspended_are_told_in_words(world, phone):
    from linli.cases.services import merging

    now = clock.now()
    first, second = make_case(world, at=now), make_case(world, phone="10087654321", at=now)
    merging.merge_case(case_id=second.pk, into_id=first.pk, actor=world.desk, now=now)
    desk.assign_case(case_id=first.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    handling.take_case(case_id=first.pk, actor=world.lin, now=now)
    page = page_of(second, phone)
    assert "那一件现在：正在处理" in page
    assert telling.token_of(first) not in page

    handling.ask_suspension(case_id=first.pk, reason="等配件到货", until=now + 48 * HOUR, actor=world.lin, now=now)
    handling.decide_suspension(case_id=first.pk, is_approved=True, note="", actor=world.lead, now=now)
    assert "等配件到货" in page_of(first, phone)


def test_a_photo_is_served_only_behind_its_own_link(world, phone):
    token = token_in(send(phone, world, photos=[photo()]))
    other = make_case(world, at=clock.now(), text="别的事", phone="10011112222")
    found = Case.objects.get(photo_count=1).photos.get()

    answer = phone.get(f"/c/{token}/photos/{found.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "private" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert phone.get(f"/c/{token}/photos/{found.pk}/thumb/").status_code == 200
    assert phone.get(f"/c/{telling.token_of(other)}/photos/{found.pk}/").status_code == 404
    assert phone.get(f"/media/{found.path}").status_code == 404


def test_number_and_phone_tail_find_it_again(world, phone):
    case = make_case(world, at=clock.now())
    asked = {"at": world.at, "number": case.number.lower(), "tail": "5678"}

    answer = phone.post("/find/", asked)
    assert answer["Location"] == f"/c/{telling.token_of(case)}/"
    wrong = phone.post("/find/", asked | {"tail": "0000"})
    assert wrong.status_code == 404
    assert "没有找到" in wrong.content.decode()


def test_guessing_phone_tails_is_stopped(world, phone):
    case = make_case(world, at=clock.now())
    for n in range(12):
        answer = phone.post("/find/", {"at": world.at, "number": case.number, "tail": f"{n:04}"})
    assert answer.status_code == 429


def test_the_first_page_remembers_the_community(world, phone):
    assert "东城社区" in phone.get("/?choose=1").content.decode()
    fresh = Client()
    assert "您在哪个社区" in fresh.get("/").content.decode()
    fresh.get(f"/at/{world.at}/")
    assert fresh.get("/")["Location"] == f"/at/{world.at}/"


def test_a_snapshot_takes_a_photo_a_tile_and_a_place(world, phone):
    make_category("light", "路灯", shown_in_snapshot=True)
    url = f"/at/{world.at}/snap/"

    missing = phone.post(url, {"category": "light", "spot": "东门"})
    assert missing.status_code == 422
    answer = phone.post(
        url, {"category": "light", "lat": "44.17", "lon": "87.55", "photos": [photo()], "phone": "10012345678"}
    )

    case = Case.objects.get()
    token_in(answer)
    assert (case.source, case.photo_count, case.text) == ("snapshot", 1, "随手拍：路灯")
    phone.post(url, {"category": "light", "spot": "西门", "photos": [photo(size=(320, 240))]})
    assert Case.objects.order_by("-id")[0].reporter.phone == "10012345678"


def test_my_cases_need_an_account_and_show_those_of_the_phone(world, phone):
    assert "/resident/sign-in/" in phone.get("/my/")["Location"]


def test_large_type_offers_one_step_after_the_other(world, phone):
    phone.cookies["size"] = "large"
    page = phone.get(f"/s/{world.door.code}/").content.decode()
    assert "一步一步来上报" in page


def test_the_same_again_starts_with_place_and_category_filled_in(world, phone):
    case = resolved(world)
    token = telling.token_of(case)
    closing.rate_case(
        token=token, is_solved=True, satisfaction=3, comment="", actor=reporter(case.tenant_id), now=clock.now()
    )
    page = phone.get(f"/at/{world.at}/report/?again={token}").content.decode()
    assert f"上次编号 {case.number}" in page
    assert str(world.building.pk) in page


def test_another_tenants_link_shows_nothing_of_ours(world, phone, abroad):
    with tenancy.tenant(abroad.pk):
        pass
    assert phone.get(f"/at/away-{world.community.code}/").status_code == 404
