"""Leaders see their own areas: what needs attention first, every number with its rows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.cases.services import desk, handling
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_category, make_neighbourhood
from linli.indicators.selectors.areas import area_for, parts
from linli.indicators.tests.test_tallies import count, rate
from linli.kernel import clock, tenancy, worker
from linli.kernel.actor import system
from linli.people.tests.makers import sign_in
from linli.places.selectors import area_of_path

MARCH = "?period=2026-03"


@pytest.fixture
def world(in_home):
    return make_neighbourhood()


@pytest.fixture
def leader(world):
    return sign_in(world.lead.account_id, world.lead.tenant_id)


def page(client, area, query=MARCH):
    return client.get(reverse("indicators:area", args=[area.pk]) + query)


def rows(client, area, figure, query=MARCH):
    return client.get(reverse("indicators:rows", args=[area.pk, figure]) + query)


def solved(world, *, at=MONDAY, is_solved=True, satisfaction=3, **facts):
    case = make_case(world, at=at, **facts)
    desk.accept_case(case_id=case.pk, actor=world.desk, now=at + HOUR)
    case = handling.resolve_case(
        case_id=case.pk, text="好了。", actor=world.desk, now=at + 2 * HOUR
    )
    rate(case, is_solved=is_solved, satisfaction=satisfaction, at=at + 3 * HOUR)
    return case


def test_the_first_sentence_says_what_needs_attention(world, leader):
    make_case(world)
    worker.tick(MONDAY + 5 * HOUR)
    text = page(leader, world.community).content.decode()
    assert text.index("需要关注") < text.index("收到")
    assert "1 件超时还没办完，占在办的 100%，最多的是第一网格（1 件）。" in text


def test_nothing_to_worry_about_is_said_too(world, leader):
    solved(world)
    count()
    assert "没有特别需要关注的" in page(leader, world.community).content.decode()


def test_a_rate_says_on_how_many_answers_it_rests_and_how_sure_it_is(world, leader):
    for number in range(3):
        solved(world, phone=f"1000000010{number}")
    count()
    text = page(leader, world.community).content.decode()
    assert "3 人评价" in text
    assert "（44%—100%）" in text


def test_a_rate_of_nothing_is_none(world, leader):
    make_case(world)
    count()
    text = page(leader, world.community).content.decode()
    assert ">没有</a>" in text
    assert "0%" not in text.split("解决率")[1].split("</tr>")[0]


def test_every_number_opens_on_its_rows(world, leader):
    case = solved(world, is_solved=False, satisfaction=1)
    other = solved(world, phone="10000000200")
    make_case(world, phone="10000000300")
    count()
    assert page_of(rows(leader, world.community, "received")) == 3
    assert page_of(rows(leader, world.community, "in_hand")) == 2  # one was reopened
    missed = rows(leader, world.community, "resolution", f"{MARCH}&miss=1").content.decode()
    assert case.number in missed
    assert other.number not in missed
    for figure in ("resolved", "on_time", "closing", "median_days", "response", "me_too"):
        assert rows(leader, world.community, figure).status_code == 200
    only = rows(leader, world.community, "received", f"{MARCH}&category=noise")
    assert page_of(only) == 0


def page_of(answer) -> int:
    return answer.content.decode().count("queue__title")


def test_rows_come_by_pages_newest_first_and_none_twice(world, leader):
    for number in range(30):
        make_case(world, at=MONDAY + timedelta(hours=number * 7), phone=f"100{number:08d}")
    count()
    seen, query = [], MARCH
    for _page in range(3):
        answer = rows(leader, world.community, "received", query)
        seen += [case.number for case in answer.context["found"].cases]
        after = answer.context["found"].next_after
        query = f"{MARCH}&after={after}"
        if not after:
            break
    assert len(seen) == len(set(seen)) == 30


def test_an_address_that_was_cut_off_begins_anew(world, leader):
    make_case(world)
    count()
    for query in ("?period=2026-13", "?period=x", f"{MARCH}&after=2026-0", "?period=2026-W60"):
        assert rows(leader, world.community, "received", query).status_code == 200
        assert page(leader, world.community, query).status_code == 200


def test_confidential_cases_count_but_are_not_listed(world, leader):
    case = make_case(world)
    type(case).objects.filter(pk=case.pk).update(is_confidential=True)
    count()
    answer = rows(leader, world.community, "received")
    assert page_of(answer) == 0
    assert "另有 1 件保密的" in answer.content.decode()


def test_confidential_matters_are_counted_without_their_name(world):
    quarrel = make_category("mediation", "邻里纠纷", is_confidential=True)
    make_case(world, category_id=quarrel.pk)
    make_case(world)
    count()
    worker_here = sign_in(world.lin.account_id, world.lin.tenant_id)
    text = page(worker_here, world.grid).content.decode()
    assert "保密事项" in text
    assert "邻里纠纷" not in text
    assert "环境卫生" in text
    query = f"{MARCH}&category=mediation"
    assert rows(worker_here, world.grid, "received", query).status_code == 404
    assert rows(worker_here, world.grid, "received").status_code == 200


def test_only_own_areas_are_shown(world, abroad):
    worker_here = sign_in(world.lin.account_id, world.lin.tenant_id)
    assert page(worker_here, world.grid).status_code == 200
    assert page(worker_here, world.community).status_code == 404
    assert rows(worker_here, world.community, "received").status_code == 404
    assert worker_here.get("/desk/figures/").url.endswith(f"/{world.grid.pk}/")


def test_a_district_sees_its_subdistricts(world, leader):
    make_case(world)
    count()
    district = area_of_path(world.community.path.split("/")[0] + "/")
    assert page(leader, district).status_code == 404


def test_all_spans_open(world, leader):
    solved(world, at=MONDAY + DAY)
    count()
    for period in ("2026-W10", "2026-03", "2026-Q1", "2026"):
        text = page(leader, world.community, f"?period={period}").content.decode()
        assert "收到和办结" in text


def test_the_page_asks_a_fixed_number_of_times(world, leader, django_assert_max_num_queries):
    solved(world)
    count()
    page(leader, world.community)
    with django_assert_max_num_queries(4):
        page(leader, world.community)


def test_rows_ask_a_fixed_number_of_times(world, leader, django_assert_max_num_queries):
    for number in range(12):
        make_case(world, phone=f"100{number:08d}")
    count()
    rows(leader, world.community, "received")
    with django_assert_max_num_queries(7):
        rows(leader, world.community, "received")


def test_the_operator_starts_counting_anew_and_nobody_else(cast):
    address = reverse("indicators:recount")
    assert cast.client("lead").get(address).status_code == 404
    operator = cast.client("operator")
    form = operator.get(address).context["form"]
    answer = operator.post(address, {"key": form["key"].value()})
    assert answer.url.startswith("/desk/runs/")
    with tenancy.all_tenants():
        worker.tick(clock.now())
    assert "已完成" in operator.get(answer.url).content.decode()


def test_the_wall_gives_its_inside_to_htmx_alone(world, leader):
    make_case(world)
    count()
    address = reverse("indicators:screen", args=[world.community.pk])
    assert leader.get("/screen/").url == address
    whole = leader.get(address).content.decode()
    inside = leader.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in inside
    assert inside.strip() in whole
    worker_here = sign_in(world.lin.account_id, world.lin.tenant_id)
    assert worker_here.get(address).status_code == 404


def test_a_map_of_few_parts_shows_what_lies_below_them(world):
    whole = area_of_path(world.community.path.split("/")[0] + "/")
    drawn = parts(area_for(whole.pk, system(whole.tenant_id)))
    assert [(one.kind, one.name) for one in drawn] == [("grid", "第一网格")]


def test_the_first_month_is_held_against_nothing(world, leader):
    for number in range(9):
        make_case(world, at=MONDAY + HOUR, phone=f"100000007{number:02}")
    count()
    text = page(leader, world.community).content.decode()
    assert "上期同期 0 件" not in text
    assert "较上期同期" not in text
