"""Terms that end: said in time, once a month and once a week before."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from linli.kernel import events, tenancy
from linli.kernel.actor import system
from linli.posts.events import TermEnding
from linli.posts.models import Holding
from linli.posts.selectors.terms import last_day

# How many days before its end a term is spoken of; the nearest that has come wins.
DAYS: Final = (7, 30)
MOST: Final = 200


@transaction.atomic
def say_endings(*, now: datetime) -> int:
    """Say of every term that ends within 30 or 7 days that it does, each once; return how many.

    A term whose end has moved since is spoken of anew. Two workers say nothing twice: the row is
    marked before. A term that is shorter than the notice is not spoken of at its very beginning.
    """
    said = 0
    for days in DAYS:
        for holding in _unsaid(days, now)[:MOST]:
            said += _say(holding, days, now)
    return said


def _unsaid(days: int, now: datetime) -> list[Holding]:
    until = now + timedelta(days=days)
    rows = Holding.objects.filter(
        starts_at__lte=now, ends_at__gt=now, ends_at__lte=until, account__ended_at=None
    )
    told = {row.pk for row in rows if row.warned_ends_at == row.ends_at and _is_told(row, days)}
    rows = rows.exclude(pk__in=told).filter(post__ended_at=None)
    found = rows.select_related("post__area").order_by("ends_at", "id")
    return [row for row in found if row.starts_at <= row.ends_at - timedelta(days=days)]


def _is_told(row: Holding, days: int) -> bool:
    return row.warned_days is not None and row.warned_days <= days


def _say(holding: Holding, days: int, now: datetime) -> bool:
    same = Holding.objects.filter(pk=holding.pk, ends_at=holding.ends_at).filter(
        ~Q(warned_ends_at=holding.ends_at)
        | Q(warned_ends_at=None)
        | Q(warned_days=None)
        | Q(warned_days__gt=days)
    )
    if same.update(warned_days=days, warned_ends_at=holding.ends_at) != 1:
        return False
    assert holding.ends_at is not None
    event = TermEnding(
        subject_id=holding.post_id,
        area_path=holding.post.area.path,
        holding_id=holding.pk,
        holder_id=holding.account_id,
        days=days,
        last_on=last_day(holding.ends_at).isoformat(),
    )
    events.record(event, actor=system(tenancy.current_tenant_id()), at=now)
    return True
