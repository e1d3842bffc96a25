"""What the desk does: accept, assign, decline, answer, note, replace a link."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import (
    CaseAccepted,
    CaseAnswered,
    CaseDeclined,
    CaseNoted,
    LinkRevoked,
)
from linli.cases.models import Audience, Case, EndReason, Entry, EntryKind
from linli.cases.services._ground import PROMISED, Step, end_assignment, reset_promises
from linli.cases.services.assigning import put_into_hands
from linli.cases.states import OPEN, CaseState
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.posts import selectors as posts


def begin(
    case_id: UUID, duty: str, actor: Actor, now: datetime, version: int | None = None
) -> Step:
    """Load and lock a case that the actor may see, and refuse unless the duty is held over its
    place.

    version: what the page saw. Errors: NotFound, NotAllowed, StaleCase.
    """
    case = selectors.get_case(case_id, actor, lock=True)
    actor.require(duty, case.area_path)
    return Step.begin(case, actor, now, version=version)


@transaction.atomic
def accept_case(
    *, case_id: UUID, actor: Actor, now: datetime, text: str = "", version: int | None = None
) -> Case:
    """Take a reported case on; the reporter is told, and the response promise is kept or missed
    here.

    Errors: NotFound, NotAllowed, IllegalMove, StaleCase.
    Source: house.md 4; 接派办评, peers.md 10.
    """
    step = begin(case_id, "cases.dispatch", actor, now, version)
    step.only_from(CaseState.REPORTED, CaseState.DECLINED)
    if step.case.state == CaseState.DECLINED:
        # Its review is a new beginning: the promise of then can't be kept any more.
        reset_promises(step.case, now)
        step.case.review_due_at = None
    step.move(CaseState.ACCEPTED)
    step.respond()
    entry = step.write(EntryKind.ANSWER, text)
    step.set_clock()
    step.save("review_due_at", *PROMISED)
    step.record(CaseAccepted, entry=entry)
    return step.case


@transaction.atomic
def assign_case(
    *,
    case_id: UUID,
    actor: Actor,
    now: datetime,
    post_id: UUID | None = None,
    organisation_id: UUID | None = None,
    text: str = "",
    version: int | None = None,
) -> Case:
    """Put a case into the hands of a post or an organisation; assigning a new case accepts it.

    text: what the handler should know; internal.
    Errors: NotFound, NotAllowed, BadInput (nobody chosen, not of this place, or of no case), IllegalMove,
    StaleCase.
    """
    step = begin(case_id, "cases.dispatch", actor, now, version)
    step.only_from(*OPEN)
    route = posts.chosen(
        post_id=post_id,
        organisation_id=organisation_id,
        area_path=step.case.area_path,
        by=actor.name,
        duties=posts.TAKES_CASES,
    )
    step.respond()
    step.write(EntryKind.NOTE, text, audience=Audience.STAFF)
    step.case.level = route.level
    put_into_hands(step, route)
    return step.case


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Why not, by which rule, what instead, when it is looked at again (beyond.md 17)."""

    reason: str
    rule: str
    alternative: str
    review_on: date | None


@transaction.atomic
def decline_case(
    *, case_id: UUID, decline: Decline, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Say no, with a reason, a rule, an alternative and a review date that the reporter can read.

    Errors: BadInput when one of them is missing, NotFound, NotAllowed, IllegalMove, StaleCase.
    Source: peers.md 1 and 10, closed is not fixed; beyond.md 17.
    """
    _check_decline(decline, now)
    step = begin(case_id, "cases.dispatch", actor, now, version)
    case = step.case
    step.move(CaseState.DECLINED)
    step.respond()
    case.decline_reason, case.decline_rule = decline.reason.strip(), decline.rule.strip()
    case.decline_alternative, case.decline_review_on = (
        decline.alternative.strip(),
        decline.review_on,
    )
    entry = step.write(EntryKind.DECLINE, decline.reason)
    end_assignment(case, reason=EndReason.CLOSED, at=now)
    step.set_clock()
    step.save("decline_reason", "decline_rule", "decline_alternative", "decline_review_on")
    step.record(CaseDeclined, entry=entry, review_on=str(decline.review_on or ""))
    return case


def _check_decline(decline: Decline, now: datetime) -> None:
    words = {
        "reason": _("写明为什么不能受理，居民会看到。"),
        "rule": _("写明依据的规定或条款。"),
        "alternative": _("告诉居民还可以怎么办、找谁。"),
    }
    for name, message in words.items():
        if not getattr(decline, name).strip():
            raise BadInput(message, field=name)
    if decline.review_on is None or decline.review_on <= clock.local(now).date():
        raise BadInput(_("选一个以后的日期，到时再看一次能不能办。"), field="review_on")


@transaction.atomic
def answer_reporter(
    *, case_id: UUID, text: str, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Write to the reporter; whoever has the case in hand or dispatches it may. It counts as a
    response.

    Errors: BadInput (no words), NotFound, StaleCase.
    """
    case = selectors.get_case(case_id, actor, lock=True)
    require_hand(case, actor)
    step = Step.begin(case, actor, now, version=version)
    entry = words(step, EntryKind.ANSWER, text, Audience.REPORTER)
    step.respond()
    if case.is_open:
        step.set_clock()
    step.save()
    step.record(CaseAnswered, entry=entry)
    return case


@transaction.atomic
def note_case(*, case_id: UUID, text: str, actor: Actor, now: datetime) -> Case:
    """Write an internal note; everybody who sees the case may. Errors: BadInput, NotFound."""
    case = selectors.get_case(case_id, actor, lock=True)
    step = Step.begin(case, actor, now)
    entry = words(step, EntryKind.NOTE, text, Audience.STAFF)
    step.save()
    step.record(CaseNoted, entry=entry)
    return case


def words(step: Step, kind: EntryKind, text: str, audience: Audience) -> Entry:
    """Keep words that must be there on the timeline. Errors: BadInput."""
    entry = step.write(kind, text, audience=audience)
    if entry is None:
        raise BadInput(_("写几个字再提交。"), field="text")
    return entry


def require_hand(case: Case, actor: Actor) -> None:
    """Refuse unless the case is in the actor's hands, or the actor dispatches at its place.

    Errors: NotAllowed.
    """
    in_hand = (
        case.handler_post_id in actor.post_ids
        or case.handler_organisation_id in actor.organisation_ids
    )
    if not in_hand:
        actor.require("cases.dispatch", case.area_path)


@transaction.atomic
def revoke_link(*, case_id: UUID, actor: Actor, now: datetime) -> Case:
    """Make the secret link of a case worthless and give it a new one, for when it went to the
    wrong person.

    Errors: NotFound, NotAllowed.
    """
    step = begin(case_id, "cases.dispatch", actor, now)
    step.case.link_version += 1
    step.save("link_version")
    step.record(LinkRevoked)
    return step.case
