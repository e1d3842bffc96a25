"""The desk's first page says what asks for attention; each number opens on its rows."""

from datetime import timedelta

import pytest

from linli.cases.services import desk as desk_services
from linli.cases.services import handling, intake
from linli.cases.tests.makers import make_category
from linli.kernel import clock
from linli.kernel.actor import reporter
from linli.kernel.models import Job
from linli.places import selectors as places
from linli.portals.views.desk import greeting
from linli.posts.tests import makers as posts

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def category(cast):
    return make_category()


def report(cast, category, *, at=None):
    where = places.where_of(community_id=cast.community.pk, building_id=cast.building.pk)
    told = intake.Report(category_id=category.pk, text="垃圾桶满了", where=where, source="scan")
    case, _is_new = intake.report_case(
        report=told, actor=reporter(cast.home.pk), now=at or clock.now()
    )
    return case


def numbers(client):
    answer = client.get("/desk/")
    return {one.name: one.count for one in answer.context["cases"]}


def test_each_number_is_what_its_queue_shows(cast, sign_in, category):
    now, lead = clock.now(), sign_in("lead")
    report(cast, category, at=now - 9 * 24 * HOUR)  # by now it is late
    asked, returned = report(cast, category), report(cast, category)
    post_id = next(iter(cast.lin.post_ids))
    for case in (asked, returned):
        desk_services.assign_case(case_id=case.pk, post_id=post_id, actor=cast.lead, now=now)
    handling.ask_suspension(
        case_id=asked.pk, reason="等配件", until=now + 72 * HOUR, actor=cast.lin, now=now
    )
    handling.return_case(case_id=returned.pk, text="归物业", actor=cast.lin, now=now)
    answer = lead.get("/desk/")
    found = {one.name: one for one in answer.context["cases"]}
    assert (found["late"].count, found["arbitration"].count, found["suspension"].count) == (1, 1, 1)
    for one in found.values():
        assert len(lead.get(one.url).context["rows"]) == one.count, one.name


def test_who_only_receives_calls_is_not_asked_to_arbitrate(cast, sign_in, category):
    assert {"arbitration", "suspension"}.isdisjoint(numbers(sign_in("desk")))
    assert {"reported", "arbitration"}.isdisjoint(numbers(sign_in("lin")))


def test_a_confined_post_sees_what_is_in_its_hands_and_no_more(cast, sign_in, category):
    report(cast, category)
    mine = report(cast, category)
    desk_services.assign_case(
        case_id=mine.pk, organisation_id=cast.company.pk, actor=cast.lead, now=clock.now()
    )
    page = sign_in("property").get("/desk/").content.decode()
    assert mine.number in page
    assert page.count("queue__title") == 1


def test_a_post_without_holder_is_told_to_whoever_fills_it(cast, sign_in):
    posts.make_post(cast.office, "mediator")
    assert "个岗位没有人" in sign_in("lead").get("/desk/").content.decode()
    assert "个岗位没有人" not in sign_in("desk").get("/desk/").content.decode()


def test_the_operator_hears_of_work_that_was_given_up(cast, sign_in):
    now = clock.now()
    Job.objects.create(task="x", key="1", due_at=now, parked_at=now, created_at=now)
    assert "件后台的事停下来了" in sign_in("operator").get("/desk/").content.decode()
    assert "件后台的事停下来了" not in sign_in("lead").get("/desk/").content.decode()


def test_nothing_of_another_district_is_counted(cast, sign_in, category):
    report(cast, category)
    assert numbers(sign_in("away_lead"))["reported"] == 0
    assert numbers(sign_in("lead"))["reported"] == 1


def test_a_resident_finds_no_desk(cast, sign_in):
    assert sign_in("mei").get("/desk/").status_code == 404


@pytest.mark.parametrize("who", ["desk", "lead", "property", "operator", "security"])
def test_the_page_takes_few_queries(
    cast, category, django_assert_max_num_queries, django_capture_on_commit_callbacks, who
):
    client = cast.client(who)
    report(cast, category)
    with django_capture_on_commit_callbacks(execute=True):  # the calendar is kept after a commit
        client.get("/desk/")
    with django_assert_max_num_queries(15):
        client.get("/desk/")


@pytest.mark.parametrize(
    ("hour", "words"), [(1, "早上好"), (4, "中午好"), (9, "下午好"), (13, "晚上好")]
)
def test_the_greeting_knows_the_hour(hour, words):
    assert greeting(clock.now().replace(hour=hour)) == words
