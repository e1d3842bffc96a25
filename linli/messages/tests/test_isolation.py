"""What is not one's own looks absent: every route, for outsiders of four kinds."""

import pytest
from django.urls import reverse

from linli.kernel import clock, tenancy
from linli.messages import urls
from linli.messages.models import Delivery, Notice, Robot
from linli.messages.services import tell
from linli.messages.tests.makers import FACTS, make_contact

pytestmark = pytest.mark.django_db

# Pages of everybody who works here; the rest needs messages.manage.
PAGES = ("notices", "notices_read", "preferences")
OWN = {f"{door}_{page}" for door in ("desk", "field") for page in PAGES}
POSTS = {"desk_notices_read", "field_notices_read", "again", "trial", "export"}


@pytest.fixture
def args(cast):
    """Return the arguments of every route, so that each leads to something that exists at home."""
    tell(
        event_name="cases.case.accepted", audience="reporter", key="k", facts=FACTS, link="/c/x/",
        subject_id=cast.grid.pk, contact_id=make_contact(), area_path=cast.grid.path,
        now=clock.now(),
    )  # fmt: skip
    (notice,) = tell(
        event_name="cases.case.assigned", audience="handler", key="k", facts=FACTS, link="",
        subject_id=cast.grid.pk, account_ids=[cast.lin.account_id], area_path=cast.grid.path,
        now=clock.now(),
    )  # fmt: skip
    robot = Robot.objects.create(
        organisation_id=cast.office.pk, kind="wecom", name="群", address="https://q.cn/1"
    )
    return {
        "desk_notice": [notice], "field_notice": [notice],
        "again": [Delivery.objects.order_by("id")[0].pk],
        "template": ["cases.case.accepted", "reporter", "sms"],
        "robot": [robot.pk], "trial": [robot.pk],
    }  # fmt: skip


NAMES = [pattern.name for pattern in urls.urlpatterns]


def ask(client, name, args):
    address = reverse(f"messages:{name}", args=args.get(name, []))
    return client.post(address) if name in POSTS else client.get(address)


@pytest.mark.parametrize("name", NAMES)
def test_who_is_not_signed_in_is_sent_to_the_door(cast, args, client, name):
    answer = ask(client, name, args)
    assert (answer.status_code, answer["Location"][:9]) == (302, "/sign-in/")


@pytest.mark.parametrize("name", [one for one in NAMES if one not in OWN])
def test_a_grid_worker_of_another_tenant_finds_nothing(cast, args, sign_in, name):
    assert ask(sign_in("zhou"), name, args).status_code == 404


@pytest.mark.parametrize("name", ["again", "robot", "trial", "desk_notice", "field_notice"])
def test_a_lead_of_another_tenant_finds_nothing_of_ours(cast, args, sign_in, name):
    assert ask(sign_in("away_lead"), name, args).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_resident_has_no_pages_here(cast, args, sign_in, name):
    assert ask(sign_in("mei"), name, args).status_code == 404


@pytest.mark.parametrize("name", [one for one in NAMES if not one.startswith(("desk_", "field_"))])
def test_a_grid_worker_does_not_look_after_messages(cast, args, sign_in, name):
    assert ask(sign_in("lin"), name, args).status_code == 404


def test_the_desk_does_not_read_the_notices_of_others(cast, args, sign_in):
    assert ask(sign_in("desk"), "desk_notice", args).status_code == 404
    sign_in("desk").post(reverse("messages:desk_notices_read"))
    assert Notice.objects.get(account_id=cast.lin.account_id).read_at is None


def test_the_log_of_another_tenant_is_empty(cast, args, sign_in):
    page = sign_in("away_lead").get("/desk/messages/").content.decode()
    assert "没有符合条件的发送记录" in page
    with tenancy.tenant(cast.away.pk):
        assert Delivery.objects.count() == 0


def test_a_lead_changes_only_the_words_and_the_night_of_the_own_area(cast, args, sign_in):
    lead = sign_in("lead")
    for address in (reverse("messages:quiet"), reverse("messages:templates")):
        assert lead.get(address).status_code == 200
        for area in ("", "320707/", cast.community.parent.path):
            assert lead.get(f"{address}?area={area}").status_code == 404


def test_the_lead_opens_every_page(cast, args, sign_in):
    for name in NAMES:
        if not name.endswith("_notice") and name != "again":
            assert ask(sign_in("lead"), name, args).status_code in (200, 302), name
