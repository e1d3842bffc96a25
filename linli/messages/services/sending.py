"""The sender's half: what leaves now and as which text, and what became of it.

A delivery is claimed in one short transaction, sent outside of any, and settled in another. Whoever
dies in between leaves a claim that runs out; the same text then goes out under the same key, and a
gateway that keeps the key sends it once. While a line is down one delivery at a time probes it, so
that the others keep waiting untouched and leave as one text per address when it is back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.messages import rules, selectors
from linli.messages.models import Channel, Delivery, DeliveryState, Outage
from linli.messages.selectors import catalogue
from linli.messages.selectors import settings as robots
from linli.messages.services.outages import end_outage, note_outage
from linli.messages.services.staff import tell_expired, tell_failed
from linli.messages.services.telling import absolute

# Longer than a batch may take to be sent.
CLAIM: Final = timedelta(minutes=5)
BATCH: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One text on its way to one address. `attempt` proves that the claim is ours."""

    delivery_id: UUID
    attempt: int
    channel: str
    line: str
    address: str
    title: str
    text: str
    robot_kind: str = ""
    secret: str = ""
    is_probe: bool = False

    @property
    def key(self) -> str:
        """Return what a gateway knows the text by, the same at every attempt."""
        return f"linli-{self.delivery_id.hex}"


@transaction.atomic
def claim_parcels(*, now: datetime, limit: int = BATCH) -> list[Parcel]:
    """Take what should leave now, several to one address as one; each is ours for a few minutes."""
    down = selectors.lines_down()
    _give_up(down, now)
    rows = _rows_of(selectors.due_deliveries(now, without=down), now, limit)
    for line, outage in down.items():
        if _take_probe(outage, now):
            rows += _rows_of(selectors.due_deliveries(now, line=line), now, 1)
    awake = [row for row in rows if not _postpone(row, now)]
    claimed = [one for group in _groups(awake) if (one := _claim(group, now))]
    return _parcels(claimed, down.keys(), now)


@transaction.atomic
def note_sent(parcel: Parcel, *, reference: str, now: datetime) -> None:
    """Write down that the other side took it; a line that was down is back."""
    if _settle(parcel, DeliveryState.SENT, now, reference=reference[:80]) and parcel.is_probe:
        end_outage(parcel.line, now)


@transaction.atomic
def note_recorded(parcel: Parcel, *, now: datetime) -> None:
    """Write down that it would have left, had the channel been configured."""
    _settle(parcel, DeliveryState.RECORDED, now)


@transaction.atomic
def note_refused(parcel: Parcel, *, reason: str, now: datetime) -> None:
    """Write down that it will never arrive, and tell staff."""
    if not _settle(parcel, DeliveryState.FAILED, now, error=reason[:200]):
        return
    if parcel.is_probe:  # A refusal is an answer: the line is back.
        end_outage(parcel.line, now)
    tell_failed(Delivery.objects.select_related("notice").get(pk=parcel.delivery_id), reason, now)


@transaction.atomic
def note_unreachable(
    parcel: Parcel, *, reason: str, is_untouched: bool, wait: timedelta | None, now: datetime
) -> None:
    """Write down that the line did not answer; it is tried again later, after growing pauses.

    is_untouched: nothing left us, so the text may still be changed. wait: what was asked for.
    """
    probe_at = note_outage(parcel.line, reason, wait, now)
    if is_untouched:
        release_parcel(parcel, now=now)
    else:
        _held(parcel).update(due_at=probe_at, error=reason[:200])


@transaction.atomic
def release_parcel(parcel: Parcel, *, now: datetime) -> None:
    """Give back a parcel that nobody tried to send, with all that it would have carried."""
    if _held(parcel).update(attempts=parcel.attempt - 1, due_at=now, folded_text=""):
        Delivery.objects.filter(folded_into_id=parcel.delivery_id).update(
            state=DeliveryState.WAITING, folded_into=None, due_at=now
        )


# What leaves


def _give_up(down: Iterable[str], now: datetime) -> None:
    """Fail what waited for too long, line by line, and tell staff once a day.

    What was never tried, because the sender itself slept, still gets its chance.
    """
    hopeless = Q(attempts__gt=0) | Q(line__in=list(down))
    rows = selectors.due_deliveries(now).filter(hopeless, give_up_at__lte=now)
    old = list(rows.values_list("id", "line"))
    for line in sorted({line for _id, line in old}):
        ids = [one for one, its_line in old if its_line == line]
        failed = Delivery.objects.filter(id__in=ids, state=DeliveryState.WAITING).update(
            state=DeliveryState.FAILED, settled_at=now, error=_("一天多没有发出，不再发。")
        )
        if failed:
            tell_expired(line, failed, now)


