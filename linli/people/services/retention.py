"""How long data is kept: kinds that rooms name, rules of the community, a job that keeps to them.

A room names a kind in a module that is loaded at start:

    @retention.keeps("people.gone", label=_("迁出、去世的人"), months=60, action="anonymise")
    def forget_gone(before: datetime, limit: int, action: str) -> int: ...

The function handles at most `limit` rows that are older than `before` and returns how many; it is
called until it returns 0. Each batch is a transaction with its event, so that a job that is stopped
half-way has told of what it did.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.kernel import events, tenancy
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput, NotFound
from linli.people.events import RetentionApplied, RetentionChanged
from linli.people.models import RetentionAction, RetentionRule

BATCH: Final = 200
MOST_BATCHES: Final = 50  # of one kind in one go; the rest comes with the next
LEAST_MONTHS: Final = 1
MOST_MONTHS: Final = 600

Forget = Callable[[datetime, int, str], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data and what happens to it when nobody says otherwise."""

    code: str
    label: Any
    months: int
    action: str
    actions: tuple[str, ...]
    forget: Forget


_kinds: dict[str, Kind] = {}


def keeps(
    code: str, *, label: Any, months: int, action: str, actions: tuple[str, ...] = ()
) -> Callable[[Forget], Forget]:
    """Name a kind of data with the function that forgets it. actions: what a community may choose."""

    def register(function: Forget) -> Forget:
        _kinds[code] = Kind(code, label, months, action, actions or (action,), function)
        return function

    return register


def kinds() -> dict[str, Kind]:
    """Return the kinds of data, by code."""
    return dict(_kinds)


def rules_by_kind() -> dict[str, RetentionRule]:
    """Return the rule of every kind: the community's, or an unsaved one as the kind itself says."""
    rows = {row.kind: row for row in RetentionRule.objects.all()}
    return {code: rows.get(code) or _first(kind) for code, kind in _kinds.items()}


@transaction.atomic
def set_retention(
    *, kind: str, months: int, action: str, is_active: bool, actor: Actor, now: datetime
) -> RetentionRule:
    """Say how long a kind of data is kept and what happens then.

    Errors: NotAllowed (the whole tenant has to be one's), NotFound, BadInput.
    """
    actor.require("people.manage")
    known = _kinds.get(kind)
    if known is None:
        raise NotFound(_("没有这一类资料。"))
    if not LEAST_MONTHS <= months <= MOST_MONTHS:
        raise BadInput(_("写 1 到 600 个月。"), field="months")
    if action not in known.actions:
        raise BadInput(_("这一类资料不能这样处理。"), field="action")
    values = {"months": months, "action": action, "is_active": is_active}
    row, _made = RetentionRule.objects.update_or_create(kind=kind, defaults=values)
    event = RetentionChanged(
        subject_id=row.pk, kind=kind, months=months, action=action, is_active=is_active
    )
    events.record(event, actor=actor, at=now)
    return row


def keep_to_rules(*, now: datetime) -> dict[str, int]:
    """Delete or anonymise what is older than its rule allows; return how many rows of each kind.

    Running twice changes nothing more.
    """
    return {code: _apply(kind, now) for code, kind in _kinds.items()}


def before(months: int, now: datetime) -> datetime:
    """Return the moment so many months ago; a month is 30.44 days, because nobody keeps to the hour."""
    return now - timedelta(days=round(months * 30.44))


def _apply(kind: Kind, now: datetime) -> int:
    total = 0
    for _number in range(MOST_BATCHES):
        count = _apply_batch(kind, now)
        total += count
        if count == 0:
            break
    return total


@transaction.atomic
def _apply_batch(kind: Kind, now: datetime) -> int:
    row = _locked(kind)
    if not row.is_active:
        return 0
    edge = before(row.months, now)
    count = kind.forget(edge, BATCH, row.action)
    if count:
        RetentionRule.objects.filter(pk=row.pk).update(
            applied_at=now,
            applied_count=count + (row.applied_count if row.applied_at == now else 0),
            total_count=F("total_count") + count,
        )
        event = RetentionApplied(
            subject_id=row.pk,
            kind=kind.code,
            action=row.action,
            count=count,
            before=edge.date().isoformat(),
        )
        events.record(event, actor=system(tenancy.current_tenant_id()), at=now)
    return count


def _locked(kind: Kind) -> RetentionRule:
    rows = RetentionRule.objects.select_for_update()
    row = next(iter(rows.filter(kind=kind.code)), None)
    if row is None:
        row = _first(kind)
        row.save(force_insert=True)
    return row


def _first(kind: Kind) -> RetentionRule:
    return RetentionRule(kind=kind.code, months=kind.months, action=kind.action)


DELETE: Final = RetentionAction.DELETE.value
ANONYMISE: Final = RetentionAction.ANONYMISE.value
