"""A matter from who answers for it to the word that closes it: never without evidence and that word."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.campaigns.errors import IllegalMove
from linli.campaigns.events import (
    MatterAgreed,
    MatterClosed,
    MatterEvent,
    MatterReturned,
    MatterShown,
    MatterWritten,
)
from linli.campaigns.models import Matter, Stage, WordBy
from linli.campaigns.rules import TEXT_LIMIT
from linli.campaigns.selectors.access import MANAGE
from linli.campaigns.selectors.dockets import get_matter, get_matter_by_token
from linli.campaigns.services.dockets import check_hands
from linli.campaigns.services.shots import Shots, keep_evidence, stores_shots
from linli.campaigns.states import MatterState
from linli.cases import selectors as cases
from linli.cases.services import handling
from linli.kernel import events
from linli.kernel.actor import Actor, reporter
from linli.kernel.errors import BadInput, Conflict, DomainError, NotAllowed
from linli.kernel.pictures import Picture

_STEP = ("state", "version")


def _begin(matter_id: UUID, actor: Actor, version: int | None = None) -> Matter:
    matter = get_matter(matter_id, actor, lock=True)
    if version is not None and version != matter.version:
        raise Conflict(_("这一条刚刚有了新变化，看一下最新情况再办。"))
    return matter


def _keep(
    matter: Matter, kind: type[MatterEvent], actor: Actor, now: datetime, *names: str, **facts: Any
) -> Matter:
    matter.version += 1
    matter.save(update_fields=[*_STEP, *names])
    event = kind(
        subject_id=matter.pk,
        area_path=matter.area_path,
        docket_id=matter.docket_id,
        case_id=matter.case_id,
        **facts,
    )
    events.record(event, actor=actor, at=now)
    return matter


@transaction.atomic
def agree_matter(
    *,
    matter_id: UUID,
    measure: str,
    due_on: date | None,
    actor: Actor,
    now: datetime,
    organisation_id: UUID | None = None,
    post_id: UUID | None = None,
    version: int | None = None,
) -> Matter:
    """Write down who answers for a matter, what is done and by when.

    Errors: NotFound, NotAllowed, BadInput (one of them is missing), Conflict, DomainError (closed).
    """
    matter = _begin(matter_id, actor, version)
    actor.require(MANAGE, matter.area_path)
    if matter.state == MatterState.CLOSED:
        raise DomainError(_("这一条已经销号，不能再改。"))
    if (organisation_id is None) == (post_id is None):
        raise BadInput(_("选一个负责的单位或岗位。"), field="target")
    if not measure.strip():
        raise BadInput(_("写一句怎么改。"), field="measure")
    if due_on is None:
        raise BadInput(_("定一个整改完成的日子。"), field="due_on")
    check_hands(organisation_id, post_id, matter.area_path, actor)
    matter.organisation_id, matter.post_id = organisation_id, post_id
    matter.measure, matter.due_on = measure.strip()[:TEXT_LIMIT], due_on
    return _keep(matter, MatterAgreed, actor, now, "organisation", "post", "measure", "due_on")


def show_matter(
    *,
    matter_id: UUID,
    evidence: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    before: tuple[Picture, ...] = (),
    after: tuple[Picture, ...] = (),
) -> Matter:
    """Show that a matter is done, in words, in photos, or both; an open case behind it is resolved
    with the same words and photos.

    Whoever plans may, and whoever answers for it.
    Errors: NotFound, NotAllowed, BadInput (neither words nor a photo of how it is now), IllegalMove,
    Conflict; those of resolving.
    """
    return _show(
        matter_id=matter_id, evidence=evidence, actor=actor, now=now, version=version,
        before=before, after=after, pictures=(before, after),
    )  # fmt: skip


@stores_shots("before", "after")
@transaction.atomic
def _show(
    *,
    matter_id: UUID,
    evidence: str,
    actor: Actor,
    now: datetime,
    version: int | None,
    before: Shots,
    after: Shots,
    pictures: tuple[tuple[Picture, ...], tuple[Picture, ...]],
) -> Matter:
    matter = _begin(matter_id, actor, version)
    if not answers_for(matter, actor):
        actor.require(MANAGE, matter.area_path)
    if not evidence.strip() and not after:
        raise BadInput(
            _("拍一张改好以后的照片，或者写清楚做了什么、凭什么说改好了。"), field="evidence"
        )
    _only_open(matter)
    evidence = evidence.strip() or _("改好了，见照片。")
    if matter.case_id is not None and cases.sees(matter.case_id, actor):
        case = cases.get_case(matter.case_id, actor)
        if case.is_open:
            handling.resolve_case(
                case_id=case.pk, text=evidence, actor=actor, now=now, before=pictures[0],
                after=pictures[1],
            )  # fmt: skip
    keep_evidence(matter, before, stage=Stage.BEFORE, actor=actor, now=now)
    keep_evidence(matter, after, stage=Stage.AFTER, actor=actor, now=now)
    note_shown(matter, evidence, actor=actor, now=now)
    return matter


def _only_open(matter: Matter) -> None:
    """Refuse to show what waits for a word, or is closed. Errors: IllegalMove."""
    if matter.state != MatterState.OPEN:
        raise IllegalMove(_("“%(state)s”的不用再交结果。") % {"state": matter.get_state_display()})


def answers_for(matter: Matter, actor: Actor) -> bool:
    """Tell whether the matter is one of the actor's post or organisation."""
    return matter.post_id in actor.post_ids or matter.organisation_id in actor.organisation_ids


