"""Where a case goes and why, who is one rung above, what can be chosen."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import tenancy
from linli.kernel.errors import BadInput
from linli.people.tests.makers import make_account
from linli.places import selectors as places
from linli.places.tests.makers import make_building, make_community, make_estate, make_grid
from linli.posts import selectors
from linli.posts.models import Holding, Organisation, OrganisationKind, Post, PostDuty
from linli.posts.tests.makers import (
    account_of,
    hold,
    make_organisation,
    make_post,
    make_rule,
    post_of,
    stand_in,
)

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def category_names(monkeypatch):
    from linli.posts.selectors import book

    monkeypatch.setattr(
        book, "_sources", [lambda: [("litter", "环境卫生"), ("repair", "房屋维修")]]
    )


def where(cast, **given):
    return places.where_of(community_id=cast.community.pk, **given)


def go(cast, category="litter", now=NINE, **given):
    return selectors.route(category_code=category, where=where(cast, **given), now=now)


def test_a_rule_leads_to_the_grid_worker_of_the_place(cast, category_names):
    made = make_rule(cast.community, category_code="litter")
    route = go(cast, building_id=cast.building.pk)
    assert (route.post_id, route.organisation_id) == (post_of("lin").pk, cast.office.pk)
    assert (route.level, route.is_fallback, route.rule_id) == ("grid", False, made.pk)
    assert route.reason == "环境卫生 · 第一网格 → 网格员"


def test_nothing_matches_goes_to_the_desk_and_says_so(cast, category_names):
    route = go(cast)
    assert (route.post_id, route.is_fallback) == (post_of("desk").pk, True)
    assert route.reason == "“环境卫生”没有对应的派单规则，先由东城社区受理岗受理"


def test_no_grid_known_no_grid_worker_but_the_desk(cast):
    make_rule(cast.community)
    route = go(cast)
    assert route.post_id == post_of("desk").pk
    assert "这里没有设“网格员”" in route.reason


def test_an_estates_company_comes_before_the_areas_rule(cast, category_names):
    make_rule(cast.community, category_code="repair", role="grid_worker")
    make_rule(cast.community, estate=cast.estate, organisation=cast.company)
    route = go(cast, "repair", building_id=cast.building.pk)
    assert (route.post_id, route.organisation_id) == (None, cast.company.pk)
    assert route.level == "estate"
    assert route.reason == "房屋维修 · 东城社区 → 天山物业"


def test_a_kind_of_estate_leads_to_its_property_post(cast):
    make_rule(cast.community, estate_kind="company", role="property")
    make_rule(cast.community, estate_kind="self_run", role="grid_worker")
    assert go(cast, building_id=cast.building.pk).organisation_id == cast.company.pk
    free = make_estate(cast.community, "自治院", kind="self_run")
    building = make_building(free, "1号楼", grid=cast.grid)
    assert go(cast, building_id=building.pk).post_id == post_of("lin").pk


def test_a_named_post_gets_it_wherever_it_stands(cast, category_names):
    officer = post_of("officer")
    make_rule(cast.community, category_code="litter", post=officer)
    route = go(cast)
    assert (route.post_id, route.level) == (officer.pk, "district")
    assert route.reason.endswith(f"→ {officer.name}")


def test_a_vacant_post_goes_to_its_substitute_or_to_the_desk(cast):
    make_rule(cast.community)
    post, wu = post_of("lin"), make_account("吴")
    stand_in(post, account_of(cast.lin), wu, NINE, NINE + DAY)
    assert go(cast, building_id=cast.building.pk).post_id == post.pk
    Holding.objects.filter(post=post).update(ends_at=NINE)
    selectors.forget()
    # The substitute is still there tomorrow's eve; after that nobody is.
    assert not go(cast, building_id=cast.building.pk).is_fallback
    route = go(cast, building_id=cast.building.pk, now=NINE + DAY)
    assert (route.post_id, route.is_fallback) == (post_of("desk").pk, True)
    assert "第一网格网格员现在没有人在岗" in route.reason


def test_who_is_there_is_worked_out_for_the_very_moment_from_memory(
    cast, django_assert_num_queries
):
    make_rule(cast.community)
    hold_until = NINE + DAY
    Holding.objects.filter(post=post_of("lin")).update(ends_at=hold_until)
    at = where(cast, building_id=cast.building.pk)
    selectors.route(category_code="litter", where=at, now=NINE)
    with django_assert_num_queries(0):
        before = selectors.route(category_code="litter", where=at, now=NINE)
        after = selectors.route(category_code="litter", where=at, now=hold_until)
    assert (before.is_fallback, after.is_fallback) == (False, True)


@pytest.mark.parametrize("target", ["post", "organisation"])
def test_a_rule_to_what_has_ended_goes_to_the_desk(cast, target):
    one = post_of("officer") if target == "post" else cast.bureau
    make_rule(cast.community, **{target: one})
    one.ended_at = NINE
    one.save()
    route = go(cast)
    assert (route.post_id, route.is_fallback) == (post_of("desk").pk, True)


def test_an_organisation_without_people_goes_to_the_desk(cast):
    empty = make_organisation(cast.community, OrganisationKind.PROPERTY, "空物业")
    make_rule(cast.community, organisation=empty)
    route = go(cast)
    assert route.is_fallback
    assert "空物业现在没有人在岗" in route.reason


def test_a_vacant_desk_still_gets_it_and_says_so(cast):
    Holding.objects.filter(post=post_of("desk")).delete()
    route = go(cast)
    assert route.post_id == post_of("desk").pk
    assert "受理岗目前没有人在岗" in route.reason


def test_without_any_desk_it_waits_where_dispatchers_see_it(cast):
    Post.objects.filter(role="desk").update(ended_at=NINE)
    route = go(cast)
    assert (route.post_id, route.organisation_id, route.level) == (None, None, "community")
    assert "留在待受理" in route.reason


def test_a_rule_that_was_taken_out_does_not_lead(cast):
    make_rule(cast.community, is_active=False)
    assert go(cast, building_id=cast.building.pk).is_fallback


def test_another_tenants_rules_do_not_lead(cast):
    with tenancy.tenant(cast.away.pk):
        make_rule(cast.away_community)
    assert go(cast, building_id=cast.building.pk).is_fallback


def test_rotation_goes_to_whoever_has_least_in_hand(cast):
    make_rule(cast.community)
    lin = post_of("lin")
    wu = make_post(cast.office, "grid_worker", area=cast.grid, holder=make_account("吴"), code="zz")
    make_post(cast.office, "grid_worker", area=cast.grid)  # vacant: not in the round
    route = go(cast, building_id=cast.building.pk)
    busy = {lin.pk: 3, wu.pk: 1}
    turned = selectors.rotated(route, open_counts=lambda ids: {i: busy[i] for i in ids}, now=NINE)
    assert turned.post_id == wu.pk
    assert turned.reason.endswith(f"（轮到{wu.name}）")


def test_rotation_of_one_is_that_one(cast):
    make_rule(cast.community)
    for route in (go(cast, building_id=cast.building.pk), go(cast)):
        assert selectors.rotated(route, open_counts=dict.fromkeys, now=NINE) == route


def up(cast, level, **given):
    given.setdefault("now", NINE)
    return selectors.rung_above(
        level=level, area_path=cast.grid.path, estate_id=cast.estate.pk, **given
    )


def test_above_the_grid_is_the_community_and_its_lead(cast):
    route = up(cast, "estate")
    assert (route.post_id, route.level) == (post_of("lead").pk, "community")
    assert "社区负责人" in route.reason


def test_vacant_rungs_are_passed_over(cast):
    subdistrict = make_post(cast.office, "subdistrict", area=cast.community.parent)
    hall = Organisation.objects.get(code="hall")
    district = make_post(hall, "district", holder=make_account("区"))
    assert up(cast, "community").post_id == district.pk
    assert up(cast, "community", now=None).post_id == subdistrict.pk
    hold(subdistrict, make_account("街"))
    assert up(cast, "community").post_id == subdistrict.pk


def test_nobody_is_above_the_top(cast):
    assert up(cast, "district") is None
    assert up(cast, "community") is None


def test_a_post_of_a_role_is_found_at_a_place(cast):
    route = selectors.post_at("grid_worker", where(cast, building_id=cast.building.pk))
    assert route.post_id == post_of("lin").pk
    assert selectors.post_at("mediator", where(cast)) is None


def test_the_desk_may_choose_what_answers_for_its_community(cast):
    def choose(post=None, organisation=None, path=cast.grid.path, duties=()):
        return selectors.chosen(
            post_id=post, organisation_id=organisation, area_path=path, by="何", duties=duties
        )

    second = make_grid(cast.community, "g02", "第二网格")
    neighbour = make_post(cast.office, "grid_worker", area=second)
    assert choose(post=neighbour.pk).reason == "何指派"
    assert choose(organisation=cast.bureau.pk).level == "district"
    assert choose(organisation=cast.company.pk).level == "estate"
    foreign = make_community("西城社区", "659004003003")
    other = make_post(make_organisation(foreign), "desk")
    for wrong in ({"post": other.pk}, {"organisation": cast.grid.pk}, {}):
        with pytest.raises(BadInput):
            choose(**wrong)
    blind = post_of("auditor").pk  # answers for everywhere, and could not open a case
    assert choose(post=blind).post_id == blind
    with pytest.raises(BadInput, match="不办工单"):
        choose(post=blind, duties=selectors.TAKES_CASES)


def test_what_can_be_chosen_is_grouped_and_named(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        groups = selectors.assignable(cast.grid.path, NINE)
    found = {group.label: [choice.label for choice in group.choices] for group in groups}
    assert "天山物业" in found["物业公司"]
    assert "城市管理局" in found["职能部门"]
    assert [c.people for g in groups for c in g.choices if c.post_id == post_of("lin").pk] == ["林"]
    assert {choice.value.partition(":")[0] for group in groups for choice in group.choices} == {
        "post", "organisation",
    }  # fmt: skip
    taking = selectors.assignable(cast.grid.path, NINE, duties=selectors.TAKES_CASES)
    of_posts = {c.post_id for group in taking for c in group.choices} - {None}
    duties = PostDuty.objects.filter(post__in=of_posts, duty__in=selectors.TAKES_CASES)
    assert of_posts == set(duties.values_list("post", flat=True)) != set()
    labels = [choice.label for group in groups for choice in group.choices]
    assert "佳运社区" not in str(labels)


def test_posts_stand_as_people_count_their_buildings(cast):
    hall = post_of("desk").organisation
    for number in (10, 2, 1):
        name = f"{number} 号楼楼栋长"
        make_post(hall, "building_head", area=cast.grid, code=f"head-{number}", name=name)
    counted = ["1 号楼楼栋长", "2 号楼楼栋长", "10 号楼楼栋长"]
    groups = selectors.assignable(cast.grid.path, NINE)
    labels = [choice.label for group in groups for choice in group.choices]
    assert [label for label in labels if label.endswith("楼栋长")] == counted
    lines = selectors.vacant_posts(cast.grid.path, NINE)
    assert [line.name for line in lines if line.role == "building_head"] == counted
