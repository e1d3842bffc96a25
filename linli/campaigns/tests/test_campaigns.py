"""A campaign from its plan to its end: a list is gathered, worked through on site, counted."""

import pytest

from linli.campaigns.errors import IllegalMove, SettledAlready
from linli.campaigns.models import Entry
from linli.campaigns.selectors import campaigns, lists, results
from linli.campaigns.services import gathering, planning, working
from linli.campaigns.states import CampaignState
from linli.campaigns.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_campaign,
    make_entry,
    make_ground,
    picture,
)
from linli.cases.models import Case
from linli.cases.services import closing, handling, telling
from linli.cases.tests.makers import make_case
from linli.kernel import outbox
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, DomainError, NotFound

pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def world(in_home):
    return make_ground()


@pytest.fixture
def campaign(world):
    return make_campaign(world)


def settle(entry, actor, **facts):
    facts = {"after": (picture("green"),), "now": MONDAY + HOUR} | facts
    return working.settle_entry(entry_id=entry.pk, actor=actor, **facts)


def state_of(entry) -> str:
    entry.refresh_from_db()
    return str(entry.state)


def test_every_day_between_the_ends_is_a_day_on_site_and_each_part_has_one_lead(world, campaign):
    assert [one.meet for one in campaigns.days_of(campaign)] == ["09:00 西门"] * 3
    team = campaigns.team_of(campaign)
    assert [(one.name, bool(one.part), one.is_lead) for one in team] == [
        ("城市管理局", False, True), (f"第一网格网格员（{team[1].name.split('（')[1]}", True, True),
    ]  # fmt: skip
    planning.add_member(
        campaign_id=campaign.pk, organisation_id=world.property_company.pk, is_lead=True,
        actor=world.desk, now=MONDAY,
    )  # fmt: skip
    assert [one.name for one in campaigns.team_of(campaign) if one.is_lead and not one.part] == [
        "安居物业"
    ]


def test_the_department_on_the_team_works_and_one_that_is_not_finds_nothing(world, campaign):
    entry = make_entry(world, campaign)
    assert settle(entry, world.cai).state == "settled"
    with pytest.raises(NotFound):
        settle(make_entry(world, campaign), world.manager)


def test_an_entry_is_settled_with_a_photo_once_and_the_same_key_again_changes_nothing(
    world, campaign
):
    entry = make_entry(world, campaign, before=(picture("red"),))
    with pytest.raises(BadInput):
        settle(entry, world.lin, after=())
    settle(entry, world.lin, key="a", count=3)
    settle(entry, world.lin, key="a")
    assert (state_of(entry), entry.count, entry.photos.count()) == ("settled", 3, 2)
    with pytest.raises(SettledAlready, match="林岚"):
        settle(entry, world.cai, key="b")


def test_settling_an_entry_that_came_from_a_case_resolves_the_case_and_asks_its_reporter(
    world, campaign
):
    case = make_case(world)
    (entry,) = gathering.add_cases(
        campaign_id=campaign.pk, case_ids=[case.pk], kind_id=None, actor=world.desk, now=MONDAY
    )
    settle(entry, world.cai)
    case.refresh_from_db()
    assert (case.state, case.handler_account_id) == ("resolved", world.cai.account_id)
    assert case.photos.filter(stage="after").count() == 1
    while outbox.deliver_events(MONDAY + HOUR):
        pass
    assert state_of(entry) == "settled"
    assert entry.is_settled_by_case is False


def test_a_case_resolved_by_its_handler_settles_the_entry_and_reopened_it_is_not_done(
    world, campaign
):
    case = make_case(world)
    (entry,) = gathering.add_cases(
        campaign_id=campaign.pk, case_ids=[case.pk], kind_id=None, actor=world.desk, now=MONDAY
    )
    handling.resolve_case(case_id=case.pk, text="清走了。", actor=world.desk, now=MONDAY + HOUR)
    outbox.deliver_events(MONDAY + HOUR)
    assert state_of(entry) == "settled"
    assert (entry.is_settled_by_case, entry.result) == (True, "清走了。")
    with pytest.raises(SettledAlready):
        settle(entry, world.cai)
    closing.rate_case(
        token=telling.token_of(case), is_solved=False, satisfaction=1, comment="又堆上了。",
        actor=reporter(case.tenant_id), now=MONDAY + DAY,
    )  # fmt: skip
    outbox.deliver_events(MONDAY + DAY)
    assert state_of(entry) == "handed"


def test_what_the_team_cannot_do_becomes_a_case_with_its_photos_once(world, campaign):
    entry = make_entry(world, campaign, before=(picture("red"),))
    for _time in range(2):
        working.hand_entry(entry_id=entry.pk, text="要铲车。", actor=world.lin, now=MONDAY, key="x")
    case = Case.objects.get()
    assert (state_of(entry), entry.case_number) == ("handed", case.number)
    assert (case.photo_count, case.source) == (1, "patrol")
    handling.resolve_case(case_id=case.pk, text="铲走了。", actor=world.desk, now=MONDAY + HOUR)
    outbox.deliver_events(MONDAY + HOUR)
    assert state_of(entry) == "settled"


