"""Allowances: what a role or a post gets a month, worked out by days, frozen when the month is over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.ids import new_id
from linli.places import selectors as places
from linli.posts.events import AllowanceFrozen, AllowanceRuleChanged
from linli.posts.models import AllowanceFact, AllowanceRule, AllowanceSheet, Post
from linli.posts.rules.allowances import next_month
from linli.posts.selectors import ROLES
from linli.posts.selectors.allowances import get_rule, lines_of_month

DUTY = "posts.manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceData:
    """What the form of an allowance says. Exactly one of role and post_id. Units: fen, whole."""

    label: str
    area_id: UUID
    monthly_fen: int
    starts_on: date
    ends_on: date | None = None  # end excluded
    role: str = ""
    post_id: UUID | None = None
    is_for_part_time: bool = True


@transaction.atomic
def set_allowance(
    *, data: AllowanceData, code: str = "", actor: Actor, now: datetime
) -> AllowanceRule:
    """Say what a role in an area, or one post, gets a month. A rule is ended, never changed: what was
    paid by it stays explained.

    Errors: NotFound, NotAllowed, BadInput, Conflict (the code is taken).
    Source: S4 4.10, 800 yuan a month, part-time workers too.
    """
    area = places.get_area(data.area_id)
    actor.require(DUTY, area.path)
    _check(data, area.path)
    row = AllowanceRule(
        code=code or f"allowance-{new_id().hex[-10:]}",
        label=" ".join(data.label.split()),
        area=area,
        role=data.role,
        post_id=data.post_id,
        monthly_fen=data.monthly_fen,
        is_for_part_time=data.is_for_part_time,
        starts_on=data.starts_on,
        ends_on=data.ends_on,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这个编号已经有了，换一个。"), field="code") from None
    _tell(row, "set", actor, now)
    return row


@transaction.atomic
def end_allowance(*, rule_id: UUID, ends_on: date, actor: Actor, now: datetime) -> AllowanceRule:
    """Let a rule end on a day (excluded). Errors: NotFound, BadInput, Conflict (a frozen month)."""
    row = get_rule(rule_id, actor, lock=True)
    if ends_on <= row.starts_on:
        raise BadInput(_("结束要晚于开始。"), field="ends_on")
    frozen = row.sheets.order_by("-month_on").values_list("month_on", flat=True).first()
    if frozen is not None and ends_on < next_month(frozen):
        raise Conflict(_("这一天所在的月份已经月结，只能从下个月起结束。"), field="ends_on")
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    _tell(row, "ended", actor, now)
    return row


@transaction.atomic
def freeze_month(*, rule_id: UUID, month_on: date, actor: Actor, now: datetime) -> AllowanceSheet:
    """Settle a month that is over: its lines are written down and do not change any more.

    What terms entered later change of frozen months comes as a correction with the next month that
    is frozen. A month without anybody is frozen too, with no line.
    Errors: NotFound, BadInput (not over, before the rule), Conflict (frozen already).
    """
    rule = get_rule(rule_id, actor, lock=True)
    month_on = month_on.replace(day=1)
    if clock.local(now).date() < next_month(month_on):
        raise BadInput(_("这个月还没有过完，下个月 1 日起可以月结。"), field="month")
    if next_month(month_on) <= rule.starts_on:
        raise BadInput(_("这项补贴那时还没有开始。"), field="month")
    if rule.sheets.filter(month_on__gte=month_on).exists():
        raise Conflict(_("这个月或者后面的月份已经月结了。"), field="month")
    lines = lines_of_month(rule, month_on, now)
    if actor.who is None:
        raise BadInput(_("月结要由人来做。"))
    sheet = AllowanceSheet.objects.create(
        rule=rule,
        month_on=month_on,
        total_fen=sum(one.amount_fen for one in lines),
        line_count=len(lines),
        frozen_at=now,
        frozen_by=actor.who,
    )
    AllowanceFact.objects.bulk_create(
        [
            AllowanceFact(
                sheet=sheet,
                post_id=one.post_id,
                account_id=one.account_id,
                for_month_on=one.for_month_on,
                days=one.days,
                days_of_month=one.days_of_month,
                monthly_fen=rule.monthly_fen,
                amount_fen=one.amount_fen,
                is_part_time=one.is_part_time,
            )
            for one in lines
        ],
        batch_size=200,
    )
    event = AllowanceFrozen(
        subject_id=rule.pk,
        area_path=rule.area.path,
        month=f"{month_on:%Y-%m}",
        line_count=sheet.line_count,
        total_fen=sheet.total_fen,
    )
    events.record(event, actor=actor, at=now)
    return sheet


def last_month(now: datetime) -> date:
    """Return the first day of the month before."""
    return (clock.local(now).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def _check(data: AllowanceData, path: str) -> None:
    if not data.label.strip() or len(data.label) > 30:
        raise BadInput(_("写明是什么补贴，最多 30 个字。"), field="label")
    if not 1 <= data.monthly_fen <= 10_000_000:
        raise BadInput(_("每月写 0.01 到 100,000 元。"), field="monthly_fen")
    if data.ends_on is not None and data.ends_on <= data.starts_on:
        raise BadInput(_("结束要晚于开始。"), field="ends_on")
    if bool(data.role) == (data.post_id is not None) or (data.role and data.role not in ROLES):
        raise BadInput(_("选一种岗位类型，或者一个岗位。"), field="role")
    if data.post_id is not None:
        rows = Post.objects.filter(pk=data.post_id, area__path__startswith=path)
        if not rows.exists():
            raise NotFound(_("没有找到这个岗位。"))


def _tell(row: AllowanceRule, how: str, actor: Actor, now: datetime) -> None:
    event = AllowanceRuleChanged(
        subject_id=row.pk, area_path=row.area.path, how=how, monthly_fen=row.monthly_fen
    )
    events.record(event, actor=actor, at=now)
