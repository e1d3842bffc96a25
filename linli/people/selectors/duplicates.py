"""Who may have been entered twice: pairs that wait for a look, each side by side."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people.models import Duplicate, DuplicateReason, DuplicateState, Merge, Person
from linli.people.selectors.accounts import account_names
from linli.people.selectors.finding import REGISTER, in_scope
from linli.people.selectors.register import PersonCard, PersonLine, get_person, person_lines


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two people who may be one."""

    id: UUID
    first: PersonLine
    second: PersonLine
    reason: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of both. is_same tells more than masked values can."""

    label: str
    first: str
    second: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records side by side."""

    id: UUID
    first: PersonCard
    second: PersonCard
    reason: str
    state: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class MergeLine:
    """Two records that were made one and may be parted again."""

    id: UUID
    kept: PersonLine
    gone: PersonLine
    made_at: datetime
    made_by: str


def open_pairs(actor: Actor, *, after: UUID | None = None, most: int = 50) -> list[PairLine]:
    """Return the pairs to look at in the actor's area, newest first. Errors: NotAllowed.

    after: the pair with which the page before ended.
    """
    actor.require(REGISTER)
    mine = Person.objects.filter(in_scope(actor)).values("id")
    rows = Duplicate.objects.filter(state=DuplicateState.OPEN)
    scope = in_scope(actor)
    if scope != Q():
        rows = rows.filter(first__in=mine, second__in=mine)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-id")[:most])
    lines = person_lines([one for row in found for one in (row.first_id, row.second_id)], actor)
    return [
        PairLine(
            row.pk, lines[row.first_id], lines[row.second_id],
            str(DuplicateReason(row.reason).label), row.found_at,
        )
        for row in found
    ]  # fmt: skip


def get_pair(pair_id: UUID, actor: Actor) -> Pair:
    """Return two records side by side. Errors: NotFound, also when one is not in the actor's area."""
    row = Duplicate.objects.select_related("first", "second").filter(pk=pair_id).first()
    if row is None:
        raise NotFound(_("没有找到这一对。"))
    first, second = get_person(row.first_id, actor), get_person(row.second_id, actor)
    return Pair(
        id=row.pk,
        first=first,
        second=second,
        reason=str(DuplicateReason(row.reason).label),
        state=row.state,
        rows=_rows(row.first, row.second, first, second),
    )


def merges_of(person_id: UUID, actor: Actor) -> list[MergeLine]:
    """Return what was merged into a person, or a person into another, and not undone.

    The caller may see the person.
    """
    rows = Merge.objects.filter(Q(kept_id=person_id) | Q(gone_id=person_id), undone_at=None)
    return _merge_lines(list(rows.order_by("-id")), actor)


def recent_merges(actor: Actor, *, after: UUID | None = None, most: int = 50) -> list[MergeLine]:
    """Return the latest merges in the actor's area that still hold, newest first. Errors: NotAllowed.

    after: the merge with which the page before ended.
    """
    rows = _merges(actor)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _merge_lines(list(rows.order_by("-id")[:most]), actor)


def get_merge(merge_id: UUID, actor: Actor) -> MergeLine:
    """Return a merge in the actor's area that still holds. Errors: NotFound, NotAllowed."""
    found = _merge_lines(list(_merges(actor).filter(pk=merge_id)), actor)
    if not found:
        raise NotFound(_("没有找到这次合并。"))
    return found[0]


def _merges(actor: Actor) -> QuerySet[Merge]:
    actor.require(REGISTER)
    rows, scope = Merge.objects.filter(undone_at=None), in_scope(actor)
    if scope != Q():
        rows = rows.filter(kept__in=Person.objects.filter(scope).values("id"))
    return rows


def _merge_lines(rows: list[Merge], actor: Actor) -> list[MergeLine]:
    if not rows:
        return []
    lines = person_lines([one for row in rows for one in (row.kept_id, row.gone_id)], actor)
    names = account_names({row.made_by for row in rows if row.made_by})
    return [
        MergeLine(
            row.pk, lines[row.kept_id], lines[row.gone_id], row.made_at,
            names.get(row.made_by, "") if row.made_by else "",
        )
        for row in rows
    ]  # fmt: skip


def _rows(one: Person, other: Person, first: PersonCard, second: PersonCard) -> list[Row]:
    def born(person: Person) -> str:
        return f"{person.born_on:%Y-%m-%d}" if person.born_on else ""

    pairs = [
        (
            _("姓名"),
            masking.mask_name(one.name),
            masking.mask_name(other.name),
            one.name == other.name,
        ),
        (_("证件号码"), first.id_number, second.id_number, one.id_hash == other.id_hash),
        (_("出生日期"), born(one)[:4], born(other)[:4], one.born_on == other.born_on),
        (_("手机"), first.phone, second.phone, one.phone_hash == other.phone_hash),
        (_("住址"), first.home.label, second.home.label, one.home_id == other.home_id),
        (_("标签"), _tags(first), _tags(second), _tags(first) == _tags(second)),
        (_("来源"), first.source, second.source, first.source == second.source),
    ]
    return [Row(label, mine, yours, is_same) for label, mine, yours, is_same in pairs]


def _tags(card: PersonCard) -> str:
    return "、".join(str(mark) for mark in card.line.tags)