def note_shown(
    matter: Matter, evidence: str, *, actor: Actor, now: datetime, by_case: bool = False
) -> None:
    """Keep what shows that a locked matter is done; one that waits or is closed stays as it is."""
    if matter.state != MatterState.OPEN:
        return
    matter.state = MatterState.SHOWN
    matter.evidence, matter.shown_by, matter.shown_at = evidence.strip()[:500], actor.who, now
    _keep(matter, MatterShown, actor, now, "evidence", "shown_by", "shown_at", by_case=by_case)


@transaction.atomic
def say_word(*, matter_id: UUID, is_done: bool, word: str, actor: Actor, now: datetime) -> Matter:
    """Give one's own word on a matter that one raised: done, or not yet.

    Errors: NotFound, NotAllowed (somebody else raised it), BadInput (no without words), IllegalMove.
    """
    matter = _begin(matter_id, actor)
    if actor.account_id is None or matter.raised_by != actor.account_id:
        raise NotAllowed(_("谁提出的，由谁说办好了没有。"))
    return _say(matter, WordBy.ACCOUNT, is_done=is_done, word=word, actor=actor, now=now)


@transaction.atomic
def say_word_by_link(*, token: str, is_done: bool, word: str, now: datetime) -> Matter:
    """Give one's word through the secret link that the desk handed over. Errors: NotFound, BadInput."""
    matter = get_matter_by_token(token, lock=True)
    actor = reporter(matter.tenant_id)
    return _say(matter, WordBy.LINK, is_done=is_done, word=word, actor=actor, now=now)


def _say(
    matter: Matter, by: WordBy, *, is_done: bool, word: str, actor: Actor, now: datetime
) -> Matter:
    if not is_done and not word.strip():
        raise BadInput(_("写一句哪里还没有改好。"), field="word")
    _only_shown(matter)
    state = MatterState.CLOSED if is_done else MatterState.OPEN
    matter.word_by, matter.word = by, word.strip()[:TEXT_LIMIT]
    return _end(matter, state, actor, now)


def _only_shown(matter: Matter) -> None:
    """Refuse a word on what nobody showed yet, or what is closed. Errors: IllegalMove."""
    if matter.state != MatterState.SHOWN:
        raise IllegalMove(_("“%(state)s”的还不能确认。") % {"state": matter.get_state_display()})


def _end(matter: Matter, state: MatterState, actor: Actor, now: datetime) -> Matter:
    names = ("word_by", "word", "word_name", "written_by", "checked_by", "closed_at", "returned")
    matter.state, by = state, str(matter.word_by)
    if state == MatterState.CLOSED:
        matter.closed_at = now
        return _keep(matter, MatterClosed, actor, now, *names, word_by=by)
    matter.closed_at, matter.returned = None, matter.returned + 1
    matter.word_by, matter.written_by, matter.checked_by = WordBy.NOBODY, None, None
    return _keep(matter, MatterReturned, actor, now, *names, word_by=by)


@transaction.atomic
def write_word(
    *, matter_id: UUID, name: str, is_done: bool, word: str, actor: Actor, now: datetime
) -> Matter:
    """Write down what somebody said who has no account and no phone: by name, in their words. A yes
    counts once a second person has checked it; a no counts at once.

    Errors: NotFound, NotAllowed, BadInput (no name, no words), IllegalMove, DomainError (own matter).
    """
    matter = _begin(matter_id, actor)
    actor.require(MANAGE, matter.area_path)
    _only_shown(matter)
    if not name.strip():
        raise BadInput(_("写下是谁说的。"), field="name")
    if not word.strip():
        raise BadInput(_("照原话记一句。"), field="word")
    matter.word_by, matter.word = WordBy.WRITTEN, word.strip()[:TEXT_LIMIT]
    matter.word_name, matter.written_by, matter.checked_by = name.strip(), actor.who, None
    if not is_done:
        return _end(matter, MatterState.OPEN, actor, now)
    names = ("word_by", "word", "word_name", "written_by", "checked_by")
    return _keep(matter, MatterWritten, actor, now, *names)


@transaction.atomic
def check_word(*, matter_id: UUID, actor: Actor, now: datetime) -> Matter:
    """Close a matter on a word that a colleague wrote down; never one's own note.

    Errors: NotFound, NotAllowed, DomainError (nothing to check, or written by oneself).
    """
    matter = _begin(matter_id, actor)
    actor.require(MANAGE, matter.area_path)
    if matter.state != MatterState.SHOWN or matter.written_by is None:
        raise DomainError(_("没有等待复核的代记。"))
    if matter.written_by == actor.who:
        raise DomainError(_("自己代记的要由另一个人复核。"))
    matter.checked_by = actor.who
    return _end(matter, MatterState.CLOSED, actor, now)


def note_rated(matter: Matter, *, actor: Actor, now: datetime) -> None:
    """Close a locked matter on the reporter's word about its case; elsewhere nothing changes."""
    if matter.state == MatterState.SHOWN:
        matter.word_by, matter.word = WordBy.RATING, _("反映人评价：解决了。")
        _end(matter, MatterState.CLOSED, actor, now)


def note_reopened(matter: Matter, *, actor: Actor, now: datetime) -> None:
    """Open a locked matter again whose case or entry was opened again."""
    if matter.state != MatterState.OPEN:
        _end(matter, MatterState.OPEN, actor, now)
