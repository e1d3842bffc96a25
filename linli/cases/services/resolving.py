"""A case is done: words, photos, the clock, the end of its assignment; whoever closes it comes here."""

from django.utils.translation import gettext as _

from linli.cases.errors import PhotoRequired
from linli.cases.events import CaseResolved
from linli.cases.models import Case, EndReason, Entry, EntryKind, PhotoStage
from linli.cases.services._ground import GOING_ON, Step, end_assignment, go_on, kept_promises
from linli.cases.services.photos import Photos, keep_photos
from linli.cases.states import CaseState
from linli.kernel.errors import BadInput

_HAND = ("handler_account", "handler_reason")


def resolve(step: Step, text: str, before: Photos, after: Photos) -> None:
    """Resolve a case in words and photos whose files are kept. Errors: BadInput, PhotoRequired,
    IllegalMove.
    """
    case, now = step.case, step.now
    if not text.strip():
        raise BadInput(_("写清楚做了什么，居民会看到。"), field="text")
    if case.category.needs_result_photo and not after and not _has_after(case):
        raise PhotoRequired(
            _("“%(name)s”办结要有一张处理后的照片。") % {"name": case.category.name}, field="after"
        )
    go_on(case, now)
    step.move(CaseState.RESOLVED)
    entry = step.write(EntryKind.RESULT, text)
    keep_both(step, before, after, entry)
    step.respond()
    case.resolved_at = now
    end_assignment(case, reason=EndReason.RESOLVED, at=now)
    if case.handler_account_id is None:
        _put_in_hand(step)
    step.set_clock()
    step.save("photo_count", "resolved_at", *_HAND, *GOING_ON)
    step.record(CaseResolved, entry=entry, **kept_promises(case))


def _put_in_hand(step: Step) -> None:
    """Name who did it; why somebody else would have had it says nothing about them."""
    case, actor = step.case, step.actor
    case.handler_account_id = actor.account_id
    is_theirs = (
        case.handler_post_id in actor.post_ids
        or case.handler_organisation_id in actor.organisation_ids
    )
    if not is_theirs:
        case.handler_reason = ""


def _has_after(case: Case) -> bool:
    return case.photos.filter(stage=PhotoStage.AFTER).exists()


def keep_both(step: Step, before: Photos, after: Photos, entry: Entry | None) -> None:
    """Keep photos of before and after at an entry; the caller saves `photo_count`."""
    for photos, stage in ((before, PhotoStage.BEFORE), (after, PhotoStage.AFTER)):
        keep_photos(
            step.case,
            photos,
            stage=stage,
            actor=step.actor,
            now=step.now,
            entry_id=entry.pk if entry else None,
        )
        step.case.photo_count += len(photos)
