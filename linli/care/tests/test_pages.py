"""The pages: three buttons at the door, the desk's lists and plans, the board, family by a link; phones."""

import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.care import field as phone
from linli.care import services
from linli.care.models import CareProfile, FamilyContact, Visit, VisitPhoto
from linli.care.selectors import alerts, lists
from linli.care.services import exporting
from linli.care.services.profiles import close
from linli.care.tests.makers import DAY, MONDAY, make_block, make_profile, register, visit
from linli.cases.models import Case
from linli.cases.tests.test_resident_pages import photo
from linli.field.selectors.items import as_plain, of_plain
from linli.field.services import submissions
from linli.kernel import clock, ids, runs
from linli.kernel.errors import BadInput, NotFound
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home):
    block = make_block()
    block.profile = make_profile(block, at=clock.now() - 10 * DAY)
    return block


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def test_two_taps_say_that_somebody_is_safe(world):
    sun = browser(world.sun)
    page = sun.get(reverse("care:field_day")).content.decode()
    assert "梅**" in page
    assert "梅玉兰" not in page
    card = reverse("care:field_card", args=[world.profile.pk])
    assert card in page
    shown = sun.get(card)
    key = shown.context["form"]["key"].value()
    answer = sun.post(card, {"key": key, "outcome": "safe"}, follow=True)
    again = sun.post(card, {"key": key, "outcome": "safe"}, follow=True)
    assert "记下了：平安。" in answer.content.decode() + again.content.decode()
    assert Visit.objects.count() == 1


def test_something_wrong_asks_what_and_becomes_a_case(world):
    sun, card = browser(world.sun), reverse("care:field_card", args=[world.profile.pk])
    asked = sun.post(card, {"key": ids.new_id(), "outcome": "wrong", "item_pills": "2"})
    assert asked.status_code == 200
    assert 'name="item_pills" value="2"' in asked.content.decode()
    assert "摔倒、受伤" in asked.content.decode()
    assert not Visit.objects.exists()
    refused = sun.post(card, {"key": ids.new_id(), "outcome": "wrong", "trouble": ""})
    assert refused.status_code == 422
    picture = SimpleUploadedFile("a.jpg", photo().read(), "image/jpeg")
    sun.post(card, {"key": ids.new_id(), "outcome": "wrong", "trouble": "fall", "is_danger": "on",
                    "photos": picture})  # fmt: skip
    assert Case.objects.get().is_urgent
    shot = VisitPhoto.objects.get()
    address = reverse("care:photo", args=[shot.pk, "thumb"])
    shown = sun.get(address)
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert browser(world.manager).get(address).status_code == 404


def test_the_list_of_items_is_kept_and_a_bad_number_is_told_at_its_field(world):
    lin, card = browser(world.lin), reverse("care:field_card", args=[world.profile.pk])
    answer = lin.post(card, {"outcome": "safe", "item_pills": "300"})
    assert answer.status_code == 422
    lin.post(card, {"outcome": "safe", "item_pills": "12", "item_stove": "no", "note": "挺好"})
    page = browser(world.desk).get(reverse("care:profile", args=[world.profile.pk]))
    text = page.content.decode()
    assert "灶具关好了吗" in text
    assert "挺好" in text
    assert "高血压" not in text


def test_why_and_numbers_are_shown_for_a_reason_only(world):
    son = services.name_family(
        profile_id=world.profile.pk, name="梅海", phone="10012340001", relation="child",
        actor=world.desk, now=MONDAY,
    )  # fmt: skip
    sun = browser(world.sun)
    for name, args, wanted in (
        ("care:field_reveal", [world.profile.pk], "高血压"),
        ("care:field_family", [son.pk], "10012340001"),
    ):
        address = reverse(name, args=args)
        assert wanted not in sun.post(address, {}).content.decode()
        assert wanted in sun.post(address, {"purpose": "visit"}).content.decode()
        assert browser(world.manager).post(address, {"purpose": "visit"}).status_code == 404
    desk = browser(world.desk)
    for name, args, wanted in (
        ("care:reveal", [world.profile.pk], "梅玉兰"),
        ("care:family_call", [son.pk], "梅海"),
    ):
        assert wanted in desk.post(reverse(name, args=args), {"purpose": "visit"}).content.decode()


