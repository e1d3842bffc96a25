"""Follow-up calls and exclusions: who may call, what is still to be called, what was said, with the
rows behind every count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.cases.models import (
    CallOutcome,
    Case,
    EntryKind,
    Exclusion,
    ExclusionReason,
    FollowUp,
    FollowUpCall,
    FollowUpRule,
    FollowUpSample,
    FollowUpState,
)
from linli.clients import selectors as clients
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

DUTY: Final = "cases.follow_up"
MOST: Final = 100
_HELPING: Final = 400
STATES: Final = FollowUpState.choices
OUTCOMES: Final = [one for one in CallOutcome.choices if one[0] != CallOutcome.ANSWERED]
REASONS: Final = ExclusionReason.choices
_LOADED = ("case", "case__category", "case__reporter", "case__handler_post", "sample")
# The words of whoever handled a case.
_BY_HANDS = (EntryKind.PROGRESS, EntryKind.RESULT)


def followups(actor: Actor, state: str, *, week_on: date | None = None) -> list[FollowUp]:
    """Return the follow-ups of a state that the actor looks after, oldest week first."""
    rows = _mine(actor).filter(state=state)
    if week_on is not None:
        rows = rows.filter(week_on=week_on)
    order = ("week_on", "id") if state == FollowUpState.WAITING else ("-ended_at", "-id")
    return list(rows.select_related(*_LOADED).defer("case__text").order_by(*order)[:MOST])


def all_followups(actor: Actor, state: str) -> Iterator[FollowUp]:
    """Give all follow-ups of a state that the actor looks after, the oldest first, helping by helping."""
    rows = _mine(actor).filter(state=state).select_related(*_LOADED).defer("case__text")
    after: UUID | None = None
    while True:
        rest = rows.filter(pk__gt=after) if after else rows
        found = list(rest.order_by("pk")[:_HELPING])
        yield from found
        if len(found) < _HELPING:
            return
        after = found[-1].pk


def counts(actor: Actor) -> dict[str, int]:
    """Return how many follow-ups stand in each state, for the tabs."""
    found = dict(_mine(actor).order_by().values_list("state").annotate(n=Count("id")))
    return {value: found.get(value, 0) for value, _label in STATES}


def waiting_count(actor: Actor) -> int:
    """Return how many calls are still to be made."""
    if not actor.can(DUTY):
        return 0
    return _mine(actor).filter(state=FollowUpState.WAITING).count()


def _mine(actor: Actor) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(_below(actor.scopes(DUTY)))
    # A case may have become confidential since it was drawn.
    open_to_all = Q(is_confidential=False, case__is_confidential=False)
    return rows.filter(open_to_all | _below(actor.scopes("cases.confidential")))


def _below(paths: Iterable[str]) -> Q:
    where = Q(pk__in=[])
    for path in paths:
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    return where


def get_followup(followup_id: UUID, actor: Actor, *, lock: bool = False) -> FollowUp:
    """Return a follow-up that the actor looks after. Errors: NotFound."""
    rows = _mine(actor).select_related(*_LOADED)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=followup_id).order_by("pk").first()
    if found is None:
        raise NotFound(_("没有找到这件回访，或者您的岗位看不到它。"))
    return found


def has_handled(case: Case, actor: Actor) -> bool:
    """Tell whether the actor had a case in hand: took it, wrote its result, or holds its post.

    Whoever did so neither calls its reporter nor decides that it does not count.
    """
    if case.handler_post_id in actor.post_ids:
        return True
    if case.handler_organisation_id in actor.organisation_ids:
        return True
    # A program takes nothing in hand itself; whoever made its key does.
    hands = {actor.account_id} if actor.account_id else clients.hands_of(actor.client_id)
    if case.handler_account_id is not None and case.handler_account_id in hands:
        return True
    if case.assignments.filter(taken_by__in=hands).exists():
        return True
    return case.entries.filter(account_id__in=hands, kind__in=_BY_HANDS).exists()


def handled_among(cases: Iterable[Case], actor: Actor) -> set[UUID]:
    """Return which of some cases the actor had in hand, in two queries."""
    rows = {case.pk: case for case in cases}
    mine = {
        pk
        for pk, case in rows.items()
        if (case.handler_account_id and case.handler_account_id == actor.account_id)
        or case.handler_post_id in actor.post_ids
        or case.handler_organisation_id in actor.organisation_ids
    }
    if actor.account_id is None:
        return mine
    taken = Case.objects.filter(pk__in=rows, assignments__taken_by=actor.account_id)
    wrote = Case.objects.filter(
        pk__in=rows, entries__account_id=actor.account_id, entries__kind__in=_BY_HANDS
    )
    return mine | set(taken.values_list("pk", flat=True)) | set(wrote.values_list("pk", flat=True))


def of_case(case: Case) -> list[FollowUp]:
    """Return the follow-ups of a case, newest first; none is asked for while none can be."""
    if case.closed_at is None and not case.reopen_count:
        return []
    return list(case.followups.order_by("-week_on", "-id"))


def calls_of(followup: FollowUp) -> list[FollowUpCall]:
    """Return the calls that were made, newest first."""
    return list(followup.calls.order_by("-id"))


def result_words(case: Case) -> str:
    """Return what the handler said was done, for telling the reporter on the phone."""
    entry = case.entries.filter(kind=EntryKind.RESULT).order_by("-id").first()
    return entry.text if entry else ""


def exclusion_of(case: Case) -> Exclusion | None:
    """Return the exclusion that is asked for or in force, or None."""
    return case.exclusions.filter(state__in=("asked", "approved")).first()


# What stands behind figures


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said on the phone about the cases of some weeks."""

    answered: int
    solved: int
    satisfied: int
    unreached: int
    waiting: int


