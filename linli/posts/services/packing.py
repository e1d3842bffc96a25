"""What lies in a packet: collected from every room, compared with what was collected before."""

from datetime import datetime
from typing import Any

from django.db.models import F

from linli.kernel.ids import new_id
from linli.posts.models import Belonging, BelongingKind, Handover, HandoverLine, Holding, LineState
from linli.posts.services import handover

_COLUMNS = {"kind": 30, "title": 120, "note": 300, "link": 200}


def collect(row: Handover, *, now: datetime) -> int:
    """Bring the lines of a packet up to date and return how many it has.

    What is new comes in open, what is gone is done; what was signed for stays as it was signed.
    """
    found = {line.key: line for line in handover.lines_of(_leaving(row, now))}
    kept = {line.key: line for line in row.lines.all()}
    new = [line for key, line in found.items() if key not in kept]
    changed = [line for key, line in kept.items() if _renew(line, found.get(key), now)]
    HandoverLine.objects.bulk_create(
        [
            HandoverLine(id=new_id(), handover=row, order=len(kept) + at, **_written(line))
            for at, line in enumerate(new)
        ],
        batch_size=200,
    )
    fields = ["kind", "title", "note", "link", "due_at", "is_late", "state", "settled_at"]
    HandoverLine.objects.bulk_update(changed, fields, batch_size=200)
    if new or changed:
        Handover.objects.filter(pk=row.pk).update(version=F("version") + 1)
        row.version += 1
    return len(kept) + len(new)


def has_lines(holding: Holding, *, now: datetime) -> bool:
    """Tell whether somebody who leaves has anything in hand."""
    row = Handover(post=holding.post, outgoing_id=holding.account_id, incoming_id=None)
    return bool(handover.lines_of(_leaving(row, now)))


@handover.gives("posts")
def belongings(leaving: handover.Leaving) -> list[handover.Line]:
    """Give keys, agreements and devices of the post; they go over also when others hold it too."""
    rows = Belonging.objects.filter(post_id=leaving.post_id, ended_at=None).order_by("kind", "id")
    return [
        handover.Line(
            key=f"posts.belonging:{row.pk}",
            kind=str(BelongingKind(row.kind).label),
            title=row.name if row.count == 1 else f"{row.name} × {row.count}",
            note=row.note,
        )
        for row in rows[: handover.MOST_LINES]
    ]


def _leaving(row: Handover, now: datetime) -> handover.Leaving:
    post = row.post
    others = Holding.objects.filter(post_id=post.pk, account__ended_at=None, starts_at__lte=now)
    others = others.exclude(account_id=row.outgoing_id).exclude(account_id=row.incoming_id)
    return handover.Leaving(
        post_id=post.pk,
        account_id=row.outgoing_id,
        role=post.role,
        area_path=post.area.path,
        estate_id=post.estate_id,
        is_shared=others.exclude(ends_at__lte=now).exists(),
        now=now,
    )


def _written(line: handover.Line) -> dict[str, Any]:
    return {
        "source": line.key.partition(".")[0][:30],
        "key": line.key,
        **{column: getattr(line, column)[:most] for column, most in _COLUMNS.items()},
        "due_at": line.due_at,
        "is_late": line.is_late,
    }


def _renew(row: HandoverLine, line: handover.Line | None, now: datetime) -> bool:
    """Bring an unsettled line up to date; tell whether anything changed."""
    if row.state not in (LineState.OPEN, LineState.DISPUTED):
        return False
    if line is None:
        row.state, row.settled_at = LineState.DONE, now
        return True
    written = _written(line)
    changed = [key for key, value in written.items() if getattr(row, key) != value]
    for key in changed:
        setattr(row, key, written[key])
    return bool(changed)