def test_the_desk_agrees_on_a_plan_changes_and_ends_it(world):
    desk, chen = browser(world.desk), register(world, "陈桂英", "502")
    found = desk.get(reverse("care:pick"), {"q": "陈桂英"}).content.decode()
    address = reverse("care:start", args=[chen.pk])
    assert address in found
    assert desk.post(address, {"level": "weekly"}).status_code == 422
    sent = {"level": "weekly", "post": world.head_post.pk, "needs": ["oxygen", "mobility"]}
    desk.post(address, sent)
    profile = CareProfile.objects.get(person_id=chen.pk)
    assert profile.need_codes == ["oxygen", "mobility"]
    change = reverse("care:plan", args=[profile.pk])
    assert desk.post(change, sent | {"every_days": 3, "version": 1}).status_code == 302
    assert desk.post(change, sent | {"every_days": 4, "version": 1}).status_code == 422
    desk.post(reverse("care:family_add", args=[profile.pk]),
              {"name": "陈一", "phone": "10012340009", "relation": "child"})  # fmt: skip
    row = FamilyContact.objects.get()
    desk.post(reverse("care:family_end", args=[row.pk]))
    assert desk.post(reverse("care:end", args=[profile.pk]), {"reason": ""}).status_code == 422
    desk.post(reverse("care:end", args=[profile.pk]), {"reason": "recovered"})
    profile.refresh_from_db()
    assert (profile.every_days, profile.ended_reason) == (3, "recovered")
    lin = browser(world.lin)
    assert (
        lin.post(reverse("care:end", args=[world.profile.pk]), {"reason": "died"}).status_code
        == 404
    )


def test_the_list_begins_with_the_overdue_and_asks_few_questions(
    world, django_assert_max_num_queries
):
    for number in range(6):
        make_profile(world, register(world, f"王{chr(0x5E73 + number)}", f"60{number}"),
                     at=clock.now() - number * DAY)  # fmt: skip
    desk = browser(world.desk)
    with django_assert_max_num_queries(16):
        page = desk.get(reverse("care:list"))
    rows = page.context["page"].rows
    assert [one.late_days for one in rows] == [10, 5, 4, 3, 2, 1]
    for query in ("?tab=all&sort=unseen", "?tab=desk", "?level=weekly", "?after=nonsense",
                  f"?post={world.head_post.pk}", "?tab=all&post=x"):  # fmt: skip
        assert desk.get(reverse("care:list") + query).status_code == 200
    first = lists.care_list(lists.Asked(tab="all"), world.desk, clock.now(), limit=4)
    rest = lists.care_list(
        lists.Asked(tab="all", after=first.next_after), world.desk, clock.now(), limit=4
    )
    assert len({one.profile.pk for one in (*first.rows, *rest.rows)}) == 7
    (load,) = lists.workload(world.desk, clock.now())
    assert (load.people, load.late, load.name) == (7, 6, "3号楼楼栋长")
    assert browser(world.sun).get(reverse("care:list")).status_code == 404
    with django_assert_max_num_queries(20):
        browser(world.sun).get(reverse("care:field_day"))


def test_the_list_comes_as_a_file_masked_and_without_needs(world):
    now = clock.now()
    run = exporting.start_export(asked=lists.Asked(tab="all"), actor=world.desk, now=now, key="x")
    runs.carry_here(run, now, lambda: None)
    _row, file = runs.open_result(run_id=run.pk, actor=world.desk, now=now)
    with file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).active
    head, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert head[0] == "姓名"
    assert row[0] == "梅**"
    assert "药" not in str(row)
    with pytest.raises(NotFound):
        exporting.start_export(asked=lists.Asked(), actor=world.lin, now=now, key="y")


