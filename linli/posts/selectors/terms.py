"""Terms: who holds a post from when until when, and who stands in for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.posts.models import Holding, Substitution


def last_day(ends_at: datetime) -> date:
    """Return the local day that an excluded end leaves as the last one."""
    return clock.local(ends_at - timedelta(microseconds=1)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A substitution that lasts or is to come."""

    id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    is_now: bool

    @property
    def last_on(self) -> date:
        """Return the last day, included, as people say it."""
        return last_day(self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermLine:
    """Somebody's term in a post that lasts or is to come."""

    holding_id: UUID
    account_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime | None
    is_now: bool
    stand_ins: tuple[StandIn, ...] = ()

    @property
    def last_on(self) -> date | None:
        """Return the last day, included, as people say it; None when it is not known."""
        return last_day(self.ends_at) if self.ends_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTerm:
    """One term, on the page that ends it."""

    holding_id: UUID
    post_id: UUID
    account_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime | None


def get_term(holding_id: UUID, actor: Actor, now: datetime) -> OneTerm:
    """Return a term, in a post that the actor manages, that lasts or is to come. Errors: NotFound."""
    lasting = Q(ends_at=None) | Q(ends_at__gt=now)
    rows = Holding.objects.filter(lasting, pk=holding_id).select_related("post__area")
    held = next(iter(rows), None)
    if held is None or not actor.can("posts.manage", held.post.area.path):
        raise NotFound(_("没有找到这段任期。"))
    return OneTerm(
        holding_id=held.id,
        post_id=held.post_id,
        account_id=held.account_id,
        name=people.account_names([held.account_id]).get(held.account_id, ""),
        starts_at=held.starts_at,
        ends_at=held.ends_at,
    )


def term_lines(post_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[TermLine]]:
    """Return the terms that last or are to come, by post; three queries for any number of posts."""
    wanted = list(post_ids)
    lasting = Q(ends_at=None) | Q(ends_at__gt=now)
    held = list(
        Holding.objects.filter(lasting, post_id__in=wanted, account__ended_at=None).order_by(
            "starts_at", "id"
        )
    )
    stood_in = list(
        Substitution.objects.filter(
            post_id__in=wanted, ends_at__gt=now, substitute__ended_at=None
        ).order_by("starts_at", "id")
    )
    names = people.account_names(
        [one.account_id for one in held] + [one.substitute_id for one in stood_in]
    )
    found: dict[UUID, list[TermLine]] = {}
    for one in held:
        mine = [
            row for row in stood_in if (row.post_id, row.absent_id) == (one.post_id, one.account_id)
        ]
        found.setdefault(one.post_id, []).append(_line(one, mine, names, now))
    return found


def _line(
    holding: Holding, stood_in: list[Substitution], names: dict[UUID, str], now: datetime
) -> TermLine:
    return TermLine(
        holding_id=holding.id,
        account_id=holding.account_id,
        name=names.get(holding.account_id, ""),
        starts_at=holding.starts_at,
        ends_at=holding.ends_at,
        is_now=holding.starts_at <= now,
        stand_ins=tuple(
            StandIn(
                id=row.id,
                name=names.get(row.substitute_id, ""),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                reason=row.reason,
                is_now=row.starts_at <= now,
            )
            for row in stood_in
        ),
    )
