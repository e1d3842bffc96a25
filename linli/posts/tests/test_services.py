"""Posts are filled, stood in for and given up; nobody hands out what they do not have."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from linli.kernel import events, jobs
from linli.kernel.actor import system
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow, Job, Retry
from linli.kernel.outbox import deliver_events
from linli.people import services as people
from linli.people.errors import LoginTaken
from linli.people.tests.makers import get_account, make_account
from linli.places import selectors as places
from linli.places.tests.makers import make_community, make_estate
from linli.posts import selectors, services
from linli.posts.errors import BeyondOwnRights, LastManager, OfficesApart, PostEnded
from linli.posts.models import Holding, Organisation, Post, RoutingRule, Substitution
from linli.posts.services import PostSheet, RuleSheet
from linli.posts.tests.makers import hold, make_post, make_rule, stand_in

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def post_of(name: str) -> Post:
    return Post.objects.get(code=f"{name}-post")


def account_of(actor):
    return get_account(actor.account_id)


def told(subject_id) -> list[str]:
    return [row.name for row in events.timeline(subject_id)]


# Organisations


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


# Posts


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
    assert line.duties == ("cases.dispatch", "cases.view")
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
        lambda: appoint(cast, post, wu),
    ):
        with pytest.raises(PostEnded):
            again()


# Terms


def appoint(cast, post, account, actor=None, *, since=NINE, until=None) -> Holding:
    return services.appoint(
        post_id=post.pk,
        account_id=account.pk,
        starts_at=since,
        ends_at=until,
        actor=actor or cast.lead,
        now=NINE,
    )


def test_the_lead_appoints_for_a_term(cast):
    wu = make_account("吴", area_path=cast.community.path)
    holding = appoint(cast, post_of("lin"), wu, until=NINE + DAY)
    assert holding.appointed_by == cast.lead.account_id
    assert selectors.actor_of(wu.id, NINE).can("cases.handle", cast.grid.path)
    assert not selectors.actor_of(wu.id, NINE + DAY).can("cases.handle", cast.grid.path)
    event = events.timeline(post_of("lin").pk)[-1]
    assert event.name == "posts.holding.started"
    assert event.data["holder_id"] == str(wu.id)
    assert "吴" not in str(event.data)


@pytest.mark.parametrize("until", [NINE, NINE - DAY])
def test_a_term_ends_after_it_starts(cast, until):
    with pytest.raises(BadInput):
        appoint(cast, post_of("lin"), make_account("吴"), until=until)


@pytest.mark.parametrize(
    ("since", "until"), [(NINE, None), (NINE + DAY, None), (NINE - 9 * DAY, NINE - DAY)]
)
def test_nobody_holds_one_post_twice_at_once(cast, since, until):
    with pytest.raises(Conflict):
        appoint(cast, post_of("lin"), account_of(cast.lin), since=since, until=until)


def test_somebody_may_come_back_after_a_term(cast):
    wu = make_account("吴")
    appoint(cast, post_of("lin"), wu, until=NINE + DAY)
    appoint(cast, post_of("lin"), wu, since=NINE + DAY, until=NINE + 2 * DAY)


def test_only_staff_of_the_tenant_are_appointed(cast):
    for actor in (cast.mei, cast.zhou):
        with pytest.raises(NotFound):
            appoint(cast, post_of("lin"), SimpleNamespace(pk=actor.account_id))


def test_nobody_appoints_beyond_their_area_or_without_the_duty(cast):
    wu = make_account("吴")
    for post, actor in (
        (post_of("officer"), cast.lead),
        (post_of("lin"), cast.desk),
        (post_of("lin"), cast.away_lead),
    ):
        with pytest.raises(NotFound):
            appoint(cast, post, wu, actor=actor)


def test_a_lead_appoints_a_mediator_but_not_themselves(cast):
    mediator = make_post(cast.office, "mediator")
    appoint(cast, mediator, make_account("吴"))
    with pytest.raises(BeyondOwnRights):
        appoint(cast, mediator, account_of(cast.lead))
    appoint(cast, post_of("desk"), account_of(cast.lead))


def test_the_three_offices_are_held_by_three_people(cast):
    hall = Organisation.objects.get(code="hall")
    chief = make_account("区")
    make_post(hall, "district", duties=("posts.manage", "kernel.audit"), holder=chief)
    actor = selectors.actor_of(chief.id, NINE)
    for post, account in (("security", cast.auditor), ("operator", cast.security)):
        with pytest.raises(OfficesApart):
            appoint(cast, post_of(post), account_of(account), actor=actor)
    with pytest.raises(OfficesApart):
        set_up(cast, system(cast.home.pk), duties=["kernel.audit", "kernel.security"], role="lead")
    second = make_post(hall, "audit_admin")
    appoint(cast, second, account_of(cast.auditor), actor=actor)


def test_a_post_above_lifts_the_account_out_of_reach(cast):
    hall = Organisation.objects.get(code="hall")
    chief = make_account("区")
    make_post(hall, "district", duties=("posts.manage",), holder=chief)
    actor = selectors.actor_of(chief.id, NINE)
    appoint(cast, post_of("officer"), account_of(cast.lin), actor=actor)
    with pytest.raises(NotFound):
        people.reset_password(account_id=cast.lin.account_id, actor=cast.lead, now=NINE)


def newcomer(cast, login="wu.min"):
    return services.appoint_newcomer(
        post_id=post_of("lin").pk, login=login, name="吴", starts_at=NINE, actor=cast.lead, now=NINE
    )


def test_somebody_new_gets_account_and_post_at_once(cast):
    made = newcomer(cast)
    assert people.sign_in(login="wu.min", password=made.password, now=NINE).must_change_password
    assert selectors.actor_of(made.account_id, NINE).can("cases.handle", cast.grid.path)


def test_when_the_login_is_taken_nobody_is_appointed(cast):
    with pytest.raises(LoginTaken):
        newcomer(cast, login="zhou")
    assert Holding.objects.filter(post=post_of("lin")).count() == 1


def end(cast, holding, actor=None, *, at=NINE, is_confirmed=False):
    return services.end_holding(
        holding_id=holding.pk,
        ends_at=at,
        is_confirmed=is_confirmed,
        actor=actor or cast.lead,
        now=NINE,
    )


def test_a_term_that_ends_takes_the_rights_and_leaves_the_post_vacant(cast):
    holding = Holding.objects.get(post=post_of("lin"))
    end(cast, holding)
    assert selectors.actor_of(cast.lin.account_id, NINE).grants == ()
    event = events.timeline(post_of("lin").pk)[-1]
    assert (event.name, event.data["leaves_vacant"]) == ("posts.holding.ended", True)
    with pytest.raises(Conflict):
        end(cast, holding, at=NINE + DAY)


def test_a_term_may_end_later_and_leaves_no_gap_when_another_holds(cast):
    hold(post_of("lin"), make_account("吴"))
    end(cast, Holding.objects.get(account=account_of(cast.lin)), at=NINE + DAY)
    assert selectors.actor_of(cast.lin.account_id, NINE).grants
    assert events.timeline(post_of("lin").pk)[-1].data["leaves_vacant"] is False


def test_a_term_does_not_end_in_the_past(cast):
    with pytest.raises(BadInput):
        end(cast, Holding.objects.get(post=post_of("lin")), at=NINE - DAY)


def test_a_term_that_has_not_begun_is_taken_back(cast):
    holding = hold(post_of("lin"), make_account("吴"), since=NINE + DAY)
    end(cast, holding)
    assert not Holding.objects.filter(pk=holding.pk).exists()


def test_an_unknown_term_or_one_beyond_reach_is_not_found(cast):
    with pytest.raises(NotFound):
        end(cast, Holding(pk=new_id()))
    with pytest.raises(NotFound):
        end(cast, Holding.objects.get(post=post_of("officer")))


def test_the_last_who_can_fill_posts_goes_only_when_it_is_confirmed(cast):
    holding = Holding.objects.get(post=post_of("lead"))
    with pytest.raises(LastManager):
        end(cast, holding)
    second = make_account("副")
    hold(post_of("lead"), second)
    end(cast, Holding.objects.get(account=second))
    end(cast, holding, is_confirmed=True)
    assert selectors.accounts_with("posts.manage", cast.community.path, NINE) == []


def test_giving_up_or_emptying_the_last_managing_post_is_confirmed_too(cast):
    lead = post_of("lead")
    facts = {"role": "lead", "name": lead.name, "duties": ["cases.view"]}
    with pytest.raises(LastManager):
        services.end_post(post_id=lead.pk, actor=cast.lead, now=NINE)
    with pytest.raises(LastManager):
        change(cast, lead, **facts)
    change(cast, lead, **facts, is_confirmed=True)
    assert not selectors.actor_of(cast.lead.account_id, NINE).can("posts.manage")


def test_somebody_above_who_can_fill_posts_is_enough(cast):
    hall = Organisation.objects.get(code="hall")
    make_post(hall, "district", duties=("posts.manage",), holder=make_account("区"))
    end(cast, Holding.objects.get(post=post_of("lead")))


# Standing in


def send_in(cast, substitute, *, absent=None, since=NINE, until=NINE + DAY, post=None):
    return services.set_substitute(
        post_id=(post or post_of("lin")).pk,
        absent_id=(absent or cast.lin).account_id,
        substitute_id=substitute.pk,
        starts_at=since,
        ends_at=until,
        reason="  年假 ",
        actor=cast.lead,
        now=NINE,
    )


def test_a_substitute_acts_until_the_end_or_until_it_is_taken_back(cast):
    wu = make_account("吴")
    row = send_in(cast, wu)
    assert row.reason == "年假"
    assert selectors.actor_of(wu.id, NINE).can("cases.handle", cast.grid.path)
    services.end_substitution(substitution_id=row.pk, actor=cast.lead, now=NINE + DAY / 2)
    assert selectors.actor_of(wu.id, NINE + DAY / 2).grants == ()
    assert told(post_of("lin").pk)[-2:] == ["posts.substitution.set", "posts.substitution.ended"]
    with pytest.raises(NotFound):
        services.end_substitution(substitution_id=row.pk, actor=cast.lead, now=NINE + DAY)


def test_a_substitution_that_has_not_begun_is_taken_back(cast):
    row = send_in(cast, make_account("吴"), since=NINE + DAY, until=NINE + 2 * DAY)
    services.end_substitution(substitution_id=row.pk, actor=cast.lead, now=NINE)
    assert not Substitution.objects.exists()


def test_a_substitution_beyond_reach_is_not_found(cast):
    row = send_in(cast, make_account("吴"))
    with pytest.raises(NotFound):
        services.end_substitution(substitution_id=row.pk, actor=cast.desk, now=NINE)


def test_what_cannot_be_a_substitution_is_refused(cast):
    wu = make_account("吴")
    with pytest.raises(BadInput):
        send_in(cast, account_of(cast.lin))
    with pytest.raises(BadInput):
        send_in(cast, wu, absent=cast.desk)
    with pytest.raises(BadInput):
        send_in(cast, wu, since=NINE - 2 * DAY, until=NINE - DAY)
    with pytest.raises(BadInput):
        send_in(cast, wu, until=NINE)
    with pytest.raises(NotFound):
        send_in(cast, account_of(cast.mei))
    mediator = make_post(cast.office, "mediator", holder=wu)
    with pytest.raises(BeyondOwnRights):
        services.set_substitute(
            post_id=mediator.pk,
            absent_id=wu.pk,
            substitute_id=cast.lead.account_id,
            starts_at=NINE,
            ends_at=NINE + DAY,
            actor=cast.lead,
            now=NINE,
        )


def test_a_term_that_ends_takes_its_substitution_along(cast):
    wu = make_account("吴")
    send_in(cast, wu)
    end(cast, Holding.objects.get(post=post_of("lin")))
    assert selectors.actor_of(wu.id, NINE).grants == ()


# Accounts that end


def test_when_an_account_ends_its_posts_fall_vacant_once(cast):
    wu = make_account("吴", area_path=cast.community.path)
    hold(post_of("lin"), wu)
    stand_in(post_of("desk"), account_of(cast.desk), wu, NINE - DAY, NINE + DAY)
    stand_in(post_of("desk"), account_of(cast.desk), wu, NINE + DAY, NINE + 2 * DAY)
    people.end_account(account_id=wu.pk, actor=cast.lead, now=NINE)
    assert deliver_events(NINE) >= 1
    assert Holding.objects.get(account=wu).ends_at == NINE
    assert [row.ends_at for row in Substitution.objects.filter(substitute=wu)] == [NINE]
    count = EventRow.objects.filter(name="posts.holding.ended").count()
    services.end_holdings_of(account_id=wu.pk, actor=system(cast.home.pk), now=NINE)
    assert EventRow.objects.filter(name="posts.holding.ended").count() == count == 1


# Routing


def rule(cast, **facts) -> RuleSheet:
    return RuleSheet(**{"area_id": cast.community.pk, "role": "grid_worker", **facts})


@pytest.fixture
def _categories(monkeypatch):
    from linli.posts.selectors import book

    monkeypatch.setattr(book, "_sources", [])
    services.register_category_source(lambda: [("litter", "环境卫生")])
    services.register_category_source(book._sources[0])
    assert len(book._sources) == 1


def go(cast):
    at = places.where_of(community_id=cast.community.pk, building_id=cast.building.pk)
    return selectors.route(category_code="litter", where=at, now=NINE)


@pytest.mark.usefixtures("_categories")
def test_a_rule_holds_from_the_moment_it_is_added_until_it_is_removed(cast):
    assert go(cast).is_fallback
    made = services.add_rule(sheet=rule(cast, category_code="litter"), actor=cast.lead, now=NINE)
    assert go(cast).post_id == post_of("lin").pk
    services.change_rule(
        rule_id=made.pk,
        sheet=rule(cast, role="", organisation_id=cast.bureau.pk),
        actor=cast.lead,
        now=NINE,
    )
    assert go(cast).organisation_id == cast.bureau.pk
    services.remove_rule(rule_id=made.pk, actor=cast.lead, now=NINE)
    assert go(cast).is_fallback
    assert [row.data["how"] for row in events.timeline(made.pk)] == ["added", "changed", "removed"]
    with pytest.raises(NotFound):
        services.remove_rule(rule_id=made.pk, actor=cast.lead, now=NINE)


@pytest.mark.usefixtures("_categories")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"role": ""}, "target"),
        ({"role": "king"}, "target"),
        ({"role": "desk", "post": "lin"}, "target"),
        ({"role": "", "post_id": "unknown"}, "target"),
        ({"role": "", "organisation_id": "unknown"}, "target"),
        ({"category_code": "weather"}, "category_code"),
    ],
)
def test_a_rule_says_what_is_wrong(cast, facts, field):
    facts = {key: new_id() if value == "unknown" else value for key, value in facts.items()}
    if "post" in facts:
        facts["post_id"] = post_of(facts.pop("post")).pk
    with pytest.raises(BadInput) as refusal:
        services.add_rule(sheet=rule(cast, **facts), actor=cast.lead, now=NINE)
    assert refusal.value.field == field
    assert not RoutingRule.objects.exists()


def test_a_rule_may_name_a_post_and_an_estate(cast):
    facts = {"role": "", "post_id": post_of("desk").pk, "estate_id": cast.estate.pk}
    services.add_rule(sheet=rule(cast, **facts), actor=cast.lead, now=NINE)
    assert go(cast).post_id == post_of("desk").pk
    other = make_estate(make_community("西城社区", "659004003003"), "西苑")
    with pytest.raises(NotFound):
        services.add_rule(sheet=rule(cast, estate_id=other.pk), actor=cast.lead, now=NINE)


def test_rules_beyond_ones_area_are_shown_but_not_changed(cast):
    above = make_rule(cast.community.parent)
    own = make_rule(cast.community, role="desk")
    lines = selectors.rule_lines(cast.lead, area_path=cast.community.path)
    assert [(line.id, line.is_own) for line in lines] == [(own.pk, True), (above.pk, False)]
    with pytest.raises(NotFound):
        services.remove_rule(rule_id=above.pk, actor=cast.lead, now=NINE)
    with pytest.raises(NotFound):
        selectors.rule_values(above.pk, cast.lead)
    with pytest.raises(NotAllowed):
        services.add_rule(
            sheet=rule(cast, area_id=cast.community.parent_id), actor=cast.lead, now=NINE
        )


# Work that was given up


def test_the_operator_lets_parked_work_run_again(cast):
    with transaction.atomic():
        jobs.enqueue("messages.nothing", key="1", due_at=NINE)
        row = services.appoint(
            post_id=post_of("lin").pk,
            account_id=make_account("吴").pk,
            starts_at=NINE,
            actor=cast.lead,
            now=NINE,
        )
    Job.objects.update(parked_at=NINE, attempts=9, error="boom")
    event = events.timeline(row.post_id)[-1]
    retry = Retry.objects.create(event=event, subscriber="x", due_at=NINE, parked_at=NINE)
    job_id = Job.objects.get(task="messages.nothing").pk
    shown = selectors.running(cast.operator, NINE)
    assert [one.what for one in shown.parked_jobs] == ["messages.nothing"]
    assert [one.id for one in shown.parked_events] == [retry.pk]
    services.try_job_again(job_id=job_id, actor=cast.operator, now=NINE)
    services.try_event_again(retry_id=retry.pk, actor=cast.operator, now=NINE)
    shown = selectors.running(cast.operator, NINE)
    assert (shown.parked_jobs, shown.parked_events) == ((), ())
    for again in (
        lambda: services.try_job_again(job_id=job_id, actor=cast.operator, now=NINE),
        lambda: services.try_event_again(retry_id=retry.pk, actor=cast.operator, now=NINE),
    ):
        with pytest.raises(NotFound):
            again()
    with pytest.raises(NotAllowed):
        services.try_job_again(job_id=job_id, actor=cast.lead, now=NINE)
