"""Allowances: rules, months with their lines, worked out live until they are frozen."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.posts.models import AllowanceFact, AllowanceRule, AllowanceSheet, Holding, Post
from linli.posts.rules.allowances import (
    Term,
    amount_fen,
    days_held,
    days_of,
    months_before,
    next_month,
)

_MANAGE: Final = "posts.manage"
# How far back frozen months are looked at again for terms that were entered later.
LOOK_BACK: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceLine:
    """What somebody gets for a post and a month. A correction names an earlier month, and may be less
    than nothing. Units: fen, whole.
    """

    post_id: UUID
    account_id: UUID
    post_name: str
    area_name: str
    name: str
    for_month_on: date
    is_correction: bool
    days: int
    days_of_month: int
    amount_fen: int
    is_part_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceMonth:
    """A month of a rule. sheet: when it is frozen."""

    rule: AllowanceRule
    month_on: date
    lines: tuple[AllowanceLine, ...]
    sheet: AllowanceSheet | None
    frozen_by: str

    @property
    def total_fen(self) -> int:
        """Return what all lines come to."""
        return sum(one.amount_fen for one in self.lines)


def get_rule(rule_id: UUID, actor: Actor, *, lock: bool = False) -> AllowanceRule:
    """Return a rule in an area that the actor manages. Errors: NotFound."""
    where = Q(pk=None)
    for path in actor.scopes(_MANAGE):
        where |= Q(area__path__startswith=path)
    rows = AllowanceRule.objects.select_related("area", "post").filter(where)
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = next(iter(rows.filter(pk=rule_id)), None)
    if row is None:
        raise NotFound(_("没有找到这项补贴。"))
    return row


def allowance_rules(actor: Actor, area_path: str) -> list[AllowanceRule]:
    """Return the rules of an area and below, those that last first. Errors: NotAllowed."""
    actor.require(_MANAGE, area_path)
    rows = AllowanceRule.objects.filter(area__path__startswith=area_path)
    found = list(rows.select_related("area", "post").order_by("area__path", "code"))
    return sorted(found, key=lambda one: one.ends_on is not None)


def month_of(rule_id: UUID, month_on: date, actor: Actor, now: datetime) -> AllowanceMonth:
    """Return a month: frozen as it was settled, else worked out anew. Errors: NotFound."""
    rule = get_rule(rule_id, actor)
    month_on = month_on.replace(day=1)
    sheet = next(iter(rule.sheets.filter(month_on=month_on)), None)
    lines = frozen_lines(sheet) if sheet else lines_of_month(rule, month_on, now)
    by = people.account_names([sheet.frozen_by]).get(sheet.frozen_by, "") if sheet else ""
    return AllowanceMonth(
        rule=rule, month_on=month_on, lines=tuple(lines), sheet=sheet, frozen_by=by
    )


def frozen_lines(sheet: AllowanceSheet) -> list[AllowanceLine]:
    """Return the lines of a frozen month as they were written down."""
    rows = list(
        AllowanceFact.objects.filter(sheet=sheet)
        .select_related("post__area")
        .order_by("for_month_on", "post__area__path", "post__code", "id")
    )
    names = people.account_names(row.account_id for row in rows)
    return [
        AllowanceLine(
            post_id=row.post_id,
            account_id=row.account_id,
            post_name=row.post.name,
            area_name=row.post.area.name,
            name=names.get(row.account_id, ""),
            for_month_on=row.for_month_on,
            is_correction=row.for_month_on != sheet.month_on,
            days=row.days,
            days_of_month=row.days_of_month,
            amount_fen=row.amount_fen,
            is_part_time=row.is_part_time,
        )
        for row in rows
    ]


def lines_of_month(rule: AllowanceRule, month_on: date, now: datetime) -> list[AllowanceLine]:
    """Work a month out by the days that posts were held, with corrections of frozen months before."""
    books = _Book(rule, month_on)
    found = [one for one in books.worked_out(month_on) if one.days]
    for earlier in books.frozen_months():
        found += books.corrections(earlier)
    return found


class _Book:
    """The posts and terms of a rule, read once for a month and the ones before it."""

    def __init__(self, rule: AllowanceRule, month_on: date) -> None:
        self._rule, self._month_on = rule, month_on
        self._posts = {row.pk: row for row in _posts(rule)}
        self._held = _held(rule, list(self._posts))
        self._names = people.account_names({account for _post, account in self._held})

    def worked_out(self, month_on: date) -> list[AllowanceLine]:
        """Return a line for everybody who held a post at any time."""
        size = len(days_of(month_on))
        return [self._line(key, month_on, self._days(key, month_on), size) for key in self._held]

    def frozen_months(self) -> list[date]:
        """Return the frozen months before, as far back as they are looked at."""
        before = set(months_before(self._month_on, LOOK_BACK))
        rows = self._rule.sheets.filter(month_on__in=before).order_by("month_on")
        return list(rows.values_list("month_on", flat=True))

    def corrections(self, month_on: date) -> list[AllowanceLine]:
        """Return what a frozen month would be worth more or less by what is known now."""
        paid: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
        rows = AllowanceFact.objects.filter(sheet__rule=self._rule, for_month_on=month_on)
        for post_id, account_id, days, fen in rows.values_list(
            "post_id", "account_id", "days", "amount_fen"
        ):
            paid[post_id, account_id][0] += days
            paid[post_id, account_id][1] += fen
        size = len(days_of(month_on))
        found = []
        for key in set(paid) | set(self._held):
            days = self._days(key, month_on)
            was_days, was_fen = paid.get(key, [0, 0])
            more = amount_fen(self._rule.monthly_fen, days=days, days_of_month=size) - was_fen
            if more:
                found.append(self._line(key, month_on, days - was_days, size, fen=more))
        return sorted(found, key=lambda one: (one.area_name, one.post_name, one.name))

    def _days(self, key: Any, month_on: date) -> int:
        terms, _is_part_time = self._held.get(key, ([], False))
        rule = self._rule
        return days_held(terms, month_on, first_on=rule.starts_on, end_on=rule.ends_on)

    def _line(
        self, key: Any, month_on: date, days: int, size: int, *, fen: int | None = None
    ) -> AllowanceLine:
        post_id, account_id = key
        post = self._posts.get(post_id) or Post.objects.select_related("area").get(pk=post_id)
        names = self._names if account_id in self._names else people.account_names([account_id])
        worth = amount_fen(self._rule.monthly_fen, days=max(days, 0), days_of_month=size)
        return AllowanceLine(
            post_id=post_id,
            account_id=account_id,
            post_name=post.name,
            area_name=post.area.name,
            name=names.get(account_id, ""),
            for_month_on=month_on,
            is_correction=month_on != self._month_on,
            days=days,
            days_of_month=size,
            amount_fen=worth if fen is None else fen,
            is_part_time=self._held.get(key, ([], False))[1],
        )


def _posts(rule: AllowanceRule) -> Any:
    rows = Post.objects.select_related("area").order_by("area__path", "code")
    if rule.post_id is not None:
        return rows.filter(pk=rule.post_id)
    return rows.filter(role=rule.role, area__path__startswith=rule.area.path)


def _held(rule: AllowanceRule, post_ids: list[UUID]) -> dict[Any, tuple[list[Term], bool]]:
    rows = Holding.objects.filter(post_id__in=post_ids).order_by("starts_at", "id")
    if not rule.is_for_part_time:
        rows = rows.filter(is_part_time=False)
    order = {post_id: number for number, post_id in enumerate(post_ids)}
    found: dict[Any, tuple[list[Term], bool]] = {}
    for row in sorted(rows, key=lambda one: order[one.post_id]):
        terms, _was = found.get((row.post_id, row.account_id), ([], False))
        terms.append(Term(starts_at=row.starts_at, ends_at=row.ends_at))
        found[row.post_id, row.account_id] = terms, row.is_part_time
    return found


def months_to_choose(rule: AllowanceRule, today: date) -> list[date]:
    """Return the last twelve months in which the rule was in force, the newest first."""
    months = [today.replace(day=1), *months_before(today.replace(day=1), 11)]
    return [
        one
        for one in months
        if next_month(one) > rule.starts_on and (rule.ends_on is None or one < rule.ends_on)
    ]
