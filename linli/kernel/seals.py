"""Seals what happened: a hash over each minute's events, chained, so that a changed row is found.

A seal covers every column of an event except `delivered_at` and `seal`, which change later. Whoever
can write the database can also forge the whole chain from some seal on; against that, `linli
verify` prints the newest hash of each tenant, to be kept on paper or elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.models import EventRow, Seal
from linli.kernel.numbers import last_number, next_number

SEQUENCE: Final = "kernel.seals"
# The most events under one seal; a first seal after an import makes several.
MOST: Final = 5000
_COLUMNS: Final = (
    "id", "tenant_id", "name", "subject_id", "area_path", "actor_kind", "account_id", "data",
    "happened_at", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed. `kind`: changed, missing, added, chain or gone."""

    kind: str
    number: int  # of the seal
    message: str


def seal(now: datetime) -> Seal | None:
    """Seal the tenant's unsealed events, at most MOST; None when there are none."""
    if not EventRow.objects.filter(seal=None).exists():  # An idle worker takes no write lock.
        return None
    with transaction.atomic():
        number = next_number(SEQUENCE)  # Also the lock: two workers seal one after the other.
        rows = _unsealed()
        if not rows:
            transaction.set_rollback(True)
            return None
        previous = Seal.objects.order_by("-number").values_list("hash", flat=True).first() or ""
        made = Seal(number=number, previous_hash=previous, event_count=len(rows), sealed_at=now)
        made.hash = _hash(made, rows)
        made.save(force_insert=True)
        _attach(made, [row[0] for row in rows])
        return made


def verify() -> Iterator[Finding]:
    """Yield everything in the tenant that is not as it was sealed, in flat memory."""
    number, previous = 0, ""
    seals = Seal.objects.order_by("number").iterator(chunk_size=100)
    while some := list(islice(seals, 100)):
        for one in some:
            yield from _check_link(one, number, previous)
            number, previous = one.number, one.hash
        yield from _check_events({one.pk: one for one in some})
    if number != last_number(SEQUENCE):
        yield Finding(
            "gone", number + 1, _("最后的封存记录不见了，应当到第 %d 号。") % last_number(SEQUENCE)
        )


def newest() -> Seal | None:
    """Return the tenant's newest seal, whose hash stands for everything before it."""
    return Seal.objects.order_by("-number").first()


def _unsealed() -> list[tuple[Any, ...]]:
    return list(EventRow.objects.filter(seal=None).order_by("id").values_list(*_COLUMNS)[:MOST])


def _attach(made: Seal, ids: list[UUID]) -> None:
    count = 0
    for start in range(0, len(ids), 500):
        some = EventRow.objects.filter(id__in=ids[start : start + 500], seal=None)
        count += some.update(seal=made)
    if count != len(ids):
        raise RuntimeError("An event was sealed twice; this seal is undone.")


def _hash(one: Seal, rows: Iterable[tuple[Any, ...]]) -> str:
    digest = hashlib.sha256(
        _canonical((one.previous_hash, one.tenant_id, one.number, one.sealed_at))
    )
    for row in rows:
        digest.update(b"\n" + _canonical(row))
    return digest.hexdigest()


def _canonical(row: tuple[Any, ...]) -> bytes:
    return json.dumps(
        row, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _check_link(one: Seal, number: int, previous: str) -> Iterator[Finding]:
    if one.number != number + 1:
        yield Finding("gone", number + 1, _("第 %d 号封存记录不见了。") % (number + 1))
    elif one.previous_hash != previous:
        yield Finding("chain", one.number, _("第 %d 号封存与前一号接不上。") % one.number)


def _check_events(seals: dict[UUID, Seal]) -> Iterator[Finding]:
    rows = EventRow.objects.filter(seal__in=list(seals)).order_by("seal_id", "id")
    columns = rows.values_list(*_COLUMNS, "seal_id").iterator(chunk_size=1000)
    for seal_id, group in groupby(columns, key=lambda row: row[-1]):
        yield from _check_seal(seals.pop(seal_id), group)
    for one in seals.values():
        yield from _check_seal(one, iter(()))


def _check_seal(one: Seal, rows: Iterator[tuple[Any, ...]]) -> Iterator[Finding]:
    count = 0

    def counted() -> Iterator[tuple[Any, ...]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row[:-1]

    found = _hash(one, counted())
    facts = {"number": one.number, "then": one.event_count, "now": count}
    if count < one.event_count:
        yield Finding(
            "missing",
            one.number,
            _("第 %(number)d 号封存了 %(then)d 条记录，现在只有 %(now)d 条。") % facts,
        )
    elif count > one.event_count:
        yield Finding(
            "added",
            one.number,
            _("第 %(number)d 号封存了 %(then)d 条记录，现在有 %(now)d 条。") % facts,
        )
    elif found != one.hash:
        yield Finding(
            "changed",
            one.number,
            _("第 %(number)d 号封存的 %(then)d 条记录里，有内容被改过。") % facts,
        )
