"""A team hears of its campaign: set, changed, called off, and the evening before; each once."""

from datetime import timedelta

import pytest

from linli.campaigns.services import planning, telling
from linli.campaigns.services.planning import CampaignSheet
from linli.campaigns.states import CampaignState
from linli.campaigns.tests.makers import DAY, HOUR, MONDAY, make_campaign, make_ground
from linli.kernel import tenancy, worker
from linli.kernel.models import Job
from linli.messages.models import Notice

pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def world(in_home):
    return make_ground()


def titles(actor) -> list[str]:
    rows = Notice.objects.filter(account_id=actor.account_id, event_name__startswith="campaigns.")
    return list(rows.order_by("created_at", "pk").values_list("title", flat=True))


def tell(campaign, now=MONDAY + HOUR):
    campaign.refresh_from_db()
    telling.tell_team(campaign_id=campaign.pk, version=campaign.version, now=now)


def test_a_team_hears_once_of_many_steps_and_again_of_what_changed_for_it(world):
    campaign = make_campaign(world, starts_on=(MONDAY + 2 * DAY).date(),
                             ends_on=(MONDAY + 4 * DAY).date())  # fmt: skip
    with tenancy.all_tenants():
        worker.tick(MONDAY)
    asked = Job.objects.filter(task="campaigns.tell")
    assert asked.count() == 1
    # A step that another one followed is not told of.
    telling.tell_team(campaign_id=campaign.pk, version=campaign.version - 1, now=MONDAY)
    assert titles(world.lin) == []
    tell(campaign)
    assert titles(world.lin) == titles(world.cai) == ["参加整治行动：乱堆乱放集中整治"]
    body = Notice.objects.get(account_id=world.lin.account_id).body
    assert "到现场 3 天。09:00 西门集合。在第一网格，由您牵头。" in body
    tell(campaign)
    assert len(titles(world.lin)) == 1
    planning.set_day(
        campaign_id=campaign.pk, on=(MONDAY + 3 * DAY).date(), is_off=True, actor=world.desk,
        now=MONDAY,
    )  # fmt: skip
    member = campaign.members.get(organisation=world.bureau)
    planning.remove_member(member_id=member.pk, actor=world.desk, now=MONDAY)
    tell(campaign)
    tell(campaign)
    assert titles(world.lin)[1:] == ["整治行动有变化：乱堆乱放集中整治"]
    assert titles(world.cai)[1:] == ["不用去了：乱堆乱放集中整治"]


def test_a_campaign_that_is_called_off_is_told_to_who_was_told_of_it(world):
    campaign = make_campaign(world, is_running=False)
    tell(campaign)
    planning.move_campaign(
        campaign_id=campaign.pk, state=CampaignState.CANCELLED, actor=world.desk, now=MONDAY + HOUR
    )
    tell(campaign)
    tell(campaign)
    assert titles(world.lin)[-1:] == titles(world.cai)[-1:] == ["整治行动取消：乱堆乱放集中整治"]
    assert len(titles(world.lin)) == 2


def test_the_evening_before_each_hears_once_of_all_that_is_tomorrow(world):
    tomorrow = (MONDAY + DAY).date()
    for number in range(2):
        make_campaign(world, title=f"第{number}次整治", starts_on=tomorrow, ends_on=tomorrow)
    noon = MONDAY.replace(hour=4)
    assert telling.tell_tomorrow(noon) == 0
    evening = noon + timedelta(hours=6)
    assert telling.tell_tomorrow(evening) == 2
    telling.tell_tomorrow(evening + HOUR)
    assert titles(world.lin) == ["明天整治：第0次整治、第1次整治"]
    assert telling.tell_tomorrow(evening + DAY) == 0


def test_what_is_over_is_not_told(world):
    campaign = make_campaign(world)
    tell(campaign, now=MONDAY + 9 * DAY)
    sheet = CampaignSheet(title="x", starts_on=MONDAY.date(), ends_on=MONDAY.date())
    planning.change_campaign(campaign_id=campaign.pk, sheet=sheet, actor=world.desk, now=MONDAY)
    tell(campaign, now=MONDAY + 9 * DAY)
    assert titles(world.lin) == []
