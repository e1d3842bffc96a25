"""A case on the lists of a campaign becomes confidential: the lists keep its number alone."""

import pytest

from linli.campaigns.services import dockets, gathering, working
from linli.campaigns.tests.makers import (
    HOUR,
    MONDAY,
    make_campaign,
    make_ground,
    make_matter,
    picture,
)
from linli.cases.services import correcting, handling, intake
from linli.cases.tests.makers import make_category, make_post, make_report, make_staff
from linli.kernel import outbox
from linli.kernel.actor import reporter

pytestmark = pytest.mark.usefixtures("in_home")


def test_of_a_case_that_becomes_confidential_the_lists_keep_only_the_number():
    world = make_ground()
    campaign = make_campaign(world)
    case, _is_new = intake.report_case(
        report=make_report(world, text="老王家又打老婆"), photos=(picture("red"),),
        actor=reporter(world.community.tenant_id), now=MONDAY,
    )  # fmt: skip
    (entry,) = gathering.add_cases(
        campaign_id=campaign.pk, case_ids=[case.pk], kind_id=None, actor=world.desk, now=MONDAY
    )
    docket, _matter = make_matter(world, world.desk, MONDAY)
    (matter,) = dockets.raise_cases(
        docket_id=docket.pk, case_ids=[case.pk], actor=world.desk, now=MONDAY
    )
    assert (entry.photos.count(), "老王" in entry.text, "老王" in matter.problem) == (1, True, True)
    secret = make_category("secret", "家暴", is_confidential=True)
    correcting.correct_case(case_id=case.pk, category_id=secret.pk, actor=world.desk, now=MONDAY)
    # Before the step is delivered too: what the team says of the entry holds up nothing.
    working.give_up_entry(entry_id=entry.pk, reason="门锁着。", actor=world.lin, now=MONDAY)
    working.reopen_entry(entry_id=entry.pk, actor=world.desk, now=MONDAY)
    deliver()
    entry.refresh_from_db()
    matter.refresh_from_db()
    assert (entry.state, entry.text, entry.photos.count()) == ("handed", "", 0)
    assert matter.problem == f"保密工单 {case.number}"
    closer = make_staff(
        "保密员",
        make_post("desk2", world.community, ("cases.view", "cases.dispatch", "cases.confidential")),
    )
    handling.resolve_case(case_id=case.pk, text="老王写了保证。", actor=closer, now=MONDAY + HOUR)
    deliver()
    entry.refresh_from_db()
    matter.refresh_from_db()
    assert (entry.state, entry.result) == ("settled", "")
    assert matter.evidence == f"工单 {case.number} 办结。"


def deliver() -> None:
    while outbox.deliver_events(MONDAY + HOUR):
        pass
