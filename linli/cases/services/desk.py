"""What the desk does: accept, correct, decline, merge, assign, answer, note, supervise,
arbitrate.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import (
    CaseAccepted,
    CaseAnswered,
    CaseCorrected,
    CaseDeclined,
    CaseEscalated,
    CaseNoted,
    CaseSupervised,
    LinkRevoked,
)
from linli.cases.models import Audience, Case, EndReason, EntryKind
from linli.cases.selectors import catalogue
from linli.cases.services._ground import Step, end_assignment
from linli.cases.services.assigning import put_into_hands, route_upwards
from linli.cases.services.intake import promises_of
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError
from linli.places.selectors import Where
from linli.posts import selectors as posts
from linli.posts.selectors import Route


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
    step.move(CaseState.ACCEPTED)
    step.respond()
    entry = step.write(EntryKind.ANSWER, text)
    step.set_clock()
    step.save()
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
    Errors: NotFound, NotAllowed, BadInput (nobody chosen, or not of this place), IllegalMove,
    StaleCase.
    """
    step = begin(case_id, "cases.dispatch", actor, now, version)
    route = posts.chosen(
        post_id=post_id,
        organisation_id=organisation_id,
        area_path=step.case.area_path,
        by=actor.name,
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
        "reason": _("请写明为什么不能受理，居民会看到。"),
        "rule": _("请写明依据的规定或条款。"),
        "alternative": _("请告诉居民还可以怎么办、找谁。"),
    }
    for name, message in words.items():
        if not getattr(decline, name).strip():
            raise BadInput(message, field=name)
    if decline.review_on is None or decline.review_on <= now.date():
        raise BadInput(_("请选一个以后的日期，到时再看一次能不能办。"), field="review_on")


@transaction.atomic
def correct_case(
    *,
    case_id: UUID,
    actor: Actor,
    now: datetime,
    category_id: UUID | None = None,
    where: Where | None = None,
    is_urgent: bool | None = None,
    version: int | None = None,
) -> Case:
    """Put category, place or urgency right. The promise is worked out again from the moment of
    reporting.

    Errors: NotFound, NotAllowed, BadInput (nothing changed), StaleCase.
    """
    step = begin(case_id, "cases.dispatch", actor, now, version)
    old_category = step.case.category.code
    changed = [
        *_correct_category(step, category_id),
        *_correct_place(step.case, where),
        *_correct_urgency(step.case, is_urgent=is_urgent),
    ]
    if not changed:
        raise BadInput(_("没有改动。"))
    step.set_clock()
    step.save(*_COLUMNS_OF_CORRECTION)
    step.record(CaseCorrected, changed=",".join(changed), old_category=old_category)
    return step.case


_COLUMNS_OF_CORRECTION = (
    "category",
    "service_level",
    "is_confidential",
    "is_urgent",
    "respond_due_at",
    "resolve_due_at",
    "community",
    "grid",
    "area_path",
    "estate",
    "building",
    "entrance",
    "place_label",
    "lat",
    "lon",
)


def _correct_category(step: Step, category_id: UUID | None) -> list[str]:
    case = step.case
    if category_id is None or category_id == case.category_id:
        return []
    category = catalogue.get_category(category_id)
    case.category, case.service_level = category, category.service_level
    case.is_confidential = case.is_confidential or category.is_confidential
    promise = promises_of(category.service_level, case.reported_at)
    case.respond_due_at, case.resolve_due_at = promise.respond.due_at, promise.resolve.due_at
    case.lateness = 0
    return ["category"]


def _correct_place(case: Case, where: Where | None) -> list[str]:
    if where is None or where.label == case.place_label:
        return []
    case.community_id, case.grid_id, case.area_path = (
        where.community_id,
        where.grid_id,
        where.area_path,
    )
    case.estate_id, case.building_id, case.entrance_id = (
        where.estate_id,
        where.building_id,
        where.entrance_id,
    )
    case.place_label, case.lat, case.lon = where.label, where.lat, where.lon
    return ["place"]


def _correct_urgency(case: Case, *, is_urgent: bool | None) -> list[str]:
    if is_urgent is None or is_urgent == case.is_urgent:
        return []
    case.is_urgent = is_urgent
    return ["urgency"]


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
    entry = _words(step, EntryKind.ANSWER, text, Audience.REPORTER)
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
    entry = _words(step, EntryKind.NOTE, text, Audience.STAFF)
    step.save()
    step.record(CaseNoted, entry=entry)
    return case


def _words(step: Step, kind: EntryKind, text: str, audience: Audience):  # type: ignore[no-untyped-def]
    entry = step.write(kind, text, audience=audience)
    if entry is None:
        raise BadInput(_("请写几个字再提交。"), field="text")
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
def escalate_case(
    *, case_id: UUID, text: str, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Send a case one rung up by hand, into the hands of the post there; the lower rung keeps
    watching.

    Errors: BadInput (no reason), DomainError at the top of the ladder, NotFound, NotAllowed,
    IllegalMove.
    Source: S2 2.9, S3 3.3, S4 4.9.
    """
    case = selectors.get_case(case_id, actor, lock=True)
    require_hand(case, actor)
    step = Step.begin(case, actor, now, version=version)
    entry = _words(step, EntryKind.NOTE, text, Audience.STAFF)
    raise_one_rung(step, entry=entry, end_reason=EndReason.ESCALATED)
    return case


def raise_one_rung(step: Step, *, entry=None, end_reason: str) -> None:  # type: ignore[no-untyped-def]
    """Put a case into the hands of the rung above. Errors: DomainError at the top of the ladder."""
    route = route_upwards(step.case, step.now)
    if route is None:
        raise DomainError(_("已经在最高一级，没有可以上报的岗位。"))
    from_level, step.case.level = step.case.level, route.level
    put_into_hands(step, route, end_reason=end_reason)
    step.record(
        CaseEscalated,
        entry=entry,
        from_level=from_level,
        to_level=route.level,
        is_automatic=False,
    )


@transaction.atomic
def supervise_case(*, case_id: UUID, text: str, actor: Actor, now: datetime) -> Case:
    """Put a case under a higher level's watch (督办): handler and desk are told, the case is
    marked.

    Errors: BadInput, NotFound, NotAllowed.
    Source: issue, supervision by a higher level; glossary 督办.
    """
    step = begin(case_id, "cases.supervise", actor, now)
    entry = _words(step, EntryKind.SUPERVISE, text, Audience.STAFF)
    step.case.supervised_at = now
    step.save("supervised_at")
    step.record(CaseSupervised, entry=entry)
    return step.case


@transaction.atomic
def arbitrate_case(
    *,
    case_id: UUID,
    route: Route,
    text: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Decide whose a returned case is, with the reason on record. Errors: BadInput, NotFound,
    NotAllowed.

    Source: beyond.md 6, 不归我办单.
    """
    step = begin(case_id, "cases.arbitrate", actor, now, version)
    if not step.case.is_in_arbitration:
        raise DomainError(_("这件工单不在裁定中。"))
    _words(step, EntryKind.NOTE, text, Audience.STAFF)
    put_into_hands(step, route)
    return step.case


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
