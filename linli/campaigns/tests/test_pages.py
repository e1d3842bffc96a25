"""The pages of campaigns: planned, gathered, worked on site, counted on one page."""

import pytest
from django.urls import reverse

from linli.campaigns.models import Campaign, Entry, EntryImport
from linli.campaigns.services import planning
from linli.campaigns.states import CampaignState
from linli.campaigns.tests.makers import (
    allow,
    make_campaign,
    make_entry,
    make_ground,
    picture,
)
from linli.cases.tests.makers import make_case
from linli.kernel import clock, sheets
from linli.people.tests.makers import sign_in
from tests.journeys.acting import picture as shot

pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def world(in_home):
    return make_ground()


@pytest.fixture
def campaign(world):
    return make_campaign(world, at=clock.now())


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def photo(colour="green"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.jpg", shot(colour)["buffer"], "image/jpeg")


def test_a_campaign_is_planned_started_and_ended_on_the_desk(world):
    desk = browser(world.desk)
    sent = {
        "community": world.community.pk, "title": "西片整治", "starts_on": "2026-03-02",
        "ends_on": "2026-03-03", "meet": "09:00 西门",
    }  # fmt: skip
    assert (
        desk.post(reverse("campaigns:campaign_new"), {**sent, "ends_on": "2026-03-01"}).status_code
        == 422
    )
    answer = desk.post(reverse("campaigns:campaign_new"), sent, follow=True)
    assert "已安排" in answer.content.decode()
    campaign = Campaign.objects.get()
    at = lambda name: reverse(f"campaigns:{name}", args=[campaign.pk])  # noqa: E731
    desk.post(at("part"), {"area_id": world.grid.pk})
    desk.post(at("member"), {"target": f"organisation:{world.bureau.pk}", "is_lead": "on"})
    desk.post(at("day"), {"day-on": "2026-03-03", "day-is_off": "on"})
    page = desk.get(at("plan")).content.decode()
    assert "城市管理局" in page
    assert "3 月 3 日" not in page
    assert "已开始" in desk.post(at("move"), {"state": "running"}, follow=True).content.decode()
    make_entry(world, campaign)
    refused = desk.post(at("move"), {"state": "ended"})
    assert (refused.status_code, "没有结果" in refused.content.decode()) == (422, True)
    ended = desk.post(at("move"), {"state": "ended", "leftover": "下次"}, follow=True)
    assert "结果单可以打印" in ended.content.decode()


def test_open_cases_are_ticked_onto_the_list(world, campaign):
    case, desk = make_case(world, at=clock.now()), browser(world.desk)
    at = reverse("campaigns:from_cases", args=[campaign.pk])
    assert case.number in desk.get(at).content.decode()
    assert desk.post(at, {"kind": ""}).status_code == 422
    assert "已列入清单" in desk.post(at, {"case_ids": [case.pk]}, follow=True).content.decode()
    assert "已在清单上" in desk.get(at).content.decode()


def test_a_table_is_looked_at_before_it_is_taken_and_twice_is_once(world, campaign):
    rows = [
        ("乱堆乱放", "天山花园3号楼", "纸箱", 2), ("乱堆乱放", "天山花园3号楼", "纸箱", 2),
        ("“僵尸车”", "西墙外", "", ""), ("不认识", "西墙外", "", 1), ("乱堆乱放", "", "", 1),
        ("乱堆乱放", "东门", "", "很多"),
    ]  # fmt: skip
    content = sheets.write_xlsx("清单", ["类型", "地点", "说明", "数量"], rows)
    from django.core.files.uploadedfile import SimpleUploadedFile

    desk, at = browser(world.desk), reverse("campaigns:table", args=[campaign.pk])
    for _time in range(2):
        page = desk.post(at, {"file": SimpleUploadedFile("清单.xlsx", content)}, follow=True)
        words = page.content.decode()
        assert "2 行可以导入，4 行有问题" in words
        assert "和第 2 行重复" in words
        kept = EntryImport.objects.order_by("-id").first()
        desk.post(reverse("campaigns:import_confirm", args=[kept.pk]))
    assert list(Entry.objects.order_by("number").values_list("place_label", "count")) == [
        (f"{world.estate.name} {world.building.name}", 2), (f"{world.community.name} 西墙外", 1),
    ]  # fmt: skip
    again = desk.post(reverse("campaigns:import_discard", args=[kept.pk]))
    assert again.status_code == 409
    bad = desk.post(at, {"file": SimpleUploadedFile("x.csv", "甲,乙\n1,2".encode())})
    assert (bad.status_code, "表头" in bad.content.decode()) == (422, True)


def test_on_site_an_entry_is_settled_with_one_photo_and_the_next_one_waits(world, campaign):
    entry, lin = (
        make_entry(world, campaign, at=clock.now(), before=(picture("red"),)),
        browser(world.lin),
    )
    page = lin.get(reverse("campaigns:site", args=[campaign.pk]))
    assert entry.place_label in page.content.decode()
    at = reverse("campaigns:field_settlement", args=[entry.pk])
    assert lin.post(at, {}).status_code == 422
    done = lin.post(at, {"after": photo()}, follow=True)
    assert "办好了" in done.content.decode()
    assert Entry.objects.get().state == "settled"
    again = lin.post(at, {"after": photo("blue")})
    assert (again.status_code, "林岚已经把这一条办好了" in again.content.decode()) == (422, True)
    lin.post(reverse("campaigns:field_reopening", args=[entry.pk]))
    lin.post(reverse("campaigns:field_giving_up", args=[entry.pk]), {"reason": "锁着"})
    assert Entry.objects.get().state == "impossible"
    refused = lin.post(reverse("campaigns:field_handing", args=[entry.pk]), {"text": "要锁匠"})
    assert (refused.status_code, Entry.objects.get().result) == (422, "锁着")


def test_what_is_met_on_site_is_added_by_the_team_and_by_nobody_else(world, campaign):
    at = reverse("campaigns:field_entry_new", args=[campaign.pk])
    sent = {"kind": world.dump.pk, "spot": "北头", "count": 1, "place": f"grid:{world.grid.pk}"}
    assert browser(world.manager).post(at, sent).status_code == 404
    page = browser(world.cai).post(at, {**sent, "photos": photo("red")}, follow=True)
    assert "现场发现" in page.content.decode()
    assert Entry.objects.get().photos.count() == 1


def test_the_result_is_a_page_a_pdf_and_its_numbers_open_on_their_rows(world, campaign):
    entry = make_entry(world, campaign, at=clock.now(), before=(picture("red"),))
    lin, desk = browser(world.lin), browser(world.desk)
    lin.post(reverse("campaigns:field_settlement", args=[entry.pk]), {"after": photo()})
    planning.move_campaign(
        campaign_id=campaign.pk, state=CampaignState.ENDED, actor=world.desk, now=clock.now()
    )
    page = desk.get(reverse("campaigns:result", args=[campaign.pk])).content.decode()
    assert "清理乱堆乱放 1 处。" in page
    rows = desk.get(reverse("campaigns:entries", args=[campaign.pk]) + "?kind=dump&state=settled")
    assert entry.place_label in rows.content.decode()
    pdf = desk.get(reverse("campaigns:result_pdf", args=[campaign.pk])).content
    assert (pdf[:5], pdf.count(b"/Type /Page\n")) == (b"%PDF-", 1)
    book = desk.get(reverse("campaigns:workbook", args=[campaign.pk])).content
    assert sheets.read("x.xlsx", book).rows[1].cells[1] == "乱堆乱放"
    live = desk.get(
        reverse("campaigns:campaign", args=[campaign.pk]), headers={"HX-Request": "true"}
    )
    assert live.content.decode().lstrip().startswith("<section")


def test_what_an_address_cannot_mean_shows_the_whole_list(world, campaign):
    make_entry(world, campaign)
    at = reverse("campaigns:entries", args=[campaign.pk])
    page = browser(world.desk).get(at + "?state=x&part=1&after=-3&kind=%00")
    assert page.status_code == 200
    cases = reverse("campaigns:from_cases", args=[campaign.pk])
    assert browser(world.desk).get(cases + "?q=%00&category=x&after=%00").status_code == 200


def test_lists_cost_the_same_however_long_they_are(world, campaign, django_assert_max_num_queries):
    desk, at = browser(world.desk), reverse("campaigns:entries", args=[campaign.pk])
    for _number in range(6):
        make_entry(world, campaign, before=(picture("red"),))
    desk.get(at)
    with django_assert_max_num_queries(14):
        desk.get(at)


def test_a_result_becomes_the_draft_of_a_notice(world, campaign):
    entry = make_entry(world, campaign, at=clock.now())
    allow(world.desk, "publishing.write")
    desk = browser(world.desk)
    browser(world.lin).post(
        reverse("campaigns:field_settlement", args=[entry.pk]), {"after": photo()}
    )
    planning.move_campaign(
        campaign_id=campaign.pk, state=CampaignState.ENDED, actor=world.desk, now=clock.now()
    )
    assert campaign.title in desk.get(reverse("publishing:candidates")).content.decode()
    at = reverse("publishing:new", args=["notice"])
    assert "清理乱堆乱放 1 处" in desk.get(f"{at}?campaign={campaign.pk}").content.decode()
    assert desk.get(f"{at}?campaign=x").status_code == 200