def test_a_kind_without_a_category_asks_for_one(world, campaign):
    entry = make_entry(world, campaign, kind_id=world.car.pk)
    with pytest.raises(BadInput) as refusal:
        working.hand_entry(entry_id=entry.pk, text="车主不在。", actor=world.lin, now=MONDAY)
    assert refusal.value.field == "category"


def test_not_possible_needs_a_reason_and_leaves_a_note_on_the_case(world, campaign):
    case = make_case(world)
    (entry,) = gathering.add_cases(
        campaign_id=campaign.pk, case_ids=[case.pk], kind_id=None, actor=world.desk, now=MONDAY
    )
    with pytest.raises(BadInput):
        working.give_up_entry(entry_id=entry.pk, reason=" ", actor=world.lin, now=MONDAY)
    working.give_up_entry(entry_id=entry.pk, reason="车主要法院文书。", actor=world.lin, now=MONDAY)
    case.refresh_from_db()
    assert (state_of(entry), case.is_open) == ("impossible", True)
    assert case.entries.filter(text__contains="法院文书").exists()


def test_only_open_public_cases_of_the_place_go_on_a_list_and_on_one_list_only(world, campaign):
    case = make_case(world)
    facts = {"case_ids": [case.pk], "kind_id": None, "actor": world.desk, "now": MONDAY}
    gathering.add_cases(campaign_id=campaign.pk, **facts)
    assert gathering.add_cases(campaign_id=campaign.pk, **facts) == []
    other = make_campaign(world, title="再来一次", starts_on=MONDAY.date())
    with pytest.raises(BadInput, match="另一次"):
        gathering.add_cases(campaign_id=other.pk, **facts)
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    with pytest.raises((BadInput, NotFound)):
        gathering.add_cases(campaign_id=other.pk, **facts)


def test_a_campaign_ends_only_when_every_entry_has_a_result(world, campaign):
    make_entry(world, campaign)
    facts = {"campaign_id": campaign.pk, "state": CampaignState.ENDED, "actor": world.desk}
    with pytest.raises(BadInput) as refusal:
        planning.move_campaign(now=MONDAY + DAY, **facts)
    assert refusal.value.field == "leftover"
    planning.move_campaign(now=MONDAY + DAY, leftover="下次再来。", **facts)
    assert Entry.objects.get().state == "impossible"
    with pytest.raises(DomainError):
        make_entry(world, campaign)


def test_what_was_done_before_the_end_and_comes_after_it_counts(world, campaign):
    entry = make_entry(world, campaign)
    planning.move_campaign(
        campaign_id=campaign.pk, state=CampaignState.ENDED, leftover="没办。", actor=world.desk,
        now=MONDAY + DAY,
    )  # fmt: skip
    with pytest.raises(DomainError):
        settle(entry, world.lin, now=MONDAY + 2 * DAY)
    settle(entry, world.lin, now=MONDAY + 2 * DAY, at=MONDAY + HOUR)
    assert (state_of(entry), entry.settled_at) == ("settled", MONDAY + HOUR)


def test_a_planned_campaign_is_not_worked_and_a_cancelled_one_never_begins(world):
    campaign = make_campaign(world, is_running=False)
    with pytest.raises(DomainError):
        settle(make_entry(world, campaign), world.lin)
    facts = {"campaign_id": campaign.pk, "actor": world.desk, "now": MONDAY}
    planning.move_campaign(state=CampaignState.CANCELLED, **facts)
    with pytest.raises(IllegalMove):
        planning.move_campaign(state=CampaignState.RUNNING, **facts)


def test_the_result_counts_things_by_kind_and_shows_before_and_after(
    world, campaign, django_assert_max_num_queries
):
    for number in range(3):
        settle(make_entry(world, campaign, before=(picture("red"),)), world.lin, key=str(number))
    settle(make_entry(world, campaign, kind_id=world.car.pk, count=2), world.cai)
    make_entry(world, campaign)
    with django_assert_max_num_queries(8):
        result = results.result_of(campaign.pk, world.desk)
    assert result.text == "清理乱堆乱放 3 处，清理“僵尸车” 2 辆。"
    assert (len(result.pairs), result.total, result.by_state["open"]) == (3, 5, 1)
    assert result.bodies[0] == "城市管理局"


def test_a_list_is_asked_by_state_kind_and_part_in_three_queries(
    world, campaign, django_assert_num_queries
):
    for _number in range(4):
        make_entry(world, campaign)
    make_entry(world, campaign, kind_id=world.car.pk, place="", spot="西墙外")
    part = campaigns.parts_of(campaign)[0]
    with django_assert_num_queries(1):
        rows, has_more = lists.entries(campaign, lists.Asked(kind="dump", part_id=part.pk))
    assert ([one.number for one in rows], has_more) == ([1, 2, 3, 4], False)
    assert lists.state_counts(campaign)["open"] == 5


def test_the_lines_of_the_list_show_how_far_each_campaign_is(world, campaign):
    settle(make_entry(world, campaign), world.lin)
    make_entry(world, campaign)
    (line,) = campaigns.campaigns(world.desk, MONDAY)
    assert (line.percent, line.total, line.is_today) == (50, 2, True)
    assert campaigns.running_count(world.desk) == 1
    assert campaigns.campaigns(world.manager, MONDAY) == []
    assert [one.pk for one in campaigns.today_of(world.cai, MONDAY)] == [campaign.pk]
