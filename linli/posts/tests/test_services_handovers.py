"""A post changes hands: what is open is listed, both sign, nothing is orphaned."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.people.tests.makers import make_account
from linli.posts import selectors, services
from linli.posts.models import Handover, HandoverLine, HandoverState, Holding, LineState, Post
from linli.posts.services import handover, handovers
from linli.posts.tests.makers import account_of, hold, post_of, told

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def post(cast) -> Post:
    """The grid worker's post, with a key and an agreement."""
    post = post_of("lin")
    for kind, name in (("key", "3 号楼水表间钥匙"), ("agreement", "和物业的巡查约定")):
        services.keep_belonging(post_id=post.pk, kind=kind, name=name, actor=cast.lin, now=NINE)
    return post


@pytest.fixture
def wu(cast):
    """Who comes next."""
    return make_account("吴", area_path=cast.community.path)


def leave(cast, post, *, at=NINE + DAY, to=None) -> Handover:
    holding = Holding.objects.get(post=post, account_id=cast.lin.account_id)
    services.end_holding(
        holding_id=holding.pk,
        ends_at=at,
        incoming_id=to.pk if to else None,
        actor=cast.lead,
        now=NINE,
    )
    return Handover.objects.get(holding_id=holding.pk)


def actor_of(account, now=NINE):
    return selectors.actor_of(account.pk, now)


def lines(row, *states) -> list[HandoverLine]:
    found = row.lines.order_by("order")
    return list(found.filter(state__in=states) if states else found)


def take(row, account, *, wrong=(), remarks=None, now=NINE):
    return services.sign_incoming(
        handover_id=row.pk,
        accepted=[line.pk for line in lines(row) if line not in wrong],
        disputed=[line.pk for line in wrong],
        remarks=remarks,
        actor=actor_of(account, now),
        now=now,
    )


def test_a_term_never_ends_by_hand_without_a_list_of_what_is_open(cast, post, wu):
    row = leave(cast, post, to=wu)
    assert [line.title for line in lines(row)] == ["和物业的巡查约定", "3 号楼水表间钥匙"]
    assert {line.state for line in lines(row)} == {LineState.OPEN}
    assert selectors.holders_of([post.pk], NINE + DAY)[post.pk] == [wu.pk]
    assert told(post.pk)[-3:] == [
        "posts.holding.started",
        "posts.handover.opened",
        "posts.holding.ended",
    ]
    assert "钥匙" not in str([row.data for row in events.timeline(post.pk)])


def test_both_sign_and_the_second_signature_closes(cast, post, wu):
    row = leave(cast, post, to=wu)
    first = lines(row)[0]
    services.sign_outgoing(
        handover_id=row.pk, remarks={first.pk: "在抽屉里"}, actor=cast.lin, now=NINE
    )
    assert services.sign_outgoing(handover_id=row.pk, actor=cast.lin, now=NINE).state == "open"
    done = take(row, wu)
    assert (done.state, done.closed_at) == (HandoverState.CLOSED, NINE)
    assert lines(row)[0].outgoing_remark == "在抽屉里"
    event = events.timeline(post.pk)[-1]
    assert event.name == "posts.handover.closed"
    assert event.data["incoming_id"] == str(wu.pk)
    with pytest.raises(Conflict):
        take(row, wu)


def test_each_signs_only_for_themselves(cast, post, wu):
    row = leave(cast, post, to=wu)
    for actor in (cast.lead, actor_of(wu)):
        with pytest.raises(NotAllowed):
            services.sign_outgoing(handover_id=row.pk, actor=actor, now=NINE)
    for actor in (cast.lin, cast.lead):
        with pytest.raises(NotAllowed):
            services.sign_incoming(handover_id=row.pk, accepted=[], actor=actor, now=NINE)
    for actor in (cast.desk, cast.zhou, cast.mei, cast.away_lead):
        with pytest.raises(NotFound):
            selectors.get_packet(row.pk, actor, NINE)
    with pytest.raises(NotAllowed):
        services.keep_lines(
            handover_id=row.pk, line_ids=[], reason="x", actor=actor_of(wu), now=NINE
        )


