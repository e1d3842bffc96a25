"""The desk's pages of the area tree: what is above grids comes, is renamed and ends, with its dates."""

from datetime import timedelta

import pytest

from linli.kernel import clock
from linli.places.models import Area, Building, Estate
from linli.places.selectors import areas_at
from linli.places.tests.makers import make_community
from linli.places.tests.pages import text_of, to
from tests.hire import hire


@pytest.fixture
def district(cast):
    """Return the browser of somebody who keeps the whole district's places."""
    return hire(cast.community.parent.parent, "places.manage", "cases.view")


def today():
    return clock.local(clock.now()).date()


def test_a_subdistrict_and_a_community_come_with_the_day_they_began(cast, district):
    parent = cast.community.parent.parent
    form = {"parent": str(parent.pk), "kind": "subdistrict", "name": "北街道", "code": "659004009"}
    began = today() - timedelta(days=40)
    answer = district.post(to("area_new"), form | {"starts_on": str(began)}, follow=True)
    assert "已保存" in text_of(answer)
    street = Area.objects.get(name="北街道")
    assert (street.parent_id, street.starts_on) == (parent.pk, began)

    form = {"parent": str(street.pk), "kind": "community", "name": "北苑社区"}
    wrong = district.post(to("area_new"), form | {"code": "", "initials": "B-1"})
    assert wrong.status_code == 422
    assert "北苑社区" in text_of(wrong)
    district.post(to("area_new"), form | {"code": "659004009001", "initials": "by"})
    community = Area.objects.get(name="北苑社区")
    assert (community.initials, community.path) == ("BY", f"{street.path}659004009001/")
    assert "北苑社区" in text_of(district.get(to("areas")))


def test_a_day_in_the_future_is_no_beginning(cast, district):
    form = {
        "parent": str(cast.community.parent.pk), "kind": "community", "name": "明日社区",
        "code": "659004003099", "starts_on": str(today() + timedelta(days=2)),
    }  # fmt: skip

    answer = district.post(to("area_new"), form)

    assert answer.status_code == 422
    assert "不能晚于今天" in text_of(answer)


def test_an_area_is_renamed_and_its_code_stays(cast, district):
    street = cast.community.parent

    answer = district.post(to("area", street.pk), {"name": "新街道", "phone": ""}, follow=True)

    assert "新街道" in text_of(answer)
    street.refresh_from_db()
    assert (street.name, street.code) == ("新街道", cast.community.parent.code)


def test_what_still_holds_something_does_not_end(cast, district):
    for area in (cast.community.parent, cast.community):
        answer = district.post(to("area_end", area.pk), {"ends_on": str(today())})
        assert answer.status_code in (409, 422)
        assert "先" in text_of(answer)
    assert not Area.objects.filter(ends_on__isnull=False).exists()


def test_an_ended_community_stays_to_be_seen_with_its_dates_and_its_cases(cast, district):
    old = make_community("老城社区", "659004003004")
    Area.objects.filter(pk=old.pk).update(starts_on=today() - timedelta(days=400))
    district.post(to("area_end", old.pk), {"ends_on": str(today())})

    shown = text_of(district.get(to("areas")))
    assert "已经结束的" in shown
    assert "老城社区" in shown
    page = text_of(district.get(to("area", old.pk)))
    assert "不能再改" in page
    assert f"community={old.pk}" in page  # the way to what happened there
    assert district.post(to("area", old.pk), {"name": "新城社区"}).status_code in (409, 422)
    past = text_of(district.get(to("areas", on=str(today() - timedelta(days=30)))))
    assert "老城社区" in past
    assert "老城社区" in {one.name for one in areas_at(today() - timedelta(days=30))}
    assert "老城社区" not in {one.name for one in areas_at(today())}


def test_an_ended_grid_has_a_page_of_its_past(cast, lead):
    Building.objects.filter(grid=cast.grid).update(grid=None)
    Estate.objects.all()
    lead.post(to("grid_end", cast.grid.pk), {"move_to_id": ""})

    page = lead.get(to("area", cast.grid.pk))

    assert page.status_code == 200
    assert "不能再改" in text_of(page)


def test_who_keeps_one_community_builds_nothing_above_it(cast, lead):
    above = cast.community.parent
    form = {
        "parent": str(above.pk),
        "kind": "community",
        "name": "别处社区",
        "code": "659004003050",
    }

    assert lead.get(to("area_new", parent=above.pk)).status_code == 404
    assert lead.post(to("area_new"), form).status_code == 404
    assert lead.post(to("area_new"), form | {"parent": ""}).status_code == 404
    assert lead.get(to("area", above.pk)).status_code == 404
    assert lead.get(to("area_new", parent="nonsense")).status_code == 404
    micro = {"parent": str(cast.community.pk), "kind": "micro", "name": "梧桐微社区"}
    assert lead.post(to("area_new"), micro).status_code == 302


def test_the_tree_takes_few_queries(cast, district, django_assert_max_num_queries):
    for number in range(8):
        make_community(f"第{number}社区", f"6590040031{number:02}")
    district.get(to("areas"))
    with django_assert_max_num_queries(12):
        district.get(to("areas"))
