"""The desk is helped to judge: a suggestion taken over, the same thing found, its record (issue 3, 6)."""

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case, Judgement
from linli.cases.services import intake
from linli.cases.tests.makers import make_category
from linli.kernel import clock
from linli.kernel.actor import reporter
from linli.people.tests.makers import PASSWORD
from linli.places import selectors as places
from tests.journeys.acting import deliver, press, shoot

pytestmark = [pytest.mark.journey]

DESKTOP = {"width": 1440, "height": 900}
LAMP = "3号楼2单元的楼道灯坏了三天，晚上一片黑，老人上下楼看不见"


@pytest.fixture
def kinds(live_server: Any, cast: Any) -> SimpleNamespace:
    """Return two kinds of cases that words speak for, in the named world, served."""
    return SimpleNamespace(
        parking=make_category("parking", "停车秩序"),
        lighting=make_category("lighting", "路灯楼道灯"),
    )


def reported(cast: Any, text: str, category: Any) -> Case:
    report = intake.Report(
        category_id=category.pk,
        text=text,
        where=places.where_of(community_id=cast.community.pk, building_id=cast.building.pk),
        source="scan",
    )
    return intake.report_case(report=report, actor=reporter(cast.home.pk), now=clock.now())[0]


def enter(page: Any, login: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk/**")


@pytest.mark.row("S3 3.3")
def test_a_suggestion_is_taken_over_and_a_repeat_is_merged_by_the_desk(cast, kinds, open_page, axe):
    first = reported(cast, LAMP, kinds.parking)
    again = reported(cast, LAMP + "，请修一下", kinds.lighting)
    deliver()
    desk = open_page(viewport=DESKTOP)
    enter(desk, "desk")

    desk.goto(f"/desk/cases/{first.pk}/")
    axe(desk)
    shoot(desk, "judgement-case")
    desk.locator("#judgement li", has_text="路灯楼道灯").get_by_role("button").click()
    desk.wait_for_url("**done=correct**")
    assert Case.objects.get(pk=first.pk).category_id == kinds.lighting.pk

    desk.goto(f"/desk/cases/{again.pk}/")
    axe(desk)
    shoot(desk, "judgement-repeat")
    expect(desk.get_by_text("很可能有人报过")).to_be_visible()
    assert Case.objects.get(pk=again.pk).merged_into_id is None  # nothing merges by itself
    press(desk, "是同一件，并进去")
    desk.wait_for_url("**done=merge**")
    assert Case.objects.get(pk=again.pk).merged_into_id == first.pk

    deliver()
    assert Judgement.objects.get(case=first).word == "taken"
    assert Judgement.objects.get(case=again).is_same is True
    lead = open_page(viewport=DESKTOP)
    enter(lead, "lead")
    lead.goto("/desk/settings/judgement/")
    axe(lead)
    shoot(lead, "judgement-record")
    expect(lead.get_by_role("row", name="路灯楼道灯").get_by_text("100%")).to_be_visible()
