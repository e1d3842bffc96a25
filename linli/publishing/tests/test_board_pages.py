"""The board as everybody sees it: only what was released, no names, a rate over 13 answers says 13."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from linli.kernel import clock
from linli.kernel.tests.test_pdf import page_count, words_of
from linli.publishing import services
from linli.publishing.rules import periods
from linli.publishing.tests.makers import (
    make_article,
    make_board,
    make_declined,
    make_resolved,
    release,
)

NOW = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # Wednesday noon of the week that begins on MONDAY
MONDAY_0008 = datetime(2026, 3, 8, 16, 8, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def on_wednesday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def world(in_home):
    return make_board()


def page(world, path="", status=200):
    answer = Client().get(f"/board/{world.at}/{path}")
    assert answer.status_code == status
    return b"".join(answer).decode() if not answer.streaming else ""


def shown(world, case):
    article = services.prepare_case(case_id=case.pk, actor=world.wen, now=NOW)
    release(world, article, now=NOW)
    return article


def test_a_board_with_nothing_on_it_says_so(world):
    body = page(world)
    assert "还没有人评价，所以没有百分数" in body
    assert "这一期还没有放出来的" in body


def test_all_boards_are_listed(world):
    body = Client().get("/board/").content.decode()
    assert f'href="/board/{world.at}/"' in body


def test_what_was_done_and_what_cannot_be_done_stand_there_without_names(world):
    done = shown(world, make_resolved(world, with_photos=True, name="李小明",
                                      text="我叫李小明，垃圾桶满了。"))  # fmt: skip
    shown(world, make_declined(world, text="想装电梯，我的电话 13812345678。"))
    body = page(world)
    assert "垃圾清走了，桶也换了新的。" in body
    assert f"/articles/{done.pk}/before/thumb/" in body
    assert f"/articles/{done.pk}/after/thumb/" in body
    assert "《物业管理条例》第五十条" in body
    assert "可以请社区帮着召集业主商量" in body
    for secret in ("李小明", "13812345678", "10012345678", "林岚", "温如", "方正"):
        assert secret not in body


def test_nobody_sees_what_is_not_released(world):
    draft = make_article(world)
    waiting = make_article(world, title="等人发布的")
    services.submit_article(article_id=waiting.pk, actor=world.wen, now=NOW)
    prepared = services.prepare_case(
        case_id=make_resolved(world, with_photos=True).pk, actor=world.wen, now=NOW
    )
    body = page(world)
    for one in (draft, waiting, prepared):
        assert one.title not in body
        page(world, f"articles/{one.pk}/", 404)
    for stage in ("before", "after"):
        page(world, f"articles/{prepared.pk}/{stage}/full/", 404)
    for feed in ("board.atom", "cases.geojson", "notices.ics"):
        assert "垃圾" not in page(world, feed)


def test_a_photo_is_public_with_its_article_and_only_so_long(world):
    article = shown(world, make_resolved(world, with_photos=True))
    address = f"/board/{world.at}/articles/{article.pk}/after/thumb/"
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    b"".join(answer.streaming_content)
    assert Client().get(address.replace("after", "other")).status_code == 404
    assert Client().get(address.replace("thumb", "huge")).status_code == 404
    services.withdraw_article(article_id=article.pk, reason="撤", actor=world.fang, now=NOW)
    assert Client().get(address).status_code == 404


def test_a_withdrawn_article_is_gone_at_once(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(world)
        release(world, article, now=NOW)
    assert article.title in page(world)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw_article(article_id=article.pk, reason="撤", actor=world.fang, now=NOW)
    assert article.title not in page(world)
    page(world, f"articles/{article.pk}/", 404)


def test_another_communitys_article_is_not_found_here(world):
    from linli.places.tests.makers import make_community

    make_community("别处社区", "659004003009")
    article = make_article(world)
    release(world, article, now=NOW)
    assert Client().get(f"/board/home-659004003009/articles/{article.pk}/").status_code == 404
    assert Client().get(f"/board/away-1/articles/{article.pk}/").status_code == 404
    assert Client().get("/board/home-000000000000/").status_code == 404


def test_markup_is_words_and_never_html(world):
    text = (
        "<script>alert(1)</script>\n## 带什么\n- [ ] 身份证 <b>原件</b>\n1. 去[社区](/at/x/)\n"
        "[坏](javascript:alert(1)) [也坏](//evil.cn) https://gov.cn/a?b=1&c=2"
    )
    article = make_article(world, text=text)
    release(world, article, now=NOW)
    body = page(world, f"articles/{article.pk}/")
    assert "&lt;script&gt;" in body
    assert "<script>alert" not in body
    assert "<b>原件" not in body
    assert '<a href="/at/x/">社区</a>' in body
    assert 'href="javascript' not in body
    assert 'href="//evil' not in body
    assert 'href="https://gov.cn/a?b=1&amp;c=2"' in body


def test_a_notice_hangs_from_its_first_day_to_its_last(world):
    def notice(title, first, last):
        article = make_article(world, "notice", title=title, valid_from=first, valid_until=last)
        release(world, article, now=NOW)
        return article

    today = date(2026, 3, 4)
    day = timedelta(days=1)
    notice("正挂着的", today, today)
    coming = notice("明天才挂的", today + day, None)
    over = notice("昨天过期的", None, today - day)
    body = page(world)
    assert "正挂着的" in body
    assert "明天才挂的" not in body
    assert "昨天过期的" not in body
    page(world, f"articles/{coming.pk}/", 404)
    assert "已经过期" in page(world, f"articles/{over.pk}/")


@pytest.mark.parametrize(
    "path",
    ["week/2026-13-45/", "week/abc/", "month/2026-3/", "day/2026-03-02/", "week/2030-01-07/",
     "month/1999-01/", "week/9999-12-31/", "week/２０２６-03-02/"],
)  # fmt: skip
def test_a_period_that_is_none_is_not_found(world, path):
    page(world, path, 404)


def test_weeks_and_months_lead_to_each_other(world):
    body = page(world)
    assert f"/board/{world.at}/week/2026-02-23/" in body
    assert f"/board/{world.at}/month/2026-03/" in body
    assert "/week/2026-03-09/" not in body
    earlier = page(world, "month/2026-02/")
    assert f"/board/{world.at}/month/2026-01/" in earlier
    assert "现在还在办" not in earlier


def test_early_on_a_monday_what_was_done_last_week_still_hangs(world, monkeypatch):
    shown(world, make_resolved(world))
    assert "本周办好的事" in page(world)
    monkeypatch.setattr(clock, "now", lambda: MONDAY_0008)
    body = page(world)
    assert "上周办好的事" in body
    assert "垃圾清走了，桶也换了新的。" in body
    assert "本周办好的事" not in body


def test_large_letters_are_a_page_of_their_own(world):
    assert 'class="elder"' not in page(world)
    client = Client()
    client.cookies["size"] = "large"
    assert 'class="elder"' in client.get(f"/board/{world.at}/").content.decode()


def test_a_full_board_is_light(world):
    for number in range(30):
        shown(world, make_resolved(world, text=f"第{number}处垃圾桶满了。", phone=""))
    for number in range(12):
        release(world, make_article(world, title=f"指南之{number}"), now=NOW)
    body = Client().get(f"/board/{world.at}/").content
    assert len(gzip.compress(body, 6)) < 12_000


# For machines


def test_the_atom_feed_is_read_back(world):
    release(world, make_article(world, "notice", title="停水 & 停电 <全天>"), now=NOW)
    shown(world, make_declined(world))
    answer = Client().get(f"/board/{world.at}/board.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{needed}") is not None
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    assert "公告：停水 & 停电 <全天>" in {one.findtext(f"{ATOM}title") for one in entries}
    for one in entries:
        assert one.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated"))
        link = one.find(f"{ATOM}link").get("href")
        assert Client().get(link).status_code == 200


def test_an_empty_feed_is_still_one(world):
    feed = ElementTree.fromstring(Client().get(f"/board/{world.at}/board.atom").content)
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")


def test_the_map_of_cases_is_rounded_to_a_block(world):
    from linli.cases.models import Case

    case = make_resolved(world)
    Case.objects.filter(pk=case.pk).update(lat=44.1623456, lon=87.5412345)
    shown(world, Case.objects.get(pk=case.pk))
    answer = Client().get(f"/board/{world.at}/cases.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    found = json.loads(answer.content)
    (feature,) = found["features"]
    assert found["type"] == "FeatureCollection"
    assert feature["geometry"] == {"type": "Point", "coordinates": [87.541, 44.162]}
    assert feature["properties"]["place"] == "天山花园 3号楼"
    assert feature["properties"]["kind"] == "resolved"


def test_the_calendar_is_read_back(world):
    start = NOW + timedelta(days=3)
    evening = make_article(
        world, "notice", title="义诊；带医保卡, 早点来", event_starts_at=start,
        event_ends_at=start + timedelta(hours=2), event_place="社区大厅",
    )  # fmt: skip
    release(world, evening, now=NOW)
    days = make_article(
        world, "notice", title="停水", valid_from=date(2026, 3, 4), valid_until=date(2026, 3, 5)
    )
    release(world, days, now=NOW)
    release(world, make_article(world, "notice", title="没有日子的"), now=NOW)
    answer = Client().get(f"/board/{world.at}/notices.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    events = {str(one["summary"]): one for one in calendar.walk("VEVENT")}
    assert set(events) == {"义诊；带医保卡, 早点来", "停水"}
    assert events["义诊；带医保卡, 早点来"].decoded("dtstart") == start
    assert events["停水"].decoded("dtend") == date(2026, 3, 6)
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    single = Client().get(f"/board/{world.at}/articles/{evening.pk}/event.ics")
    assert len(Calendar.from_ical(single.content).walk("VEVENT")) == 1
    page(world, f"articles/{make_article(world).pk}/event.ics", 404)


def test_the_sheet_is_one_page_whatever_there_is_to_say(world):
    for number in range(8):
        shown(world, make_resolved(world, text="垃" * 400, phone="", spot=str(number)))
        shown(world, make_declined(world, text="电" * 400, phone="", spot=str(number)))
        release(world, make_article(world, "notice", title="停" * 60, text="水" * 900), now=NOW)
    answer = Client().get(f"/board/{world.at}/week/2026-03-02/board.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert page_count(answer.content) == 1
    words = words_of(answer.content)
    for one in ("公开栏", "办好的事", "办不了的事", "公告", "扫码看全部"):
        assert one in words
    assert "扫码看全部" in page(world, "week/2026-03-02/print/")


def test_periods_know_their_neighbours():
    week = periods.read("week", "2026-01-01")
    assert week.start == "2025-12-29"
    assert (week.before().start, week.after().start) == ("2025-12-22", "2026-01-05")
    month = periods.read("month", "2026-02")
    assert (month.last_day.day, month.days) == (28, 28)
    assert month.before().start == "2026-01"
    assert periods.read("week", "2000-01-03").before() is None
