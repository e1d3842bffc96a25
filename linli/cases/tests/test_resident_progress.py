"""A resident follows, adds, urges, rates, finds again, takes a snapshot; all without scripts."""

import re

from django.test import Client

from linli.cases.models import Case
from linli.cases.selectors import progress
from linli.cases.services import closing, desk, handling, telling
from linli.cases.tests.makers import HOUR, make_case, make_category
from linli.cases.tests.residents import (
    page_of,
    phone,
    photo,
    resolved,
    send,
    token_in,
    world,
)
from linli.kernel import clock, tenancy
from linli.kernel.actor import reporter
from linli.people.tests import makers as people_makers
from linli.places.selectors import doors
from linli.places.tests.makers import make_community

__all__ = ["phone", "world"]


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
    # A space stands beside a digit, none before a word.
    case.refresh_from_db()
    for days, when in ((1, "预计明天 "), (9, "预计 ")):
        told = progress.progress_of(case, case.resolve_due_at - days * 24 * HOUR).sentence
        assert f"林岚正在处理，{when}" in told
        assert told.endswith(" 前完成。")


def test_what_is_late_is_said_as_it_is(world, phone):
    from linli.cases.services import clocks

    case = make_case(world, at=clock.now() - 9 * 24 * HOUR)
    clocks.check_due_cases(clock.now())
    page = page_of(case, phone)
    assert "比约定时间晚了" in page


def test_the_two_questions_close_the_case(world, phone):
    case = resolved(world)
    token = telling.token_of(case)
    asking = page_of(case, phone)
    assert "问题解决了吗" in asking
    assert re.search(r"您看解决了吗？\d", asking)  # no space behind a full-width mark

    phone.post(f"/c/{token}/rating/", {"is_solved": "yes", "satisfaction": "3", "comment": "很快"})

    page = page_of(case, phone)
    assert "您说解决了，满意" in page
    assert "问题又出现了" in page


def test_dissatisfied_goes_one_level_up_and_says_so(world, phone):
    case = resolved(world)
    answer = phone.post(
        f"/c/{telling.token_of(case)}/rating/",
        {"is_solved": "no", "satisfaction": "1"},
        follow=True,
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

    handling.ask_suspension(
        case_id=first.pk, reason="等配件到货", until=now + 48 * HOUR, actor=world.lin, now=now
    )
    handling.decide_suspension(
        case_id=first.pk, is_approved=True, note="", actor=world.lead, now=now
    )
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
    # Copied in groups, in small or wide letters, as an old telephone or a friend writes it.
    head, last = case.number[:-1].lower(), chr(ord(case.number[-1]) + 0xFEE0)
    written = f"{head[:2]} {head[2:]} {last}"
    asked = {"at": world.at, "number": written, "tail": "5678"}

    answer = phone.post("/find/", asked)
    assert answer["Location"] == f"/c/{telling.token_of(case)}/"
    wrong = phone.post("/find/", asked | {"tail": "0000"})
    assert wrong.status_code == 404
    page = wrong.content.decode()
    assert "没有找到" in page
    assert "没填好" not in page  # nothing is missing; the words stand alone


def test_whoever_was_in_no_community_yet_is_asked_which_one(world, phone, monkeypatch):
    make_community("天山南路社区", "659004002001")
    monkeypatch.setattr(doors, "_kept", [])
    blank = '<option value="" selected>选一个社区'
    stranger, asked = Client(), {"number": "DC26110001", "tail": "5678"}
    assert blank in stranger.get("/find/").content.decode()
    answer = stranger.post("/find/", asked | {"at": ""})
    assert answer.status_code == 422
    assert "选一下是哪个社区" in answer.content.decode()
    stranger.get(f"/at/{world.at}/")
    assert blank not in stranger.get("/find/").content.decode()
    theirs = Client(headers={"cookie": f'at="{world.at[:4]}-\\000"'})  # no cookie of ours
    assert "选一个社区" in theirs.get("/find/").content.decode()


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
        url,
        {
            "category": "light",
            "lat": "44.17",
            "lon": "87.55",
            "photos": [photo()],
            "phone": "10012345678",
        },
    )

    case = Case.objects.get()
    token_in(answer)
    assert (case.source, case.photo_count, case.text) == ("snapshot", 1, "随手拍：路灯")
    phone.post(url, {"category": "light", "spot": "西门", "photos": [photo(size=(320, 240))]})
    assert Case.objects.order_by("-id")[0].reporter.phone == "10012345678"


def test_a_snapshot_at_a_scanned_door_needs_no_place(world, phone):
    make_category("light", "路灯", shown_in_snapshot=True)
    home = phone.get(f"/s/{world.door.code}/").content.decode()
    url = f"/at/{world.at}/snap/"
    assert f'href="{url}?code={world.door.code}"' in home

    page = phone.get(f"{url}?code={world.door.code}").content.decode()
    assert "扫码自动填写" in page
    assert 'name="estate"' not in page
    sent = {"category": "light", "code": world.door.code, "photos": [photo()]}
    token_in(phone.post(url, sent))

    assert Case.objects.get().place_label in page
    # A code of nowhere is no place.
    assert phone.post(url, sent | {"code": "nowhere", "photos": [photo()]}).status_code == 422


def test_my_cases_need_an_account_and_show_those_of_the_phone(world, phone):
    case = make_case(world, at=clock.now())
    phone.get(f"/s/{world.door.code}/")
    assert "/resident/sign-in/" in phone.get("/my/")["Location"]

    mei = people_makers.make_resident("10012345678", name="梅小雨")
    signed_in = people_makers.sign_in(mei.id, world.community.tenant_id)
    page = signed_in.get("/my/").content.decode()
    assert case.number in page
    signed_in.get(world.report)
    token_in(send(signed_in, world, text="登录后报的", phone="", go="new"))
    assert Case.objects.order_by("-id")[0].reporter.account_id == mei.id


def test_staff_who_scan_a_code_are_reporters_like_anybody(world, phone):
    signed_in = people_makers.sign_in(world.lin.account_id, world.community.tenant_id)
    signed_in.get(world.report)
    token_in(send(signed_in, world, text="下班路上看到的", go="new"))
    case = Case.objects.get()
    assert (case.entered_by, case.reporter.account_id) == (None, None)


def test_large_type_offers_one_step_after_the_other(world, phone):
    phone.cookies["size"] = "large"
    page = phone.get(f"/s/{world.door.code}/").content.decode()
    assert "一步一步来上报" in page


def test_the_same_again_starts_with_place_and_category_filled_in(world, phone):
    case = resolved(world)
    token = telling.token_of(case)
    closing.rate_case(
        token=token,
        is_solved=True,
        satisfaction=3,
        comment="",
        actor=reporter(case.tenant_id),
        now=clock.now(),
    )
    page = phone.get(f"/at/{world.at}/report/?again={token}").content.decode()
    assert f"上次编号 {case.number}" in page
    assert str(world.building.pk) in page


def test_another_tenants_link_shows_nothing_of_ours(world, phone, abroad):
    with tenancy.tenant(abroad.pk):
        pass
    assert phone.get(f"/at/away-{world.community.code}/").status_code == 404
