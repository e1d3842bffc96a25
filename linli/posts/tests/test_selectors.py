"""Who acts with which rights, and who is there and who is not."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import tenancy
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.people import services as people
from linli.people.tests.makers import make_account
from linli.posts import selectors
from linli.posts.models import Holding, Organisation
from linli.posts.tests.makers import (
    account_of,
    hold,
    make_post,
    post_of,
    stand_in,
)

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_grid_worker_acts_over_the_grid(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
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
    hold(post_of("desk"), account, since=NINE, until=NINE + DAY)

    def can(moment):
        return selectors.actor_of(account.id, moment).can("cases.dispatch")

    assert [can(NINE - DAY), can(NINE), can(NINE + DAY)] == [False, True, False]


def test_a_substitute_has_the_rights_for_a_while_and_the_absent_keep_theirs(cast):
    wu = make_account("吴")
    stand_in(post_of("desk"), account_of(cast.desk), wu, NINE, NINE + DAY)

    def can(account_id, moment):
        return selectors.actor_of(account_id, moment).can("cases.dispatch", cast.community.path)

    assert [can(wu.id, NINE - DAY), can(wu.id, NINE), can(wu.id, NINE + DAY)] == [
        False,
        True,
        False,
    ]
    assert can(cast.desk.account_id, NINE)


def test_a_post_that_ended_gives_nothing_at_once(cast):
    post = post_of("lin")
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
    with django_assert_num_queries(2):
        assert len(selectors.actor_of(account.id, NINE).post_ids) == 6


def test_substitutes_are_told_instead_of_the_absent(cast, django_assert_num_queries):
    post, wu = post_of("lin"), make_account("吴")
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


def test_of_what_happens_in_a_community_its_own_desk_hears_and_above_only_without_one(cast):
    watch = make_account("萧")
    make_post(cast.hall, "district", duties=("cases.dispatch",), holder=watch)
    own = [cast.desk.account_id, cast.lead.account_id]

    assert selectors.accounts_near("cases.dispatch", cast.grid.path, NINE) == own
    assert set(selectors.accounts_with("cases.dispatch", cast.grid.path, NINE)) == {*own, watch.id}
    for name in ("desk", "lead"):
        Holding.objects.filter(post=post_of(name)).update(ends_at=NINE)
    selectors.forget()
    assert selectors.accounts_near("cases.dispatch", cast.grid.path, NINE) == [watch.id]


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
    assert post_of("lin").pk in vacant


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
