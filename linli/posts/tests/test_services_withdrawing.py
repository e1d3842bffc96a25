"""A handover is taken back: who was to leave stays, and the term is what it was."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel.errors import Conflict
from linli.people.tests.makers import make_account
from linli.posts import selectors, services
from linli.posts.models import Handover, HandoverState, Holding, Post, Substitution
from linli.posts.services import handovers
from linli.posts.tests.makers import account_of, post_of, told

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def post(cast) -> Post:
    """The grid worker's post, with a key."""
    post = post_of("lin")
    services.keep_belonging(post_id=post.pk, kind="key", name="钥匙", actor=cast.lin, now=NINE)
    return post


@pytest.fixture
def wu(cast):
    """Who comes next."""
    return make_account("吴", area_path=cast.community.path)


def leave(cast, post, *, at=NINE + DAY, to=None) -> Handover:
    held = Holding.objects.filter(post=post, account_id=cast.lin.account_id).first()
    services.end_holding(
        holding_id=held.pk, ends_at=at, incoming_id=to and to.pk, actor=cast.lead, now=NINE
    )
    return Handover.objects.exclude(state=HandoverState.WITHDRAWN).get(holding_id=held.pk)


def withdraw(cast, row) -> Holding:
    assert selectors.get_packet(row.pk, cast.lead, NINE).may_withdraw
    services.withdraw_handover(handover_id=row.pk, actor=cast.lead, now=NINE)
    return Holding.objects.get(pk=row.holding_id)


@pytest.mark.parametrize("former", [None, NINE + 30 * DAY])
def test_the_term_is_what_it_was(cast, post, former):
    Holding.objects.filter(post=post).update(ends_at=former)
    assert withdraw(cast, leave(cast, post)).ends_at == former
    # Ended anew, and moved once more before anybody signed: back to the same end.
    leave(cast, post)
    moved = leave(cast, post, at=NINE + 2 * DAY)
    assert moved.leaves_at == NINE + 2 * DAY
    assert withdraw(cast, moved).ends_at == former
    row = leave(cast, post, at=NINE)
    with pytest.raises(Conflict, match="任期已经结束"):
        services.withdraw_handover(handover_id=row.pk, actor=cast.lead, now=NINE)


def test_who_was_appointed_to_follow_is_not_any_more(cast, post, wu):
    row = leave(cast, post, to=wu)
    withdraw(cast, row)
    assert selectors.holders_of([post.pk], NINE + 2 * DAY)[post.pk] == [cast.lin.account_id]
    assert told(post.pk)[-2:] == ["posts.holding.ended", "posts.handover.withdrawn"]


def test_a_term_that_runs_out_by_itself_is_not_taken_back_but_continued(cast, post):
    end = NINE + 3 * DAY
    Holding.objects.filter(post=post).update(ends_at=end)
    assert handovers.open_due(now=NINE) == 1
    row = Handover.objects.get()
    assert not selectors.get_packet(row.pk, cast.lead, NINE).may_withdraw
    with pytest.raises(Conflict, match="本来就到这一天"):
        services.withdraw_handover(handover_id=row.pk, actor=cast.lead, now=NINE)
    services.appoint(
        post_id=post.pk,
        account_id=account_of(cast.lin).pk,
        starts_at=end,
        actor=cast.lead,
        now=NINE,
    )
    assert withdraw(cast, row).ends_at == end
    # The list does not come back every hour: they stay.
    assert handovers.open_due(now=NINE) == 0


def test_a_fixed_term_that_came_back_is_listed_again_when_it_runs_out(cast, post):
    Holding.objects.filter(post=post).update(ends_at=NINE + 8 * DAY)
    withdraw(cast, leave(cast, post))
    assert handovers.open_due(now=NINE + 2 * DAY) == 1


def test_who_was_appointed_anew_from_then_on_does_not_hold_it_twice(cast, post):
    row = leave(cast, post)
    services.appoint(
        post_id=post.pk,
        account_id=cast.lin.account_id,
        starts_at=row.leaves_at,
        actor=cast.lead,
        now=NINE,
    )
    with pytest.raises(Conflict, match="已经重新任命"):
        services.withdraw_handover(handover_id=row.pk, actor=cast.lead, now=NINE)


def test_who_was_to_stand_in_does_again(cast, post, wu):
    xu = make_account("许", area_path=cast.community.path)
    stays = ((wu, NINE, NINE + 5 * DAY), (xu, NINE + 6 * DAY, NINE + 9 * DAY))
    for account, since, until in stays:
        services.set_substitute(
            post_id=post.pk, absent_id=cast.lin.account_id, substitute_id=account.pk,
            starts_at=since, ends_at=until, reason="休假", actor=cast.lead, now=NINE,
        )  # fmt: skip
    leave(cast, post, at=NINE + 3 * DAY)
    row = leave(cast, post)  # a day earlier still
    assert [one.ends_at for one in Substitution.objects.filter(post=post)] == [NINE + DAY]
    withdraw(cast, row)
    found = Substitution.objects.filter(post=post).order_by("starts_at")
    assert [(one.substitute_id, one.starts_at, one.ends_at) for one in found] == [
        (account.pk, since, until) for account, since, until in stays
    ]
    assert told(post.pk).count("posts.substitution.set") == 4
    # Taken out by hand in between, it stays out.
    row = leave(cast, post, at=NINE + 3 * DAY)
    services.end_substitution(
        substitution_id=Substitution.objects.get(post=post).pk, actor=cast.lead, now=NINE + DAY
    )
    withdraw(cast, row)
    ends = Substitution.objects.filter(post=post).order_by("starts_at")
    assert [one.ends_at for one in ends] == [NINE + DAY, NINE + 9 * DAY]