def _take_probe(outage: Outage, now: datetime) -> bool:
    """Take the right to try a line that is down; one sender at a time has it."""
    if outage.probe_at > now:
        return False
    mine = Outage.objects.filter(pk=outage.pk, ended_at=None, probe_at=outage.probe_at)
    return mine.update(probe_at=now + CLAIM) == 1


def _rows_of(due: "QuerySet[Delivery]", now: datetime, limit: int) -> list[Delivery]:
    """Lock the first few and everything else that is due to their addresses."""
    hashes = set(due.values_list("address_hash", flat=True)[:limit])
    if not hashes:
        return []
    rows = due.filter(address_hash__in=hashes).select_related("notice")
    return list(rows.select_for_update(of=("self",), skip_locked=True))


def _postpone(row: Delivery, now: datetime) -> bool:
    """Leave a row for the morning when it has become quiet meanwhile."""
    quiet_until = selectors.quiet_hours_of(row.notice.area_path).after(now)
    if row.is_urgent or quiet_until <= now:
        return False
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING).update(due_at=quiet_until)
    return True


def _groups(rows: list[Delivery]) -> Iterable[list[Delivery]]:
    """Yield what leaves together: fresh, not urgent, to one address. What was tried stays as is."""
    for _address, members in groupby(
        sorted(rows, key=_by_address), key=lambda row: row.address_hash
    ):
        fresh: list[Delivery] = []
        for row in members:
            if row.attempts or row.is_urgent:
                yield [row]
            else:
                fresh.append(row)
        if fresh:
            yield fresh


def _by_address(row: Delivery) -> tuple[str, UUID]:
    return row.address_hash, row.id


def _claim(group: list[Delivery], now: datetime) -> Delivery | None:
    first, *others = group
    text = _fold(group) if others else first.folded_text
    ours = Delivery.objects.filter(
        pk=first.pk, state=DeliveryState.WAITING, attempts=first.attempts, due_at=first.due_at
    )
    if not ours.update(attempts=first.attempts + 1, due_at=now + CLAIM, folded_text=text):
        return None
    Delivery.objects.filter(id__in=[row.id for row in others], state=DeliveryState.WAITING).update(
        state=DeliveryState.FOLDED, folded_into=first
    )
    first.attempts, first.folded_text = first.attempts + 1, text
    return first


def _fold(group: list[Delivery]) -> str:
    latest = group[-1].notice
    is_reporter = latest.contact_id is not None
    lines = [
        rules.Line(row.notice.title, catalogue.get_message(row.notice.event_name).kind)
        for row in group
    ]
    if is_reporter:
        link = rules.last_link(group[-1].text)
    else:
        door = "field" if latest.link.startswith("/field/") else "desk"
        link = absolute(f"/{door}/notices/")
    return rules.fold(lines, is_reporter=is_reporter, link=link)


def _parcels(rows: list[Delivery], down: Iterable[str], now: datetime) -> list[Parcel]:
    known = robots.robot_addresses([row.notice.robot_id for row in rows if row.notice.robot_id])
    found, probed = [], set(down)
    for row in rows:
        robot = known.get(row.notice.robot_id) if row.notice.robot_id else None
        parcel = Parcel(
            delivery_id=row.id,
            attempt=row.attempts,
            channel=row.channel,
            line=row.line,
            address=robot.address if robot else row.address,
            title=row.notice.title,
            text=row.folded_text or row.text,
            robot_kind=robot.kind if robot else "",
            secret=robot.secret if robot else "",
            is_probe=row.line in probed,
        )
        if row.channel == Channel.ROBOT and robot is None:
            note_refused(parcel, reason=_("群机器人已停用。"), now=now)
        else:
            found.append(parcel)
    return found


# What became of it


def _held(parcel: Parcel) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(
        pk=parcel.delivery_id, state=DeliveryState.WAITING, attempts=parcel.attempt
    )


def _settle(parcel: Parcel, state: DeliveryState, now: datetime, **fields: str) -> bool:
    return _held(parcel).update(state=state, settled_at=now, **{"error": "", **fields}) == 1
