"""The lead closes on the results of all; then departments are rated, and rate the whistle."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import PartScored, WhistleClosed
from linli.cases.models import PartState, Whistle, WhistlePart, WhistleState
from linli.cases.selectors import whistles as selectors
from linli.cases.services import _whistle as ground
from linli.cases.services._ground import Step
from linli.cases.services.photos import Photos, stores_photos
from linli.cases.services.resolving import resolve
from linli.cases.services.whistle_ending import end
from linli.cases.services.whistle_parts import RESULT_LIMIT
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError, NotAllowed

_SCORES = (1, 2, 3)


@stores_photos("before", "after")
@transaction.atomic
def close_whistle(
    *,
    whistle_id: UUID,
    text: str,
    missing: Mapping[UUID, str] | None = None,
    actor: Actor,
    now: datetime,
    before: Photos = (),
    after: Photos = (),
) -> Whistle:
    """Close on the results of all, by the lead, or by the community where the lead is gone.

    text: what the reporter reads. missing: {part: why it has no result}; a part without a result
    that is not named here holds the closing up, and nothing else does.
    Errors: NotFound, NotAllowed, BadInput (no words; a part without a result), PhotoRequired,
    DomainError (over already).
    Source: issue 4, story 5; beyond.md 7.
    """
    whistle = selectors.get_whistle(whistle_id, actor)
    lead = WhistlePart.objects.get(whistle_id=whistle_id, is_lead=True)
    step = ground.PartStep.begin(lead.pk, actor, now)
    if not selectors.is_mine(lead, actor):
        actor.require(selectors.DUTY, whistle.area_path)
    _close_parts(step, text, dict(missing or {}))
    end(step.whistle, WhistleState.CLOSED, text.strip(), actor, now)
    resolve(Step.begin(step.case, actor, now), text, before, after)
    number = step.whistle.parts.filter(state=PartState.MISSING).count()
    ground.record(
        WhistleClosed, step.whistle, actor=actor, now=now, organisation_id=lead.organisation_id,
        missing=number,
    )  # fmt: skip
    return step.whistle


def _close_parts(step: ground.PartStep, text: str, missing: dict[UUID, str]) -> None:
    """Give every part that has no result its reason; the lead's own result is the closing."""
    rows = WhistlePart.objects.select_for_update(of=("self",)).select_related("organisation")
    for part in rows.filter(whistle=step.whistle).order_by("pk"):
        if part.state not in (*ground.RUNNING, PartState.REFUSED):
            continue
        own = ground.PartStep(part, step.whistle, step.case, step.actor, step.now, step.settings)
        if part.is_lead and text.strip() and selectors.is_mine(part, step.actor):
            part.reported_at = part.reported_at or step.now
            part.state, part.finished_at, part.finished_by = (
                PartState.DONE, step.now, step.actor.who,
            )  # fmt: skip
            part.result = text.strip()[:RESULT_LIMIT]
        else:
            reason = missing.get(part.pk, "").strip()
            if not reason:
                raise BadInput(
                    _("%(name)s还没有结果。写一句为什么没有，或者等它办完再结。")
                    % {"name": part.organisation.name},
                    field=f"missing-{part.pk}",
                )
            part.state, part.missing_reason = PartState.MISSING, reason[:300]
        own.save("reported_at", "finished_at", "finished_by", "result", "missing_reason")


@transaction.atomic
def score_part(
    *, part_id: UUID, score: int, remark: str, actor: Actor, now: datetime
) -> WhistlePart:
    """Rate a department, by the community that whistled; rated again, the last word counts.

    score: 3 satisfied, 2 so-so, 1 dissatisfied, which asks for words.
    Errors: NotFound, NotAllowed, BadInput, DomainError (the whistle is still open).
    Source: beyond.md 7, whistle-blower rates departments and is rated.
    """
    part = _ended(part_id, actor, score, remark)
    actor.require(selectors.DUTY, part.whistle.area_path)
    part.score, part.score_words, part.scored_by = score, remark.strip()[:300], actor.who
    part.save(update_fields=["score", "score_words", "scored_by"])
    _scored(part, score, actor, now, is_by_department=False)
    return part


@transaction.atomic
def score_whistle(
    *, part_id: UUID, score: int, remark: str, actor: Actor, now: datetime
) -> WhistlePart:
    """Rate the whistle, by an organisation that it called: was it theirs, was it clear.

    Errors: NotFound, NotAllowed, BadInput, DomainError (the whistle is still open).
    """
    part = _ended(part_id, actor, score, remark)
    if not selectors.is_mine(part, actor):
        raise NotAllowed(_("没有找到这次吹哨。"))
    part.return_score, part.return_words, part.returned_by = score, remark.strip()[:300], actor.who
    part.save(update_fields=["return_score", "return_words", "returned_by"])
    _scored(part, score, actor, now, is_by_department=True)
    return part


def _ended(part_id: UUID, actor: Actor, score: int, remark: str) -> WhistlePart:
    if score not in _SCORES:
        raise BadInput(_("选一个：满意、一般、不满意。"), field="score")
    if score == 1 and not remark.strip():
        raise BadInput(_("不满意的，写一句为什么。"), field="remark")
    part = selectors.get_part(part_id, actor)
    if part.whistle.state == WhistleState.OPEN:
        raise DomainError(_("还在办，办结以后再互评。"))
    return part


def _scored(
    part: WhistlePart, score: int, actor: Actor, now: datetime, *, is_by_department: bool
) -> None:
    ground.record(
        PartScored, part.whistle, actor=actor, now=now, part_id=part.pk,
        organisation_id=part.organisation_id, score=score, is_by_department=is_by_department,
    )  # fmt: skip