def test_the_desk_switches_on_sees_the_board_and_the_hall_sees_counts(world, monkeypatch):
    desk = browser(world.desk)
    until = clock.local(clock.now() + DAY).strftime("%Y-%m-%dT%H:%M")
    sent = {"kind": "snow", "area": world.community.pk, "until": until}
    assert desk.post(reverse("care:alert_new"), {"kind": "snow"}).status_code == 422
    board = desk.post(reverse("care:alert_new"), sent, follow=True)
    text = board.content.decode()
    assert "梅**" in text
    assert "长期用药" in text
    alert_id = board.context["found"].alert.pk
    make_profile(world, register(world, "陈桂英", "502"), at=clock.now())
    monkeypatch.setattr(alerts, "PAGE", 1)
    second = desk.get(reverse("care:alert", args=[alert_id]), {"state": "open", "page": 2})
    assert [row.line.name_masked for row in second.context["rows"]] == ["陈**"]
    assert "第 2 到 2 位，共 2 位" in second.content.decode()
    assert "?state=open&amp;page=1" in second.content.decode()
    hall = desk.get(reverse("care:hall", args=[alert_id])).content.decode()
    assert "梅" not in hall
    assert desk.get(reverse("care:alerts")).status_code == 200
    desk.post(reverse("care:alert_end", args=[alert_id]))
    assert (
        "恢复平常"
        in desk.get(reverse("care:alert", args=[alert_id]) + "?done=off").content.decode()
    )
    assert browser(world.manager).get(reverse("care:hall", args=[alert_id])).status_code == 404


# Phones


def sent(world, actor, outcome="safe", **facts):
    usual = {
        "id": uuid4(), "kind": "care.visit", "subject_id": world.profile.pk, "base_version": "1",
        "answers": {"outcome": outcome}, "photos": (), "made_at": clock.now() - DAY,
        "actor": actor, "now": clock.now(),
    }  # fmt: skip
    return submissions.Sent(**usual | facts)


def test_the_phones_card_says_who_why_and_what_to_look_for(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        (card,) = phone.cards(world.sun, clock.now())
    assert (card.title[:3], card.form, card.version) == ("梅**", "care.visit", "1")
    assert card.subject_id == str(world.profile.pk)
    assert card.is_late
    assert ("离不开", "长期用药") in card.facts
    codes = [item.code for item in card.items]
    assert codes == [
        "outcome",
        "trouble",
        "is_danger",
        "spirits",
        "stove",
        "pills",
        "note",
        "photo",
    ]
    assert all(of_plain(as_plain(item)) == item for item in card.items)
    assert phone.cards(world.manager, clock.now()) == []


def test_a_visit_made_offline_is_taken_once_when_it_happened(world):
    one = sent(world, world.sun, answers={"outcome": "safe", "pills": 5, "note": "好"})
    told = phone.take_visit(one)
    again = phone.take_visit(one)
    assert told == again
    visit_row = Visit.objects.get()
    assert (visit_row.at, visit_row.recorded_at) == (one.made_at, one.now)
    assert (visit_row.note, visit_row.is_counted) == ("好", True)
    never = sent(world, world.sun, answers={"outcome": "safe", "again_on": "2026-02-31"})
    with pytest.raises(BadInput):  # told to the phone, which would send it for ever otherwise
        phone.take_visit(never)


@pytest.mark.parametrize(("reason", "here"), [("died", "去世了"), ("moved", "搬走了")])
def test_somebody_died_or_moved_away_while_offline_and_both_words_stand_side_by_side(
    world, reason, here
):
    world.profile.refresh_from_db()
    close(world.profile, reason, world.desk, clock.now())
    with pytest.raises(submissions.Differs) as told:
        phone.take_visit(sent(world, world.sun))
    (difference,) = told.value.differences
    assert (difference.sent, difference.here) == ("平安", here)
    kept = phone.take_visit(sent(world, world.sun, base_version=str(world.profile.version)))
    assert "不在走访名单" in kept.words
    assert not Visit.objects.get().is_counted


def test_two_phones_that_wrote_the_same_visit_down_count_once(world):
    at = clock.now() - DAY
    phone.take_visit(sent(world, world.sun, "away", made_at=at))
    phone.take_visit(sent(world, world.lin, "away", made_at=at))
    world.profile.refresh_from_db()
    assert world.profile.misses == 1
    page = browser(world.desk).get(reverse("care:profile", args=[world.profile.pk]))
    assert "两个人都记了" in page.content.decode()


def test_a_search_is_visible_on_the_desks_rail(world):
    visit(world.profile, world.sun, "away", after=DAY)
    visit(world.profile, world.sun, "away", after=2 * DAY)
    visit(world.profile, world.lin, "away", after=2 * DAY)
    assert lists.count_at_desk(world.desk) == 1
    page = browser(world.desk).get(reverse("care:list") + "?tab=desk").content.decode()
    assert "找不到人" in page
