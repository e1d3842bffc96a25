"""What other systems bring through Open311: reports, and updates as FixMyStreet speaks them.

The work is done by the services of the pages; here stands only which of them a word means. What a
system may do depends on its key: with the case in its hands or the duty to dispatch, it works on it;
having filed it, it speaks for the reporter.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.models import Case, PhotoStage
from linli.cases.selectors import open311 as selectors
from linli.cases.selectors.offers import is_in_hands
from linli.cases.services import closing, desk, handling, intake, media, merging
from linli.cases.services.desk import Decline
from linli.cases.services.intake import Report
from linli.cases.services.photos import Photos
from linli.cases.services.telling import token_of
from linli.cases.states import OPEN, CaseState
from linli.kernel import idempotency
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotAllowed
from linli.kernel.models import EventRow

S = CaseState
# What a system that has the case in hand means by a word.
_AT_WORK: Final = ("in_progress",)
_TO_COME: Final = ("open", "investigating", "planned", "action_scheduled", "for_triage")
_DONE: Final = ("fixed", "closed")
_NOT_OURS: Final = ("not_councils_responsibility", "internal_referral")
# What only the reporter's side may say.
_REPORTERS: Final = ("cancelled", "reopen")
STATUSES: Final = (
    *_TO_COME, *_AT_WORK, *_DONE, *_NOT_OURS, "duplicate", "no_further_action", *_REPORTERS,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a system says of a request, with what some of its words need."""

    number: str
    update_id: str  # the sender's own: the same again changes nothing
    status: str
    text: str = ""
    media_urls: tuple[str, ...] = ()
    duplicate_of: str = ""
    rule: str = ""
    alternative: str = ""
    review_on: date | None = None
    satisfaction: int | None = None


def key_of(text: str, actor: Actor) -> str:
    """Return the key under which a report is kept: the sender's own, or a new one."""
    if not text:
        return secrets.token_hex(32)
    return hashlib.sha256(f"open311:{actor.client_id}:{text}".encode()).hexdigest()


def file_request(
    *,
    report: Report,
    photos: Photos = (),
    media_urls: list[str],
    device: str = "",
    actor: Actor,
    now: datetime,
) -> Case:
    """Take a report in that another system brings; the same key gives the same case.

    Photos that are named by an address are fetched later by the worker.
    Errors: NotAllowed (the key may not enter cases there) and those of report_case, BadInput
    (an address that nobody may fetch).
    Source: issue 3, 4; GeoReport v2.
    """
    media.check_addresses(media_urls)
    mark = idempotency.fingerprint(actor.client_id, device) if device else ""
    report = replace(report, device=mark)
    if not media_urls:
        # Nothing to ask of the worker: nobody waits while photos go to the disk.
        return intake.enter_case(report=report, photos=photos, actor=actor, now=now)[0]
    with transaction.atomic():
        case, is_new = intake.enter_case(report=report, photos=photos, actor=actor, now=now)
        if is_new:
            media.ask_for(case, media_urls, stage=PhotoStage.REPORT, now=now, entry_id=None)
    return case


@dataclass(frozen=True, slots=True)
class _Step:
    """One update on its way: the case as it was, what is said, who says it."""

    case: Case
    said: Update
    photos: Photos
    actor: Actor
    now: datetime

    @property
    def has_words(self) -> bool:
        return bool(self.said.text or self.photos)


@transaction.atomic
def update_request(
    *, update: Update, photos: Photos = (), actor: Actor, now: datetime
) -> tuple[Case, UUID]:
    """Do what an update means; return the case and the id of what was recorded.

    The same update_id of the same key again changes nothing and gives the same id.
    Errors: NotFound (absent or another's), NotAllowed, BadInput (an unknown word, one that needs
    more), and those of the service behind the word.
    Source: issue 3, 4; FixMyStreet's servicerequestupdates.
    """
    status = update.status.strip().lower().replace(" ", "_").replace("-", "_")
    if status not in STATUSES:
        raise BadInput(
            _("status 没有这个词：%(status)s。") % {"status": update.status[:40]}, field="status"
        )
    media.check_addresses(update.media_urls)
    case, is_own = selectors.get_case_for(update.number, actor)
    step = _Step(case, replace(update, status=status), photos, actor, now)
    act, stage = _meaning(step, is_own=is_own)

    def make() -> UUID:
        act(step)
        event = EventRow.objects.filter(subject_id=case.pk).order_by("-id")[0]
        entry_id = event.data.get("entry_id")
        media.ask_for(
            case, update.media_urls, stage=stage, now=now,
            entry_id=UUID(entry_id) if entry_id else None,
        )  # fmt: skip
        return event.pk

    key = f"{actor.client_id}:{update.update_id}" if update.update_id else ""
    mark = idempotency.fingerprint(case.pk, status, update.text)
    event_id, _is_new = idempotency.once("cases.open311.update", key, mark, make)
    return case, event_id


