"""A declined case looked at again on its day: taken on after all (`desk.accept_case`), or not yet."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import CaseReviewed
from linli.cases.models import Audience, Case, EntryKind
from linli.cases.services.desk import begin, words
from linli.cases.states import CaseState
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput


@transaction.atomic
def renew_decline(
    *,
    case_id: UUID,
    text: str,
    review_on: date | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Say after another look that it still can't be done, why, and when it is looked at next.

    Errors: BadInput (no words, no later day), NotFound, NotAllowed, IllegalMove, StaleCase.
    Source: beyond.md 17, a no comes with the day of its review.
    """
    step = begin(case_id, "cases.dispatch", actor, now, version)
    step.only_from(CaseState.DECLINED)
    if review_on is None or review_on <= clock.local(now).date():
        raise BadInput(_("选一个以后的日期，到时再看一次能不能办。"), field="review_on")
    entry = words(step, EntryKind.DECLINE, text, Audience.REPORTER)
    step.case.decline_review_on, step.case.review_due_at = review_on, None
    step.set_clock()
    step.save("decline_review_on", "review_due_at")
    step.record(CaseReviewed, entry=entry, review_on=str(review_on))
    return step.case