def answers(area_path: str, first_on: date, last_on: date) -> Answers:
    """Return what reporters said on the phone about cases closed between two days.

    Weeks count as a whole when their Monday lies between the days.
    """
    return _answers(_between(area_path, first_on, last_on))


def _answers(rows: QuerySet[FollowUp]) -> Answers:
    said = Q(state=FollowUpState.ANSWERED)
    found = rows.aggregate(
        answered=Count("pk", filter=said),
        solved=Count("pk", filter=said & Q(is_solved=True)),
        satisfied=Count("pk", filter=said & Q(satisfaction=3)),
        unreached=Count("pk", filter=Q(state=FollowUpState.UNREACHED)),
        waiting=Count("pk", filter=Q(state=FollowUpState.WAITING)),
    )
    return Answers(**found)


def answers_of(actor: Actor, first_on: date, last_on: date) -> Answers:
    """Return the same for everything that the actor looks after."""
    rows = _mine(actor).filter(week_on__gte=first_on, week_on__lte=last_on)
    return _answers(rows)


def rows_behind(area_path: str, first_on: date, last_on: date) -> QuerySet[FollowUp]:
    """Return the follow-ups behind `answers`, newest first; who may see them is the caller's matter."""
    rows = _between(area_path, first_on, last_on).select_related(*_LOADED)
    return rows.order_by("-week_on", "-id")


def _between(area_path: str, first_on: date, last_on: date) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(week_on__gte=first_on, week_on__lte=last_on)
    return rows.filter(area_path__startswith=area_path) if area_path else rows


def exclusions(actor: Actor, state: str = "") -> list[Exclusion]:
    """Return what is asked for or left out, newest first, as far as the actor sees the cases."""
    paths = (*actor.scopes(DUTY), *actor.scopes("cases.approve"))
    where = Q(pk__in=[])
    for path in paths:
        where |= Q(case__area_path__startswith=path)
    seen = Q(case__is_confidential=False)
    for path in actor.scopes("cases.confidential"):
        seen |= Q(case__area_path__startswith=path)
    rows = Exclusion.objects.filter(where & seen).select_related("case", "case__category")
    rows = rows.filter(state=state) if state else rows.filter(state__in=("asked", "approved"))
    return list(rows.defer("case__text").order_by("-id")[:MOST])


def samples(most: int = 24) -> list[FollowUpSample]:
    """Return the latest samples with their rules, newest first."""
    rows = FollowUpSample.objects.select_related("rule__category", "rule__organisation")
    return list(rows.order_by("-week_on", "id")[:most])


def get_sample(sample_id: UUID) -> FollowUpSample:
    """Return a sample. Errors: NotFound."""
    found = FollowUpSample.objects.filter(pk=sample_id).first()
    if found is None:
        raise NotFound(_("没有找到这次抽样。"))
    return found


def followup_rules() -> list[FollowUpRule]:
    """Return the shares that differ from the usual one."""
    rows = FollowUpRule.objects.filter(ended_at=None).select_related("category", "organisation")
    return list(rows.order_by("id"))
