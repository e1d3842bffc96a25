"""The three lists: a matter closes on evidence and the word of who raised it, and is carried until then."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from linli.campaigns.errors import IllegalMove
from linli.campaigns.models import Matter
from linli.campaigns.selectors import dockets as asked
from linli.campaigns.services import dockets, gathering, matters, working
from linli.campaigns.services.dockets import DocketSheet
from linli.campaigns.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_campaign,
    make_ground,
    make_matter,
    picture,
    tenant_code,
)
from linli.cases.models import Case
from linli.cases.services import closing, handling, telling
from linli.cases.tests.makers import make_case
from linli.kernel import clock, outbox, sheets
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, DomainError, NotFound
from linli.people.tests.makers import sign_in

pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def world(in_home):
    return make_ground()


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def shown(world, matter, **facts):
    return matters.show_matter(
        matter_id=matter.pk, evidence="换了电机，试了十次。", actor=world.manager, now=MONDAY + HOUR,
        **facts,
    )  # fmt: skip


def again(matter):
    matter.refresh_from_db()
    return str(matter.state)


def test_evidence_alone_closes_nothing_and_a_word_without_evidence_neither(world):
    _docket, matter = make_matter(world, world.desk, MONDAY)
    token = asked.token_of(matter, tenant_code(world))
    with pytest.raises(IllegalMove):
        matters.say_word_by_link(token=token, is_done=True, word="", now=MONDAY)
    shown(world, matter)
    assert again(matter) == "shown"
    with pytest.raises(BadInput):
        matters.say_word_by_link(token=token, is_done=False, word=" ", now=MONDAY)
    matters.say_word_by_link(token=token, is_done=False, word="又坏了。", now=MONDAY + DAY)
    assert (again(matter), matter.returned, matter.word_by) == ("open", 1, "")
    shown(world, matter)
    matters.say_word_by_link(token=token, is_done=True, word="好了。", now=MONDAY + DAY)
    assert (again(matter), matter.word_by) == ("closed", "link")
    with pytest.raises(IllegalMove):
        matters.say_word_by_link(token=token, is_done=False, word="咦", now=MONDAY + DAY)


def test_the_database_closes_nothing_without_evidence_and_a_word(world):
    _docket, matter = make_matter(world, world.desk, MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(state="closed", closed_at=MONDAY)


def test_who_raised_it_with_an_account_says_so_themselves(world):
    _docket, matter = make_matter(world, world.desk, MONDAY, is_own=True, raised_name="")
    shown(world, matter)
    facts = {"matter_id": matter.pk, "is_done": True, "word": "", "now": MONDAY + DAY}
    with pytest.raises(NotFound):
        matters.say_word(actor=world.lead, **facts)
    # Nobody else confirms it by a link that the desk could print for itself.
    slip = reverse("campaigns:matter_slip", args=[matter.pk])
    assert browser(world.desk).get(slip).status_code == 404
    token = asked.token_of(matter, tenant_code(world))
    with pytest.raises(NotFound):
        matters.say_word_by_link(token=token, is_done=True, word="", now=MONDAY + DAY)
    assert matters.say_word(actor=world.desk, **facts).word_by == "account"


def test_a_word_that_the_desk_writes_down_counts_once_a_second_person_checked_it(world):
    _docket, matter = make_matter(world, world.desk, MONDAY)
    shown(world, matter)
    facts = {"matter_id": matter.pk, "now": MONDAY + DAY}
    with pytest.raises(BadInput):
        matters.write_word(name="", is_done=True, word="好了", actor=world.desk, **facts)
    matters.write_word(name="王小河", is_done=True, word="能进能出。", actor=world.desk, **facts)
    assert again(matter) == "shown"
    with pytest.raises(DomainError, match="另一个人"):
        matters.check_word(actor=world.desk, **facts)
    matters.check_word(actor=world.lead, **facts)
    assert (again(matter), matter.word_by) == ("closed", "written")
    line = asked.line_of(matter, MONDAY + DAY)
    assert "王小河" not in line.word_words
    assert "复核" in line.word_words


def test_what_is_open_is_carried_to_the_next_meeting_and_what_is_closed_is_not(world):
    docket, matter = make_matter(world, world.desk, MONDAY)
    _docket, done = make_matter(world, world.desk, MONDAY, problem="路灯不亮", is_own=True)
    shown(world, done)
    matters.say_word(matter_id=done.pk, is_done=True, word="", actor=world.desk, now=MONDAY + DAY)
    facts = {"kind": "meeting", "series": "三方联席会", "held_on": docket.next_on}
    for _time in range(2):
        following, _new = dockets.open_docket(
            community_id=world.community.pk, sheet=DocketSheet(**facts), actor=world.desk,
            now=MONDAY + 31 * DAY,
        )  # fmt: skip
    (line,) = asked.lines_of(following, MONDAY + 31 * DAY)
    assert (line.matter.pk, line.is_carried, line.is_late) == (matter.pk, True, True)
    today = clock.local(MONDAY + 31 * DAY).date()
    assert asked.overdue_count(world.desk, today) == 1
    assert asked.overdue_count(world.manager, today) == 0


def test_the_reporters_rating_is_the_word_on_a_matter_that_came_from_their_case(world):
    docket, _matter = make_matter(world, world.desk, MONDAY)
    case = make_case(world)
    (matter,) = dockets.raise_cases(
        docket_id=docket.pk, case_ids=[case.pk], actor=world.desk, now=MONDAY
    )
    assert dockets.raise_cases(
        docket_id=docket.pk, case_ids=[case.pk], actor=world.desk, now=MONDAY
    ) == [matter]
    handling.resolve_case(case_id=case.pk, text="清走了。", actor=world.desk, now=MONDAY + HOUR)
    outbox.deliver_events(MONDAY + HOUR)
    assert (again(matter), "清走了" in matter.evidence) == ("shown", True)
    rated = {"token": telling.token_of(case), "comment": "", "actor": reporter(case.tenant_id)}
    closing.rate_case(is_solved=False, satisfaction=1, now=MONDAY + DAY, **rated)
    outbox.deliver_events(MONDAY + DAY)
    assert again(matter) == "open"
    handling.resolve_case(case_id=case.pk, text="又清了。", actor=world.desk, now=MONDAY + DAY)
    closing.rate_case(is_solved=True, satisfaction=3, now=MONDAY + 2 * DAY, **rated)
    outbox.deliver_events(MONDAY + 2 * DAY)
    assert (again(matter), matter.word_by) == ("closed", "rating")


def test_showing_a_matter_with_an_open_case_resolves_the_case_too(world):
    docket, _matter = make_matter(world, world.desk, MONDAY)
    case = make_case(world)
    (matter,) = dockets.raise_cases(
        docket_id=docket.pk, case_ids=[case.pk], actor=world.desk, now=MONDAY
    )
    matters.show_matter(matter_id=matter.pk, evidence="清了。", actor=world.desk, now=MONDAY + HOUR)
    case.refresh_from_db()
    assert case.state == "resolved"


def test_what_a_campaign_left_open_becomes_its_lists_and_follows_the_site(world):
    campaign = make_campaign(world)
    case = make_case(world)
    (entry,) = gathering.add_cases(
        campaign_id=campaign.pk, case_ids=[case.pk], kind_id=None, actor=world.desk, now=MONDAY
    )
    for _time in range(2):
        docket = dockets.open_docket_of_campaign(
            campaign_id=campaign.pk, actor=world.desk, now=MONDAY
        )
    twin = make_campaign(world)  # of the same name, on the same days
    other = dockets.open_docket_of_campaign(campaign_id=twin.pk, actor=world.desk, now=MONDAY)
    assert (other.pk == docket.pk, other.campaign_id) == (False, twin.pk)
    (line,) = asked.lines_of(docket, MONDAY)
    working.settle_entry(entry_id=entry.pk, after=(picture(),), actor=world.lin, now=MONDAY + HOUR)
    while outbox.deliver_events(MONDAY + HOUR):
        pass
    assert (again(line.matter), "已整治" in line.matter.evidence) == ("shown", True)


def test_the_agenda_suggests_what_is_late_and_what_came_back(world):
    docket, _matter = make_matter(world, world.desk, MONDAY)
    case = make_case(world)
    (group,) = asked.agenda(docket, world.desk, MONDAY + 20 * DAY)
    assert [one.pk for one in group.cases] == [case.pk]
    # Promised for one in the morning: that is the next day here, whatever it is in UTC.
    Case.objects.filter(pk=case.pk).update(resolve_due_at=MONDAY + 16 * HOUR)
    (matter,) = dockets.raise_cases(
        docket_id=docket.pk, case_ids=[case.pk], actor=world.desk, now=MONDAY
    )
    assert matter.due_on == (MONDAY + DAY).date()
    assert asked.agenda(docket, world.desk, MONDAY + 20 * DAY) == []


def test_responsibility_needs_a_body_a_measure_and_a_day(world):
    _docket, matter = make_matter(world, world.desk, MONDAY)
    whole = {
        "organisation_id": world.property_company.pk, "measure": "换", "due_on": MONDAY.date(),
    }  # fmt: skip
    for name, field in (
        ("organisation_id", "target"),
        ("measure", "measure"),
        ("due_on", "due_on"),
    ):
        facts = whole | {name: "" if name == "measure" else None}
        with pytest.raises(BadInput) as refusal:
            matters.agree_matter(matter_id=matter.pk, actor=world.desk, now=MONDAY, **facts)
        assert refusal.value.field == field


def test_the_pages_of_a_meeting_lead_from_a_problem_to_its_end(world):
    now = clock.now()
    desk, manager = browser(world.desk), browser(world.manager)
    today = clock.local(now).date()
    sent = {
        "community": world.community.pk, "kind": "meeting", "series": "三方联席会",
        "held_on": today.isoformat(), "next_on": (today + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert desk.post(reverse("campaigns:docket_new"), {**sent, "series": ""}).status_code == 422
    page = desk.post(reverse("campaigns:docket_new"), sent, follow=True)
    docket = asked.dockets(world.desk)[0]
    at = reverse("campaigns:matter_new", args=[docket.pk])
    assert "清单已建立" in page.content.decode()
    assert desk.post(at, {"problem": ""}).status_code == 422
    desk.post(at, {"problem": "道闸坏了", "raised_name": "王小河", "target": "", "due_on": ""})
    matter = Matter.objects.get()
    desk.post(
        reverse("campaigns:desk_matter_agreement", args=[matter.pk]),
        {"target": f"organisation:{world.property_company.pk}", "measure": "换", "due_on": today},
    )
    assert "道闸坏了" in manager.get(reverse("campaigns:field_matters")).content.decode()
    manager.post(reverse("campaigns:field_matter_evidence", args=[matter.pk]), {"evidence": "换了"})
    assert again(matter) == "shown"
    note = {"written-name": "王小河", "written-is_done": "1", "written-word": "行"}
    desk.post(reverse("campaigns:desk_matter_note", args=[matter.pk]), note)
    lead = browser(world.lead)
    page = lead.post(reverse("campaigns:desk_matter_check", args=[matter.pk]), follow=True)
    assert "已销号" in page.content.decode()
    paper = desk.get(reverse("campaigns:docket_paper", args=[docket.pk])).content.decode()
    assert [paper.count(name) for name in ("问题清单", "责任清单", "整改清单")] == [1, 1, 1]
    assert "王小河" not in paper
    book = desk.get(reverse("campaigns:docket_workbook", args=[docket.pk])).content
    assert sheets.read("x.xlsx", book).unread == ("责任清单", "整改清单")
    ics = desk.get(reverse("campaigns:invitation", args=[docket.pk])).content.decode()
    assert "BEGIN:VEVENT" in ics


def test_the_link_of_who_raised_it_asks_once_it_is_shown_and_a_guess_finds_nothing(world, client):
    _docket, matter = make_matter(world, world.desk, clock.now())
    token = asked.token_of(matter, tenant_code(world))
    at = reverse("campaigns:word", args=[token])
    assert "确认" not in client.get(at).content.decode()
    matters.show_matter(
        matter_id=matter.pk, evidence="换了。", actor=world.manager, now=clock.now()
    )
    assert "改好了吗" in client.get(at).content.decode()
    said = reverse("campaigns:word_said", args=[token])
    assert client.post(said, {"is_done": "0"}).status_code == 422
    assert "谢谢" in client.post(said, {"is_done": "1"}, follow=True).content.decode()
    assert again(matter) == "closed"
    assert client.get(reverse("campaigns:word", args=[token[:-1] + "x"])).status_code == 404