def test_a_disputed_line_blocks_until_it_is_accepted_or_taken_by_the_lead(cast, post, wu):
    row = leave(cast, post, to=wu)
    services.sign_outgoing(handover_id=row.pk, actor=cast.lin, now=NINE)
    wrong = lines(row)[1]
    with pytest.raises(BadInput):
        take(row, wu, wrong=[wrong])
    assert take(row, wu, wrong=[wrong], remarks={wrong.pk: "少一把"}).state == "open"
    assert lines(row, LineState.DISPUTED) == [wrong]
    with pytest.raises(BadInput):
        services.keep_lines(
            handover_id=row.pk, line_ids=[wrong.pk], reason=" ", actor=cast.lead, now=NINE
        )
    closed = services.keep_lines(
        handover_id=row.pk, line_ids=[wrong.pk], reason="我去配一把", actor=cast.lead, now=NINE
    )
    assert closed.state == HandoverState.CLOSED
    kept = lines(row, LineState.KEPT)[0]
    assert (kept.settled_by, kept.incoming_remark) == (cast.lead.account_id, "少一把")


def test_what_comes_up_in_between_is_on_the_list_and_what_is_done_is_not(cast, post, wu):
    row = leave(cast, post, to=wu)
    key = next(one for one in selectors.belongings_of(post.pk, cast.lin) if one.kind == "key")
    services.end_belonging(belonging_id=key.pk, actor=cast.lin, now=NINE)
    services.keep_belonging(
        post_id=post.pk, kind="device", name="对讲机", count=2, actor=cast.lin, now=NINE
    )
    shown = [line.pk for line in lines(row)]
    services.sign_outgoing(handover_id=row.pk, actor=cast.lin, now=NINE)
    services.sign_incoming(handover_id=row.pk, accepted=shown, actor=actor_of(wu), now=NINE)
    row.refresh_from_db()
    assert (row.state, row.version) == ("open", 3)
    assert [line.title for line in lines(row, LineState.DONE)] == ["3 号楼水表间钥匙"]
    assert [line.title for line in lines(row, LineState.OPEN)] == ["对讲机 × 2"]
    assert take(row, wu).state == HandoverState.CLOSED


def test_when_the_outgoing_is_gone_the_lead_signs_with_the_reason(cast, post, wu):
    row = leave(cast, post, at=NINE, to=wu)
    with pytest.raises(BadInput):
        services.sign_for_outgoing(handover_id=row.pk, reason="", actor=cast.lead, now=NINE)
    signed = services.sign_for_outgoing(
        handover_id=row.pk, reason="联系不上", actor=cast.lead, now=NINE
    )
    assert (signed.outgoing_signed_by, signed.outgoing_reason) == (
        cast.lead.account_id,
        "联系不上",
    )
    assert take(row, wu).state == HandoverState.CLOSED


def test_as_long_as_somebody_is_here_nobody_signs_for_them(cast, post, wu):
    row = leave(cast, post, to=wu)
    with pytest.raises(Conflict):
        services.sign_for_outgoing(handover_id=row.pk, reason="x", actor=cast.lead, now=NINE)
    # A phone that was offline signs after the term: the account is enough.
    after = services.sign_outgoing(handover_id=row.pk, actor=cast.lin, now=NINE + 2 * DAY)
    assert after.outgoing_signed_by == cast.lin.account_id


def test_an_account_that_ends_leaves_a_list_behind(cast, post):
    services.end_holdings_of(account_id=cast.lin.account_id, actor=system(cast.home.pk), now=NINE)
    row = Handover.objects.get()
    assert (row.incoming_id, row.state, len(lines(row))) == (None, "open", 2)
    services.sign_for_outgoing(handover_id=row.pk, reason="账号停了", actor=cast.lead, now=NINE)
    closed = services.keep_lines(
        handover_id=row.pk,
        line_ids=[line.pk for line in lines(row)],
        reason="还没有人接",
        actor=cast.lead,
        now=NINE,
    )
    assert (closed.state, closed.incoming_reason) == (HandoverState.CLOSED, "还没有人接")
    assert events.timeline(post.pk)[-1].data["incoming_id"] is None


