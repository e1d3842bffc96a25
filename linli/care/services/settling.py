"""What follows from a visit: where somebody stands, whose turn it is, cases, the boards of alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from linli.care.events import TurnPassed
from linli.care.models import AlertTask, CareProfile, Visit
from linli.care.rules import Plan, Round, Said, Standing, rounds_of, standing
from linli.care.services import telling, trouble
from linli.care.states import Outcome, TaskState, Turn
from linli.kernel import clock, events
from linli.kernel.actor import Actor

# Enough to tell where anybody stands: whoever is missed goes to the desk after three.
LATEST: Final = 40


def settle(profile: CareProfile, visit: Visit, actor: Actor, now: datetime) -> None:
    """Bring the profile to where it stands with this visit, and do what follows; both are saved.

    The profile is locked by the caller.
    """
    visits = _latest(profile)
    visits.setdefault(visit.pk, visit)  # one that comes in after many later ones
    words = [_said(one) for one in visits.values()]
    found = rounds_of(words)
    own = next(one for one in found if any(said.id == visit.pk for said in one.said))
    _tie(found, visits)
    visit.same_as_id = visits[visit.pk].same_as_id
    if visit.outcome == Outcome.WRONG:
        visit.case_id = _case_of(own, visits) or trouble.report_wrong(profile, visit, actor, now)
    before = profile.turn
    stands = standing(plan_of(profile), words)
    place(profile, stands)
    visit.next_on = profile.due_on
    visit.save(update_fields=["case_id", "next_on"])
    if profile.turn != before:
        _pass_on(profile, stands, visit, actor, now)
    profile.save(update_fields=STANDING_FIELDS)
    _settle_alerts(profile, found, visit, now)
    if visit.outcome == Outcome.WRONG:
        telling.tell_family_of_trouble(profile, visit, now)


def restand(profile: CareProfile) -> None:
    """Work out anew where a profile stands after its plan changed; the caller saves it."""
    place(profile, standing(plan_of(profile), [_said(one) for one in _latest(profile).values()]))


def restand_for_posts(profile: CareProfile) -> None:
    """Work out whose turn it is after the posts changed; visits are read only where that matters."""
    if profile.turn == Turn.SECOND and profile.second_post_id is None:
        restand(profile)
    else:
        profile.turn_post_id = _post_of_turn(profile)


def _post_of_turn(profile: CareProfile) -> UUID | None:
    posts = {Turn.FIRST: profile.post_id, Turn.SECOND: profile.second_post_id, Turn.DESK: None}
    return posts[Turn(profile.turn)]


def plan_of(profile: CareProfile) -> Plan:
    """Return the plan of a profile as the rules read it."""
    return Plan(
        every_days=profile.every_days,
        started_on=clock.local(profile.started_at).date(),
        has_second=profile.second_post_id is not None,
        seen_at=profile.seen_at,
        seen_on=profile.unseen_since,
    )


STANDING_FIELDS: Final = (
    "turn", "turn_post", "misses", "seen_at", "unseen_since", "due_on", "missing_case_id",
)  # fmt: skip


def place(profile: CareProfile, found: Standing) -> None:
    """Set the stored columns of where somebody stands."""
    profile.turn, profile.misses = found.turn, found.misses
    profile.turn_post_id = _post_of_turn(profile)
    profile.seen_at, profile.unseen_since = found.seen_at, found.unseen_since
    profile.due_on = found.due_on


def _latest(profile: CareProfile) -> dict[UUID, Visit]:
    found = Visit.objects.filter(profile=profile, is_counted=True).order_by("-at", "-id")[:LATEST]
    return {one.pk: one for one in found}


def _said(visit: Visit) -> Said:
    return Said(
        id=visit.pk, at=visit.at, day=clock.local(visit.at).date(), outcome=visit.outcome,
        who=visit.account_id, is_second=visit.is_second, again_on=visit.again_on,
    )  # fmt: skip


def _tie(found: Sequence[Round], visits: dict[UUID, Visit]) -> None:
    """Say of each word which other one tells of the same visit; an earlier one may come in late."""
    changed = []
    for one in found:
        for said in one.said:
            row, first = visits[said.id], one.first.id
            same_as = None if said.id == first else first
            if row.same_as_id != same_as:
                row.same_as_id = same_as
                changed.append(row)
    if changed:
        Visit.objects.bulk_update(changed, ["same_as"])


def _case_of(own: Round, visits: dict[UUID, Visit]) -> UUID | None:
    return next((row.case_id for said in own.said if (row := visits[said.id]).case_id), None)


def _pass_on(
    profile: CareProfile, stands: Standing, visit: Visit, actor: Actor, now: datetime
) -> None:
    """Hand somebody on whom nobody met, or take them back from the search."""
    if profile.turn == Turn.DESK and profile.missing_case_id is None:
        profile.missing_case_id = trouble.report_missing(profile, stands, actor, now)
    elif profile.turn == Turn.FIRST and profile.missing_case_id is not None:
        trouble.note_found(profile, visit, now)
        profile.missing_case_id = None
    AlertTask.objects.filter(profile=profile, is_on=True).update(post_id=profile.turn_post_id)
    if profile.turn != Turn.FIRST:
        event = TurnPassed(
            subject_id=profile.pk, area_path=profile.area_path, turn=profile.turn,
            misses=profile.misses, case_id=profile.missing_case_id,
        )  # fmt: skip
        events.record(event, actor=actor, at=now)
    if profile.turn == Turn.SECOND:
        telling.tell_second(profile, visit, now)


def _settle_alerts(
    profile: CareProfile, found: Sequence[Round], visit: Visit, now: datetime
) -> None:
    """Move the person on the board of every alert that is on."""
    for task in AlertTask.objects.filter(profile=profile, is_on=True).select_related("alert"):
        since = [one for one in found if one.first.at >= task.alert.starts_at]
        state = _state_of(since)
        if state is None or state == task.state:
            continue
        was = task.state
        task.state, task.settled_at, task.settled_by = state, now, visit.account_id
        task.visit_id = visit.pk
        task.save(update_fields=["state", "settled_at", "settled_by", "visit_id"])
        if state == TaskState.REACHED and was != TaskState.WRONG:
            telling.tell_family_of_reaching(profile, task, now)


def _state_of(since: Sequence[Round]) -> TaskState | None:
    if not since:
        return None
    met = [one.outcome for one in since if one.outcome != Outcome.AWAY]
    if not met:
        return TaskState.AWAY
    return TaskState.WRONG if met[-1] == Outcome.WRONG else TaskState.REACHED
