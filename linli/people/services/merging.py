"""Two records that are one person become one: rows go over, what was empty is filled, and a mistake
can be undone because every row that went is written down.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, DomainError, NotFound
from linli.people.events import DuplicateDecided, PersonMerged, PersonParted
from linli.people.models import (
    Consent,
    Duplicate,
    DuplicateState,
    Fact,
    Merge,
    Person,
    PersonLink,
    PersonState,
    PersonTag,
    Relation,
    Residence,
    Reveal,
)
from linli.people.services.counting import counting, hold
from linli.people.services.register import EDITABLE, locked_person, save_changed
from linli.people.services.saying import put
from linli.people.services.wording import forget_words, write_words
from linli.places.selectors.homes import HomeAt, homes_at

_TABLES: Final = {
    "residence": Residence, "tag": PersonTag, "relation": Relation, "fact": Fact,
    "consent": Consent, "link": PersonLink, "look": Reveal,
}  # fmt: skip


@transaction.atomic
def merge_people(
    *,
    kept_id: UUID,
    gone_id: UUID,
    seen: Mapping[UUID, int] | None = None,
    actor: Actor,
    now: datetime,
) -> Merge:
    """Make two records one: the kept one takes over what the other has and it has not.

    Of what both have, the kept one's holds; the other's stays with the other record, as it was.
    seen: the versions that were looked at side by side; None doesn't ask.
    Errors: NotAllowed, NotFound, IsGone, DomainError (the same record twice), Conflict (changed since).
    """
    if kept_id == gone_id:
        raise DomainError(_("这是同一份登记。"))
    both = {one: locked_person(one, actor, is_dead_too=True) for one in sorted((kept_id, gone_id))}
    (kept, kept_home), (gone, gone_home) = both[kept_id], both[gone_id]
    if seen is not None and any(seen.get(one.pk) != one.version for one in (kept, gone)):
        raise Conflict(_("两份登记里有一份刚刚改过，再看一遍是不是同一个人。"))
    homes = {one.id: one for one in (kept_home, gone_home)}
    hold(homes.values(), now)
    merge = Merge(kept=kept, gone=gone, gone_state=gone.state, made_at=now, made_by=actor.who)
    with counting(sorted(homes)):
        merge.taken = _fill(kept, gone, now)
        merge.moved = _move(kept, gone)
        gone.state, gone.merged_into = PersonState.MERGED, kept
        save_changed(gone, now)
        save_changed(kept, now)
    merge.save(force_insert=True)
    write_words(kept, kept_home)
    forget_words([gone.pk])
    _decide_pairs(kept, gone, actor, now)
    event = PersonMerged(
        subject_id=gone.pk, area_path=kept_home.area_path, into_id=kept.pk, merge_id=merge.pk
    )
    events.record(event, actor=actor, at=now)
    return merge


@transaction.atomic
def part_people(*, merge_id: UUID, actor: Actor, now: datetime) -> Person:
    """Undo a merge: what went over goes back. What was filled in stays filled in, and is to be looked
    at. Undoing twice does it once. Errors: NotAllowed, NotFound.
    """
    merge = Merge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
    if merge is None:
        raise NotFound(_("没有找到这次合并。"))
    both = Person.objects.select_for_update(of=("self",))
    both = both.filter(pk__in=[merge.kept_id, merge.gone_id]).order_by("pk")
    gone = {one.pk: one for one in both}[merge.gone_id]  # locked in the order of `merge_people`
    kept, home = locked_person(merge.kept_id, actor, is_dead_too=True)
    if merge.undone_at is not None:
        return gone
    gone_home = _home_of(gone)
    homes = {one.id: one for one in (home, gone_home)}
    hold(homes.values(), now)
    with counting(sorted(homes)):
        for name, ids in merge.moved.items():
            _TABLES[name].objects.filter(pk__in=ids, person=kept).update(person=gone)
        gone.state, gone.merged_into = merge.gone_state, None
        save_changed(gone, now)
        save_changed(kept, now)
    merge.undone_at, merge.undone_by = now, actor.who
    merge.save(update_fields=["undone_at", "undone_by"])
    write_words(gone, gone_home)
    parted = PersonParted(
        subject_id=gone.pk, area_path=home.area_path, from_id=kept.pk, merge_id=merge.pk
    )
    events.record(parted, actor=actor, at=now)
    return gone


@transaction.atomic
def keep_apart(*, duplicate_id: UUID, actor: Actor, now: datetime) -> None:
    """Decide that two records are two people; they are not shown again. Errors: NotAllowed, NotFound."""
    pair = Duplicate.objects.filter(pk=duplicate_id).first()
    if pair is None:
        raise NotFound(_("没有找到这一对。"))
    # The people before the pair, as a merge takes them; of two ids the first is the smaller one.
    _person, home = locked_person(pair.first_id, actor, is_dead_too=True)
    locked_person(pair.second_id, actor, is_dead_too=True)
    pair = Duplicate.objects.select_for_update(of=("self",)).get(pk=duplicate_id)
    _decide(pair, DuplicateState.DIFFERENT, actor, now)
    event = DuplicateDecided(
        subject_id=pair.pk, area_path=home.area_path, state=DuplicateState.DIFFERENT
    )
    events.record(event, actor=actor, at=now)


def _fill(kept: Person, gone: Person, now: datetime) -> list[str]:
    """Fill what the kept one has not; return the columns."""
    empty = [
        name
        for name in EDITABLE
        if name not in ("name", "id_kind") and not getattr(kept, name) and getattr(gone, name)
    ]
    if "id_number" in empty:
        kept.id_kind = gone.id_kind
    put(kept, {name: getattr(gone, name) for name in empty}, now)
    return empty


def _move(kept: Person, gone: Person) -> dict[str, list[str]]:
    """Let rows go over whose like the kept one has not; return their ids by table."""
    moved: dict[str, list[str]] = {}
    keys = {
        "residence": lambda row: (row.home_id, row.kind) if row.ended_at is None else row.pk,
        "tag": lambda row: row.kind_id if row.ended_at is None else row.pk,
        "relation": lambda row: row.pk,
        "fact": lambda row: row.field_id,
        "consent": lambda row: row.purpose if row.withdrawn_at is None else row.pk,
        "link": lambda row: row.pk,
        "look": lambda row: row.pk,
    }
    for name, table in _TABLES.items():
        key: Any = keys[name]
        has = {key(row) for row in table.objects.filter(person=kept)}
        ids = [row.pk for row in table.objects.filter(person=gone) if key(row) not in has]
        table.objects.filter(pk__in=ids).update(person=kept)
        moved[name] = [str(one) for one in ids]
    return moved


def _decide_pairs(kept: Person, gone: Person, actor: Actor, now: datetime) -> None:
    first, second = sorted((kept, gone), key=lambda one: one.pk)
    for pair in Duplicate.objects.filter(first=first, second=second):
        _decide(pair, DuplicateState.MERGED, actor, now)
    # Whoever else looked like the other record is compared with the kept one from now on.
    open_pairs = Duplicate.objects.filter(state=DuplicateState.OPEN)
    for pair in open_pairs.filter(Q(first=gone) | Q(second=gone)).order_by("id"):
        _decide(pair, DuplicateState.MERGED, actor, now)


def _decide(pair: Duplicate, state: str, actor: Actor, now: datetime) -> None:
    pair.state, pair.decided_at, pair.decided_by = state, now, actor.who
    pair.save(update_fields=["state", "decided_at", "decided_by"])


def _home_of(person: Person) -> HomeAt:
    return homes_at([person.home_id])[person.home_id]
