"""Who stood in for a leaver and is cut short with the term: noted with the handover, put back with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.people import selectors as people
from linli.posts.errors import BeyondOwnRights, OfficesApart
from linli.posts.events import SubstitutionSet
from linli.posts.models import Handover, Substitution
from linli.posts.services._ground import check_newcomer


def note_stood_in(row: Handover) -> None:
    """Note who stands in beyond the day of a handover, before the term ends. The caller saves."""
    at = row.leaves_at.isoformat()
    known = {(one["substitute"], one["starts_at"]): one for one in row.stood_in}
    cut = Substitution.objects.filter(
        post_id=row.post_id, absent_id=row.outgoing_id, ends_at__gt=row.leaves_at
    )
    for one in cut.order_by("starts_at", "id"):
        key = str(one.substitute_id), one.starts_at.isoformat()
        # Cut once more by an earlier day: what it was at first stays.
        said = known.setdefault(key, {"ends_at": one.ends_at.isoformat(), "reason": one.reason})
        said |= {"substitute": key[0], "starts_at": key[1], "cut_at": at}
    row.stood_in = list(known.values())


def restore_stood_in(row: Handover, *, actor: Actor, now: datetime) -> None:
    """Let those stand in again who were cut short with the term.

    Not those whose account has ended, who were taken out by hand since, or who hold an office by now
    that must stay apart.
    """
    for said in row.stood_in:
        substitute_id, ends_at = UUID(said["substitute"]), datetime.fromisoformat(said["ends_at"])
        account = people.find_account(substitute_id)
        if ends_at <= now or account is None or not account.is_staff:
            continue
        try:
            check_newcomer(row.post, substitute_id, actor=actor, now=now)
        except (BeyondOwnRights, OfficesApart):
            continue
        back = _again(row, said, substitute_id, ends_at)
        if back is not None:
            _tell(row, back, actor, now)


def _again(
    row: Handover, said: dict[str, Any], substitute_id: UUID, ends_at: datetime
) -> Substitution | None:
    starts_at, cut_at = (datetime.fromisoformat(said[key]) for key in ("starts_at", "cut_at"))
    facts = {
        "post_id": row.post_id, "absent_id": row.outgoing_id, "substitute_id": substitute_id,
        "starts_at": starts_at,
    }  # fmt: skip
    found = Substitution.objects.filter(**facts).order_by("id").first()
    if found is None:
        # One that had not begun by then was taken back with the term.
        is_ours = cut_at <= starts_at
        again = Substitution(**facts, ends_at=ends_at, reason=said["reason"])
    else:
        is_ours, again = found.ends_at == cut_at, found
        again.ends_at = ends_at
    if is_ours:
        again.save()
    return again if is_ours else None


def _tell(row: Handover, back: Substitution, actor: Actor, now: datetime) -> None:
    event = SubstitutionSet(
        subject_id=row.post_id,
        area_path=row.post.area.path,
        substitution_id=back.pk,
        absent_id=back.absent_id,
        substitute_id=back.substitute_id,
        starts_at=back.starts_at.isoformat(),
        ends_at=back.ends_at.isoformat(),
    )
    events.record(event, actor=actor, at=now)
