"""People are appointed, stood in for and leave; nobody gets more than may be given."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow
from linli.kernel.outbox import deliver_events
from linli.people import services as people
from linli.people.errors import LoginTaken
from linli.people.tests.makers import make_account
from linli.posts import selectors, services
from linli.posts.errors import BeyondOwnRights, LastManager, OfficesApart
from linli.posts.models import Holding, Organisation, Substitution
from linli.posts.tests.makers import account_of, hold, make_post, post_of, stand_in, told

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


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


def test_somebody_above_who_can_fill_posts_is_enough(cast):
    hall = Organisation.objects.get(code="hall")
    make_post(hall, "district", duties=("posts.manage",), holder=make_account("区"))
    end(cast, Holding.objects.get(post=post_of("lead")))


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


def test_of_two_who_appoint_at_once_the_second_is_told(cast):
    from linli.posts.services import terms

    with pytest.raises(Conflict):
        terms._start(Holding(post=post_of("lin"), account_id=cast.lin.account_id, starts_at=NINE))
