"""Organisations and posts are set up and given up; nobody hands out rights they lack."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.people.tests.makers import make_account
from linli.places.tests.makers import make_community, make_estate
from linli.posts import selectors, services
from linli.posts.errors import BeyondOwnRights, LastManager, OfficesApart, PostEnded
from linli.posts.models import Holding, Post, Substitution
from linli.posts.services import PostSheet
from linli.posts.tests.makers import account_of, hold, make_post, post_of, stand_in, told

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def make_company(cast, **given):
    given = {"kind": "property", "name": "东城物业", "area_id": cast.community.pk, **given}
    given.setdefault("actor", cast.lead)
    return services.create_organisation(**given, now=NINE)


def test_an_organisation_is_entered_renamed_and_ended(cast):
    one = make_company(cast, phone="0518-86210000")
    services.change_organisation(
        organisation_id=one.pk, name=" 东城  新物业 ", actor=cast.lead, now=NINE
    )
    services.end_organisation(organisation_id=one.pk, actor=cast.lead, now=NINE)
    one.refresh_from_db()
    assert (one.name, one.phone, one.ended_at) == ("东城 新物业", "", NINE)
    assert told(one.pk) == [
        "posts.organisation.created",
        "posts.organisation.changed",
        "posts.organisation.ended",
    ]
    with pytest.raises(PostEnded):
        services.end_organisation(organisation_id=one.pk, actor=cast.lead, now=NINE)


def test_saving_an_organisation_unchanged_records_nothing(cast):
    one = make_company(cast)
    services.change_organisation(organisation_id=one.pk, name="东城物业", actor=cast.lead, now=NINE)
    assert told(one.pk) == ["posts.organisation.created"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"kind": "club"}, BadInput), ({"name": " "}, BadInput), ({"code": "office"}, Conflict)],
)
def test_an_organisation_says_what_is_wrong(cast, given, refusal):
    with pytest.raises(refusal):
        make_company(cast, **given)


def test_an_organisation_with_posts_is_not_ended(cast):
    with pytest.raises(Conflict):
        services.end_organisation(organisation_id=cast.company.pk, actor=cast.lead, now=NINE)


def test_organisations_beyond_ones_area_are_out_of_reach(cast):
    with pytest.raises(NotAllowed):
        make_company(cast, area_id=cast.community.parent_id)
    with pytest.raises(NotAllowed):
        make_company(cast, actor=cast.lin)
    with pytest.raises(NotFound):
        services.change_organisation(
            organisation_id=cast.bureau.pk, name="我们", actor=cast.lead, now=NINE
        )


def sheet(cast, **facts) -> PostSheet:
    facts = {
        "name": "第二受理岗", "role": "desk", "level": "community", "area_id": cast.community.pk,
        "duties": ["cases.view", "cases.dispatch"], **facts,
    }  # fmt: skip
    return PostSheet(**facts)


def set_up(cast, actor=None, organisation=None, code="", **facts) -> Post:
    return services.create_post(
        organisation_id=(organisation or cast.office).pk,
        sheet=sheet(cast, **facts),
        code=code,
        actor=actor or cast.lead,
        now=NINE,
    )


def change(cast, post, actor=None, *, is_confirmed=False, **facts) -> Post:
    return services.change_post(
        post_id=post.pk,
        sheet=sheet(cast, **facts),
        is_confirmed=is_confirmed,
        actor=actor or cast.lead,
        now=NINE,
    )


def test_a_post_is_set_up_with_its_rights(cast):
    post = set_up(cast, estate_id=cast.estate.pk, written_duties="接待来访")
    line = selectors.get_post_line(post.pk, cast.lead, NINE)
    assert line.duties == ("cases.view", "cases.dispatch")  # as the form lists them
    assert (line.estate_name, line.is_vacant, line.written_duties) == ("天山花园", True, "接待来访")
    assert events.timeline(post.pk)[0].data == {"duties": "cases.dispatch,cases.view"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"role": "king"}, "role"),
        ({"level": "heaven"}, "level"),
        ({"duties": ["cases.fly"]}, "duties"),
    ],
)
def test_a_post_says_what_is_wrong(cast, facts, field):
    with pytest.raises(BadInput) as refusal:
        set_up(cast, **facts)
    assert refusal.value.field == field


def test_a_code_is_given_once(cast):
    set_up(cast, code="second")
    with pytest.raises(Conflict):
        set_up(cast, code="second")


def test_nobody_gives_rights_they_lack(cast):
    for duty in ("cases.confidential", "kernel.audit"):
        with pytest.raises(BeyondOwnRights, match="自己在这里也没有"):
            set_up(cast, duties=["cases.view", duty])


def test_nobody_sets_up_posts_beyond_their_area(cast):
    for area_id in (cast.community.parent_id, cast.community.parent.parent_id):
        with pytest.raises(NotAllowed):
            set_up(cast, area_id=area_id)
    with pytest.raises(NotAllowed):
        set_up(cast, actor=cast.desk)
    with pytest.raises(NotFound):
        set_up(cast, organisation=cast.bureau)


def test_an_estate_must_be_of_the_place(cast):
    other = make_estate(make_community("西城社区", "659004003003"), "西苑")
    with pytest.raises(NotFound):
        set_up(cast, estate_id=other.pk)


def test_nothing_is_set_up_for_an_organisation_that_ended(cast):
    one = make_company(cast)
    services.end_organisation(organisation_id=one.pk, actor=cast.lead, now=NINE)
    with pytest.raises(PostEnded):
        set_up(cast, organisation=one)


def test_rights_that_were_there_are_kept_though_one_lacks_them(cast):
    post = make_post(cast.office, "mediator", name="调解岗")
    facts = {"role": "mediator", "name": "调解一岗"}
    change(cast, post, **facts, duties=["cases.view", "cases.handle", "cases.confidential"])
    with pytest.raises(BeyondOwnRights):
        change(cast, post, **facts, duties=["cases.confidential", "kernel.security"])
    change(cast, post, **facts, duties=["cases.view"])
    with pytest.raises(BeyondOwnRights):  # taken away, it can't be given back
        change(cast, post, **facts, duties=["cases.view", "cases.confidential"])
    event = events.timeline(post.pk)[-1]
    assert (event.data["lost"], event.data["gained"]) == ("cases.confidential,cases.handle", "")


def test_rights_that_reach_further_count_as_given(cast):
    post = make_post(cast.office, "mediator", area=cast.grid, name="调解岗", level="community")
    facts = {"role": "mediator", "name": "调解岗"}
    rights = ["cases.view", "cases.handle", "cases.confidential"]
    change(cast, post, **facts, duties=rights, area_id=cast.grid.pk)
    with pytest.raises(BeyondOwnRights):
        change(cast, post, **facts, duties=rights, area_id=cast.community.pk)
    confined = make_post(cast.company, "mediator", is_confined=True)
    with pytest.raises(BeyondOwnRights):
        change(cast, confined, **facts, duties=rights, is_confined=False)


def test_a_post_that_was_given_up_ends_its_terms(cast):
    post, wu = post_of("lin"), make_account("吴")
    hold(post, wu, since=NINE + DAY)
    stand_in(post, account_of(cast.lin), wu, NINE - DAY, NINE + DAY)
    stand_in(post, account_of(cast.lin), wu, NINE + DAY, NINE + 2 * DAY)
    services.end_post(post_id=post.pk, actor=cast.lead, now=NINE)
    assert [row.ends_at for row in Holding.objects.filter(post=post)] == [NINE]
    assert [row.ends_at for row in Substitution.objects.filter(post=post)] == [NINE]
    assert selectors.actor_of(cast.lin.account_id, NINE).grants == ()
    for again in (
        lambda: services.end_post(post_id=post.pk, actor=cast.lead, now=NINE),
        lambda: change(cast, post),
        lambda: services.appoint(
            post_id=post.pk, account_id=wu.pk, starts_at=NINE, actor=cast.lead, now=NINE
        ),
    ):
        with pytest.raises(PostEnded):
            again()


def test_giving_up_or_emptying_the_last_managing_post_is_confirmed_too(cast):
    lead = post_of("lead")
    facts = {"role": "lead", "name": lead.name, "duties": ["cases.view"]}
    with pytest.raises(LastManager):
        services.end_post(post_id=lead.pk, actor=cast.lead, now=NINE)
    with pytest.raises(LastManager):
        change(cast, lead, **facts)
    change(cast, lead, **facts, is_confirmed=True)
    assert not selectors.actor_of(cast.lead.account_id, NINE).can("posts.manage")


def test_one_post_is_one_of_the_three_offices(cast):
    with pytest.raises(OfficesApart):
        set_up(cast, system(cast.home.pk), duties=["kernel.audit", "kernel.security"], role="lead")
