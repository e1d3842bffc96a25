"""Allowances are facts: by days, frozen once, corrected with the next month; duties are read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from linli.kernel.clock import BEIJING
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.people.tests.makers import make_account
from linli.posts import field, selectors, services
from linli.posts.models import AllowanceFact, DutyAcknowledgement, Holding, Post
from linli.posts.services import AllowanceData
from linli.posts.tests.makers import account_of, hold, make_post, post_of

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
NINE = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=BEIJING)


@pytest.fixture
def rule(cast):
    """Eight hundred yuan a month for grid workers, part-time too (S4 4.10)."""
    data = AllowanceData(
        label="网格员补贴",
        area_id=cast.community.pk,
        role="grid_worker",
        monthly_fen=80_000,
        starts_on=date(2026, 1, 1),
    )
    return services.set_allowance(data=data, actor=cast.lead, now=NINE)


def lines(rule, month, actor, now=NINE):
    return {one.name: one for one in selectors.month_of(rule.pk, month, actor, now).lines}


def test_part_time_workers_get_it_too_and_each_by_their_days(cast, rule):
    wu = make_account("吴")
    second = make_post(cast.office, area=cast.grid)
    hold(second, wu, since=at(3, 11), until=at(3, 21))
    Holding.objects.filter(account=wu).update(is_part_time=True)
    found = lines(rule, MARCH, cast.lead)
    assert (found["林"].days, found["林"].amount_fen) == (31, 80_000)
    assert (found["吴"].days, found["吴"].amount_fen) == (10, 25_806)
    assert found["吴"].is_part_time
    assert lines(rule, date(2025, 12, 1), cast.lead) == {}


def test_a_month_is_frozen_once_and_stays(cast, rule):
    sheet = services.freeze_month(rule_id=rule.pk, month_on=MARCH, actor=cast.lead, now=NINE)
    assert (sheet.total_fen, sheet.line_count) == (80_000, 1)
    Holding.objects.filter(post=post_of("lin")).update(ends_at=at(3, 16))
    assert lines(rule, MARCH, cast.lead)["林"].amount_fen == 80_000
    for month in (MARCH, date(2026, 2, 1)):
        with pytest.raises(Conflict):
            services.freeze_month(rule_id=rule.pk, month_on=month, actor=cast.lead, now=NINE)


def test_what_is_learnt_later_comes_as_a_correction_with_the_next_month(cast, rule):
    services.freeze_month(rule_id=rule.pk, month_on=MARCH, actor=cast.lead, now=NINE)
    Holding.objects.filter(post=post_of("lin")).update(ends_at=at(3, 16))
    hold(post_of("lin"), make_account("吴"), since=at(3, 16))
    may = NINE + timedelta(days=30)
    month = selectors.month_of(rule.pk, APRIL, cast.lead, may)
    worth = [(one.name, one.is_correction, one.days, one.amount_fen) for one in month.lines]
    assert worth == [
        ("吴", False, 30, 80_000),
        ("吴", True, 16, 41_290),
        ("林", True, -16, -41_290),
    ]
    services.freeze_month(rule_id=rule.pk, month_on=APRIL, actor=cast.lead, now=may)
    assert sum(AllowanceFact.objects.values_list("amount_fen", flat=True)) == 160_000
    june = lines(rule, date(2026, 5, 1), cast.lead, may + timedelta(days=31))
    assert [one.is_correction for one in june.values()] == [False]


def test_a_month_without_days_is_frozen_with_no_line(cast, rule):
    Holding.objects.filter(post=post_of("lin")).update(ends_at=at(2, 1))
    sheet = services.freeze_month(rule_id=rule.pk, month_on=MARCH, actor=cast.lead, now=NINE)
    assert (sheet.total_fen, sheet.line_count) == (0, 0)


def test_only_a_month_that_is_over_and_begun_is_frozen(cast, rule):
    for month in (APRIL, date(2025, 12, 1)):
        with pytest.raises(BadInput):
            services.freeze_month(rule_id=rule.pk, month_on=month, actor=cast.lead, now=NINE)
    for actor in (cast.lin, cast.away_lead):
        with pytest.raises(NotFound):
            services.freeze_month(rule_id=rule.pk, month_on=MARCH, actor=actor, now=NINE)


def test_a_rule_is_ended_never_changed(cast, rule):
    services.freeze_month(rule_id=rule.pk, month_on=MARCH, actor=cast.lead, now=NINE)
    with pytest.raises(Conflict):
        services.end_allowance(rule_id=rule.pk, ends_on=MARCH, actor=cast.lead, now=NINE)
    services.end_allowance(rule_id=rule.pk, ends_on=date(2026, 4, 16), actor=cast.lead, now=NINE)
    assert lines(rule, APRIL, cast.lead)["林"].days == 15


@pytest.mark.parametrize(
    "facts",
    [
        {"monthly_fen": 0},
        {"label": " "},
        {"role": "king"},
        {"role": ""},
        {"ends_on": date(2026, 1, 1)},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(cast, facts):
    base = {
        "label": "补贴", "area_id": cast.community.pk, "role": "grid_worker", "monthly_fen": 1,
        "starts_on": date(2026, 1, 1),
    }  # fmt: skip
    with pytest.raises(BadInput):
        services.set_allowance(data=AllowanceData(**{**base, **facts}), actor=cast.lead, now=NINE)
    with pytest.raises(NotAllowed):
        services.set_allowance(data=AllowanceData(**base), actor=cast.lin, now=NINE)


def test_the_pages_show_freeze_and_hand_out_a_month(cast, rule, sign_in):
    lead, address = sign_in("lead"), reverse("posts:allowance", args=[rule.pk])
    form = {
        "label": "楼栋长补贴", "area": cast.community.pk, "role": "building_head",
        "monthly_yuan": "25.81", "starts_on": "2026-01-01",
    }  # fmt: skip
    lead.post(reverse("posts:allowances"), form)
    page = lead.get(reverse("posts:allowances")).content.decode()
    assert "25.81 元" in page
    assert "800 元" in lead.get(f"{address}?month=2026-03-01").content.decode()
    for nonsense in ("x", "9999-12-31"):
        assert lead.get(f"{address}?month={nonsense}").status_code == 404
    lead.post(reverse("posts:freezing", args=[rule.pk]), {"month": "2026-03-01"})
    assert "月结" in lead.get(f"{address}?month=2026-03-01").content.decode()
    file = lead.get(reverse("posts:allowance_xlsx", args=[rule.pk]) + "?month=2026-03-01")
    assert file.content[:2] == b"PK"
    bad = lead.post(reverse("posts:allowances"), {**form, "monthly_yuan": "0"})
    assert bad.status_code == 422


# 设岗设责 (S2 2.3)


def test_the_holder_acknowledges_the_wording_that_was_shown(cast):
    post = post_of("lin")
    Post.objects.filter(pk=post.pk).update(written_duties="每天走一遍楼道\n有事两小时内回话")
    lin = selectors.actor_of(cast.lin.account_id, NINE)
    sheet = selectors.duty_sheet(post.pk, lin, NINE)
    assert (sheet.lines[0], sheet.missing, sheet.has_read) == ("每天走一遍楼道", 1, False)
    assert any("岗位职责" in card.title for card in field.cards(lin, NINE))
    words = selectors.hash_of(sheet.post.written_duties)
    for _number in range(2):
        services.acknowledge_duties(post_id=post.pk, wording_hash=words, actor=lin, now=NINE)
    assert DutyAcknowledgement.objects.count() == 1
    assert not selectors.unread_posts(lin)
    Post.objects.filter(pk=post.pk).update(written_duties="改过")
    assert selectors.unread_posts(lin)
    with pytest.raises(Conflict):
        services.acknowledge_duties(post_id=post.pk, wording_hash=words, actor=lin, now=NINE)
    with pytest.raises(NotFound):
        services.acknowledge_duties(post_id=post.pk, wording_hash=words, actor=cast.lead, now=NINE)


def test_a_turn_and_a_packet_are_on_the_days_list(cast):
    post = post_of("lin")
    services.keep_belonging(post_id=post.pk, kind="key", name="钥匙", actor=cast.lin, now=NINE)
    holding = Holding.objects.get(post=post, account=account_of(cast.lin))
    services.end_holding(
        holding_id=holding.pk, ends_at=NINE + timedelta(days=2), actor=cast.lead, now=NINE
    )
    titles = [card.title for card in field.cards(cast.lin, NINE)]
    assert any(title.startswith("签交接单") for title in titles)
