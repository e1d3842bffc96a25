"""Who acts with which rights, where a case goes and why, who is there and who is not."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import tenancy
from linli.kernel.actor import ActorKind
from linli.kernel.errors import BadInput, NotFound
from linli.people import services as people
from linli.people.tests.makers import get_account, make_account
from linli.places import selectors as places
from linli.places.tests.makers import make_building, make_community, make_estate, make_grid
from linli.posts import selectors
from linli.posts.models import Holding, Organisation, OrganisationKind, Post
from linli.posts.tests.makers import hold, make_organisation, make_post, make_rule, stand_in

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def post_of(cast, name: str) -> Post:
    return Post.objects.get(code=f"{name}-post")


def account_of(actor):
    return get_account(actor.account_id)


@pytest.fixture
def category_names(monkeypatch):
    from linli.posts.selectors import book

    monkeypatch.setattr(
        book, "_sources", [lambda: [("litter", "环境卫生"), ("repair", "房屋维修")]]
    )


# Who acts


def test_a_grid_worker_acts_over_the_grid(cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        lin = selectors.actor_of(cast.lin.account_id, NINE)
    assert (lin.kind, lin.name, lin.tenant_id) == (ActorKind.STAFF, "林", cast.home.pk)
    assert lin.scopes("cases.handle") == (cast.grid.path,)
    assert not lin.can("cases.handle", cast.community.path)
    assert not lin.can("cases.dispatch")
    assert lin.organisation_ids == {cast.office.pk}


@pytest.mark.parametrize("name", ["lin", "mei", "lead", "property", "officer", "auditor", "zhou"])
def test_the_cast_acts_as_it_says(cast, name):
    actor = getattr(cast, name)
    with tenancy.tenant(actor.tenant_id):
        assert selectors.actor_of(actor.account_id, NINE) == actor


def test_a_property_company_is_confined_to_what_it_is_handed(cast):
    assert cast.property.organisation_ids == {cast.company.pk}
    assert {grant.organisation_id for grant in cast.property.grants} == {cast.company.pk}
    assert not cast.property.can("cases.view", cast.community.path)


def test_a_resident_acts_without_posts(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        mei = selectors.actor_of(cast.mei.account_id, NINE)
    assert (mei.kind, mei.grants, mei.post_ids) == (ActorKind.RESIDENT, (), frozenset())


def test_rights_begin_and_end_with_the_term(cast):
    account = make_account("新")
    hold(post_of(cast, "desk"), account, since=NINE, until=NINE + DAY)

    def can(moment):
        return selectors.actor_of(account.id, moment).can("cases.dispatch")

    assert [can(NINE - DAY), can(NINE), can(NINE + DAY)] == [False, True, False]


def test_a_substitute_has_the_rights_for_a_while_and_the_absent_keep_theirs(cast):
    wu = make_account("吴")
    stand_in(post_of(cast, "desk"), account_of(cast.desk), wu, NINE, NINE + DAY)

    def can(account_id, moment):
        return selectors.actor_of(account_id, moment).can("cases.dispatch", cast.community.path)

    assert [can(wu.id, NINE - DAY), can(wu.id, NINE), can(wu.id, NINE + DAY)] == [
        False,
        True,
        False,
    ]
    assert can(cast.desk.account_id, NINE)


def test_a_post_that_ended_gives_nothing_at_once(cast):
    post = post_of(cast, "lin")
    post.ended_at = NINE
    post.save()
    assert selectors.actor_of(cast.lin.account_id, NINE).grants == ()


def test_an_organisation_that_ended_gives_nothing_at_once(cast):
    Organisation.objects.filter(pk=cast.company.pk).update(ended_at=NINE)
    assert selectors.actor_of(cast.property.account_id, NINE).grants == ()


def test_an_account_that_ended_or_is_elsewhere_does_not_act(cast):
    people.end_account(account_id=cast.lin.account_id, actor=cast.lead, now=NINE)
    for account_id in (cast.lin.account_id, cast.zhou.account_id, cast.grid.pk):
        with pytest.raises(NotFound):
            selectors.actor_of(account_id, NINE)


def test_many_posts_take_no_more_queries(cast, django_assert_num_queries):
    account = make_account("多岗")
    for _number in range(6):
        make_post(cast.office, "desk", holder=account)
    with django_assert_num_queries(3):
        assert len(selectors.actor_of(account.id, NINE).post_ids) == 6


# Who is there


def test_substitutes_are_told_instead_of_the_absent(cast, django_assert_num_queries):
    post, wu = post_of(cast, "lin"), make_account("吴")
    stand_in(post, account_of(cast.lin), wu, NINE, NINE + DAY)
    with django_assert_num_queries(2):
        assert selectors.holders_of([post.pk, cast.grid.pk], NINE) == {
            post.pk: [wu.id],
            cast.grid.pk: [],
        }
    assert selectors.holders_of([post.pk], NINE + DAY) == {post.pk: [cast.lin.account_id]}


def test_people_are_found_by_duty_and_place(cast):
    assert selectors.accounts_with("cases.dispatch", cast.grid.path, NINE) == [
        cast.desk.account_id,
        cast.lead.account_id,
    ]
    # A department sees what it is handed; that is no duty over a place.
    handlers = selectors.accounts_with("cases.handle", cast.grid.path, NINE)
    assert cast.officer.account_id not in handlers
    assert cast.lin.account_id in handlers
    assert selectors.accounts_with("cases.dispatch", "", NINE) == []


def test_an_organisations_people_are_found(cast):
    assert selectors.members_of(cast.company.pk, NINE) == [cast.property.account_id]
    assert selectors.members_of(cast.grid.pk, NINE) == []


def test_vacant_posts_are_those_nobody_acts_in(cast):
    post = make_post(cast.office, "mediator")
    coming = make_post(cast.office, "building_head")
    hold(coming, make_account("来"), since=NINE + DAY)
    vacant = {line.id for line in selectors.vacant_posts(cast.community.path, NINE)}
    assert vacant == {post.pk, coming.pk}
    later = {line.id for line in selectors.vacant_posts(cast.community.path, NINE + DAY)}
    assert later == {post.pk}
    people.end_account(account_id=cast.lin.account_id, actor=cast.lead, now=NINE)
    vacant = {line.id for line in selectors.vacant_posts(cast.community.path, NINE)}
    assert post_of(cast, "lin").pk in vacant


def test_the_list_of_posts_takes_few_queries(cast, django_assert_num_queries):
    for _number in range(5):
        make_post(cast.office, "desk", holder=make_account("员"))
    with django_assert_num_queries(7):
        lines = selectors.post_lines(
            cast.lead, NINE, area_path=cast.community.path, with_below=True
        )
    assert len(lines) == 9
    assert {line.organisation_name for line in lines} == {"东城社区", "天山物业"}
    assert [term.name for line in lines if line.role == "grid_worker" for term in line.terms] == [
        "林"
    ]


def test_an_area_above_shows_only_its_own_posts(cast):
    hall = Organisation.objects.get(code="hall")
    chief = make_account("区长")
    make_post(hall, "district", duties=("posts.manage",), holder=chief)
    actor = selectors.actor_of(chief.id, NINE)
    path = cast.bureau.area.path
    own = selectors.post_lines(actor, NINE, area_path=path, with_below=False)
    assert {line.area_path for line in own} == {path}


# Where a case goes


def where(cast, **given):
    return places.where_of(community_id=cast.community.pk, **given)


def go(cast, category="litter", now=NINE, **given):
    return selectors.route(category_code=category, where=where(cast, **given), now=now)


def test_a_rule_leads_to_the_grid_worker_of_the_place(cast, category_names):
    made = make_rule(cast.community, category_code="litter")
    route = go(cast, building_id=cast.building.pk)
    assert (route.post_id, route.organisation_id) == (post_of(cast, "lin").pk, cast.office.pk)
    assert (route.level, route.is_fallback, route.rule_id) == ("grid", False, made.pk)
    assert route.reason == "环境卫生 · 第一网格 → 网格员"


def test_nothing_matches_goes_to_the_desk_and_says_so(cast, category_names):
    route = go(cast)
    assert (route.post_id, route.is_fallback) == (post_of(cast, "desk").pk, True)
    assert route.reason == "“环境卫生”没有对应的派单规则，先由东城社区受理岗受理"


def test_no_grid_known_no_grid_worker_but_the_desk(cast):
    make_rule(cast.community)
    route = go(cast)
    assert route.post_id == post_of(cast, "desk").pk
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
    assert go(cast, building_id=building.pk).post_id == post_of(cast, "lin").pk


def test_a_named_post_gets_it_wherever_it_stands(cast, category_names):
    officer = post_of(cast, "officer")
    make_rule(cast.community, category_code="litter", post=officer)
    route = go(cast)
    assert (route.post_id, route.level) == (officer.pk, "district")
    assert route.reason.endswith(f"→ {officer.name}")


def test_a_vacant_post_goes_to_its_substitute_or_to_the_desk(cast):
    make_rule(cast.community)
    post, wu = post_of(cast, "lin"), make_account("吴")
    stand_in(post, account_of(cast.lin), wu, NINE, NINE + DAY)
    assert go(cast, building_id=cast.building.pk).post_id == post.pk
    Holding.objects.filter(post=post).update(ends_at=NINE)
    selectors.forget()
    # The substitute is still there tomorrow's eve; after that nobody is.
    assert not go(cast, building_id=cast.building.pk).is_fallback
    route = go(cast, building_id=cast.building.pk, now=NINE + DAY)
    assert (route.post_id, route.is_fallback) == (post_of(cast, "desk").pk, True)
    assert "第一网格网格员现在没有人在岗" in route.reason


def test_who_is_there_is_worked_out_for_the_very_moment_from_memory(
    cast, django_assert_num_queries
):
    make_rule(cast.community)
    hold_until = NINE + DAY
    Holding.objects.filter(post=post_of(cast, "lin")).update(ends_at=hold_until)
    at = where(cast, building_id=cast.building.pk)
    selectors.route(category_code="litter", where=at, now=NINE)
    with django_assert_num_queries(0):
        before = selectors.route(category_code="litter", where=at, now=NINE)
        after = selectors.route(category_code="litter", where=at, now=hold_until)
    assert (before.is_fallback, after.is_fallback) == (False, True)


@pytest.mark.parametrize("target", ["post", "organisation"])
def test_a_rule_to_what_has_ended_goes_to_the_desk(cast, target):
    one = post_of(cast, "officer") if target == "post" else cast.bureau
    make_rule(cast.community, **{target: one})
    one.ended_at = NINE
    one.save()
    route = go(cast)
    assert (route.post_id, route.is_fallback) == (post_of(cast, "desk").pk, True)


def test_an_organisation_without_people_goes_to_the_desk(cast):
    empty = make_organisation(cast.community, OrganisationKind.PROPERTY, "空物业")
    make_rule(cast.community, organisation=empty)
    route = go(cast)
    assert route.is_fallback
    assert "空物业现在没有人在岗" in route.reason


def test_a_vacant_desk_still_gets_it_and_says_so(cast):
    Holding.objects.filter(post=post_of(cast, "desk")).delete()
    route = go(cast)
    assert route.post_id == post_of(cast, "desk").pk
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
    lin = post_of(cast, "lin")
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


# The ladder


def up(cast, level, **given):
    given.setdefault("now", NINE)
    return selectors.rung_above(
        level=level, area_path=cast.grid.path, estate_id=cast.estate.pk, **given
    )


def test_above_the_grid_is_the_community_and_its_lead(cast):
    route = up(cast, "estate")
    assert (route.post_id, route.level) == (post_of(cast, "lead").pk, "community")
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
    assert route.post_id == post_of(cast, "lin").pk
    assert selectors.post_at("mediator", where(cast)) is None


# Choosing


def test_the_desk_may_choose_what_answers_for_its_community(cast):
    def choose(post=None, organisation=None, path=cast.grid.path):
        return selectors.chosen(post_id=post, organisation_id=organisation, area_path=path, by="何")

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


def test_what_can_be_chosen_is_grouped_and_named(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        groups = selectors.assignable(cast.grid.path, NINE)
    found = {group.label: [choice.label for choice in group.choices] for group in groups}
    assert "天山物业" in found["物业公司"]
    assert "城市管理局" in found["职能部门"]
    assert [
        c.people for g in groups for c in g.choices if c.post_id == post_of(cast, "lin").pk
    ] == ["林"]
    assert {choice.value.partition(":")[0] for group in groups for choice in group.choices} == {
        "post", "organisation",
    }  # fmt: skip
    labels = [choice.label for group in groups for choice in group.choices]
    assert "佳运社区" not in str(labels)