def _meaning(step: _Step, *, is_own: bool) -> tuple[Callable[[_Step], None], PhotoStage]:
    """Return what the word means from this system's mouth. Errors: NotAllowed."""
    status, case, actor = step.said.status, step.case, step.actor
    works = is_in_hands(case, actor) or actor.can("cases.dispatch", case.area_path)
    if works and status not in _REPORTERS:
        return _HANDLING[status], PhotoStage.AFTER
    if is_own and actor.can("cases.enter", case.area_path):
        return _SPEAKING.get(status, _add), PhotoStage.ADDITION
    raise NotAllowed(_("这把钥匙不能更新这件工单。"))


# With the case in hand


def _accept(step: _Step) -> None:
    if step.case.state in (S.REPORTED, S.DECLINED):
        desk.accept_case(case_id=step.case.pk, text=step.said.text, actor=step.actor, now=step.now)
        if step.photos:
            _say(replace(step, said=replace(step.said, text="")))
        return
    _say(step)


def _say(step: _Step) -> None:
    _need_words(step)
    if step.case.state in OPEN:
        handling.add_progress(
            case_id=step.case.pk, text=step.said.text, after=step.photos,
            actor=step.actor, now=step.now,
        )  # fmt: skip
    else:
        desk.answer_reporter(
            case_id=step.case.pk, text=step.said.text, actor=step.actor, now=step.now
        )


def _work(step: _Step) -> None:
    if step.case.state == S.SUSPENDED:
        handling.resume_case(case_id=step.case.pk, actor=step.actor, now=step.now)
    elif step.case.state != S.IN_HAND:
        handling.take_case(case_id=step.case.pk, actor=step.actor, now=step.now)
    if step.has_words:
        _say(step)
    elif step.case.state == S.IN_HAND:
        _need_words(step)


def _resolve(step: _Step) -> None:
    if step.case.state not in OPEN:
        _say(step)
        return
    handling.resolve_case(
        case_id=step.case.pk, text=step.said.text or _("已办好。"), after=step.photos,
        actor=step.actor, now=step.now,
    )  # fmt: skip


def _give_back(step: _Step) -> None:
    handling.return_case(case_id=step.case.pk, text=step.said.text, actor=step.actor, now=step.now)


def _merge(step: _Step) -> None:
    if not step.said.duplicate_of:
        raise BadInput(_("duplicate 要写明和哪一件重复：duplicate_of=编号。"), field="duplicate_of")
    into, _is_own = selectors.get_case_for(step.said.duplicate_of, step.actor)
    merging.merge_case(case_id=step.case.pk, into_id=into.pk, actor=step.actor, now=step.now)


def _decline(step: _Step) -> None:
    said = step.said
    desk.decline_case(
        case_id=step.case.pk,
        decline=Decline(
            reason=said.text, rule=said.rule, alternative=said.alternative, review_on=said.review_on
        ),
        actor=step.actor,
        now=step.now,
    )


# For the reporter


def _add(step: _Step) -> None:
    _need_words(step)
    closing.add_to_case(
        token=token_of(step.case), text=step.said.text, photos=step.photos,
        actor=step.actor, now=step.now,
    )  # fmt: skip


def _withdraw(step: _Step) -> None:
    closing.withdraw_case(
        token=token_of(step.case), text=step.said.text, actor=step.actor, now=step.now
    )


def _content(step: _Step) -> None:
    """Pass on the reporter's word that it is solved, when they also said how content they are."""
    if step.case.state in OPEN:
        _add(step)
        return
    if step.said.satisfaction is None:
        raise BadInput(
            _("要转达反映人的评价，写明 satisfaction：3 满意，2 一般，1 不满意。"),
            field="satisfaction",
        )
    _rate(step, is_solved=True, satisfaction=step.said.satisfaction)


def _reopen(step: _Step) -> None:
    _rate(step, is_solved=False, satisfaction=step.said.satisfaction or 1)


def _rate(step: _Step, *, is_solved: bool, satisfaction: int) -> None:
    closing.rate_case(
        token=token_of(step.case), is_solved=is_solved, satisfaction=satisfaction,
        comment=step.said.text, actor=step.actor, now=step.now,
    )  # fmt: skip


def _need_words(step: _Step) -> None:
    if not step.has_words:
        raise BadInput(_("description 没有写，也没有照片。"), field="description")


_HANDLING: Final[dict[str, Callable[[_Step], None]]] = {
    **dict.fromkeys(_TO_COME, _accept),
    **dict.fromkeys(_AT_WORK, _work),
    **dict.fromkeys(_DONE, _resolve),
    **dict.fromkeys(_NOT_OURS, _give_back),
    "duplicate": _merge,
    "no_further_action": _decline,
}
_SPEAKING: Final[dict[str, Callable[[_Step], None]]] = {
    **dict.fromkeys(_DONE, _content),
    "cancelled": _withdraw,
    "reopen": _reopen,
}