def test_who_is_appointed_later_takes_over(cast, post, wu):
    row = leave(cast, post)
    services.appoint(
        post_id=post.pk, account_id=wu.pk, starts_at=NINE + DAY, actor=cast.lead, now=NINE
    )
    row.refresh_from_db()
    assert row.incoming_id == wu.pk
    other = make_account("郑", area_path=cast.community.path)
    services.name_incoming(handover_id=row.pk, account_id=other.pk, actor=cast.lead, now=NINE)
    take(row, other)
    with pytest.raises(Conflict):
        services.name_incoming(handover_id=row.pk, account_id=wu.pk, actor=cast.lead, now=NINE)
    with pytest.raises(BadInput):
        services.name_incoming(
            handover_id=row.pk, account_id=cast.lin.account_id, actor=cast.lead, now=NINE
        )


def test_the_same_person_is_not_their_own_successor(cast, post):
    with pytest.raises(BadInput):
        leave(cast, post, to=account_of(cast.lin))
    assert not Handover.objects.exists()


def test_two_who_sign_at_once_close_it_once(cast, post, wu, monkeypatch):
    row = leave(cast, post, to=wu)
    services.sign_outgoing(handover_id=row.pk, actor=cast.lin, now=NINE)
    shown = [line.pk for line in lines(row)]
    services.sign_incoming(handover_id=row.pk, accepted=shown, actor=actor_of(wu), now=NINE)
    # The second tap of the same button, and the outgoing's, arrive when it is over.
    for late in (
        lambda: services.sign_incoming(
            handover_id=row.pk, accepted=shown, actor=actor_of(wu), now=NINE
        ),
        lambda: services.sign_outgoing(handover_id=row.pk, actor=cast.lin, now=NINE),
    ):
        with pytest.raises(Conflict):
            late()
    assert told(post.pk).count("posts.handover.closed") == 1


def test_a_term_that_runs_out_by_itself_is_listed_a_week_before_and_once(cast, post):
    Holding.objects.filter(post=post).update(ends_at=NINE + 8 * DAY)
    assert handovers.open_due(now=NINE) == 0
    assert handovers.open_due(now=NINE + DAY) == 1
    assert handovers.open_due(now=NINE + 9 * DAY) == 0
    assert Handover.objects.get().leaves_at == NINE + 8 * DAY


def test_with_nothing_in_hand_there_is_nothing_to_sign(cast):
    row = leave(cast, post_of("lin"))
    assert (row.state, row.outgoing_reason) == (HandoverState.CLOSED, "没有要交的")
    services.end_holdings_of(account_id=cast.desk.account_id, actor=system(cast.home.pk), now=NINE)
    assert Handover.objects.count() == 1


def test_a_colleague_in_the_same_post_keeps_what_is_theirs(cast, post, wu):
    hold(post, wu)
    seen = []
    handover.gives("test")(lambda leaving: seen.append(leaving) or [])
    try:
        leave(cast, post)
    finally:
        handover._PROVIDERS.pop("test")
    assert seen[-1].is_shared
    assert (seen[-1].account_id, seen[-1].role) == (cast.lin.account_id, "grid_worker")


def test_a_post_that_is_given_up_is_handed_over_too(cast, post):
    services.end_post(post_id=post.pk, actor=cast.lead, now=NINE)
    assert Handover.objects.get(post=post).outgoing_id == cast.lin.account_id


def test_only_holder_and_lead_note_what_a_post_keeps(cast, post):
    for actor in (cast.desk, cast.zhou, cast.mei):
        with pytest.raises(NotFound):
            services.keep_belonging(post_id=post.pk, kind="key", name="钥匙", actor=actor, now=NINE)
        assert selectors.belongings_of(post.pk, actor) == []
    for kind, name, count in (("key", "", 1), ("gun", "x", 1), ("key", "x", 0)):
        with pytest.raises(BadInput):
            services.keep_belonging(
                post_id=post.pk, kind=kind, name=name, count=count, actor=cast.lead, now=NINE
            )
