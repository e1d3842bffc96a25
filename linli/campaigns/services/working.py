"""On site: an entry is settled with photos, handed to a case, or not possible this time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.campaigns.errors import SettledAlready
from linli.campaigns.events import EntryMoved
from linli.campaigns.models import Campaign, Entry, Stage
from linli.campaigns.rules import TEXT_LIMIT
from linli.campaigns.selectors.access import get_entry, require_work
from linli.campaigns.services import through_cases
from linli.campaigns.services.shots import Shots, keep_shots, stores_shots
from linli.campaigns.states import CampaignState, EntryState, check_move
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError
from linli.kernel.pictures import Picture
from linli.people import selectors as people


def settle_entry(
    *,
    entry_id: UUID,
    actor: Actor,
    now: datetime,
    after: tuple[Picture, ...] = (),
    before: tuple[Picture, ...] = (),
    result: str = "",
    count: int | None = None,
    key: str = "",
    at: datetime | None = None,
) -> Entry:
    """Say that an entry is cleared, with a photo of how it is now; its case is resolved with it and
    the reporter is asked. The same key a second time changes nothing.

    at: when it happened, for what was kept on a phone; now: when we learnt it.
    Errors: BadInput (no photo after), SettledAlready, NotFound, NotAllowed, DomainError.
    Source: S1 1.4; S5 5.10, the matter ends with the resident's word.
    """
    return _settle(
        entry_id=entry_id, actor=actor, now=now, after=after, before=before, result=result,
        count=count, key=key, at=at or now, pictures=(before, after),
    )  # fmt: skip


@stores_shots("before", "after")
@transaction.atomic
def _settle(
    *,
    entry_id: UUID,
    actor: Actor,
    now: datetime,
    after: Shots,
    before: Shots,
    result: str,
    count: int | None,
    key: str,
    at: datetime,
    pictures: tuple[tuple[Picture, ...], tuple[Picture, ...]],
) -> Entry:
    entry = begin(entry_id, actor, at=at)
    if _is_same(entry, key):
        # Sent twice: what was stored a second time is passed over as the same pictures.
        keep_shots(entry, before, stage=Stage.BEFORE, actor=actor, now=now)
        keep_shots(entry, after, stage=Stage.AFTER, actor=actor, now=now)
        return entry
    _only_unsettled(entry)
    if not after and not entry.photos.filter(stage=Stage.AFTER).exists():
        raise BadInput(_("拍一张整治后的照片，前后一对比就清楚。"), field="after")
    if count is not None and not 1 <= count <= 200:
        raise BadInput(_("数量填 1 到 200。"), field="count")
    keep_shots(entry, before, stage=Stage.BEFORE, actor=actor, now=now)
    keep_shots(entry, after, stage=Stage.AFTER, actor=actor, now=now)
    entry.count = count or entry.count
    entry.result = result.strip()[:TEXT_LIMIT]
    move(entry, EntryState.SETTLED, actor=actor, now=now, at=at, key=key)
    through_cases.resolve(entry, pictures, actor, now)
    return entry


def _is_same(entry: Entry, key: str) -> bool:
    return bool(key) and entry.settled_key == key


def begin(entry_id: UUID, actor: Actor, *, at: datetime) -> Entry:
    """Lock an entry that the actor works on, while its campaign runs; what was done before its end
    and comes later is taken too.

    Errors: NotFound, NotAllowed, DomainError.
    """
    entry = get_entry(entry_id, actor, lock=True)
    campaign = entry.campaign
    require_work(campaign, entry.area_path, actor)
    ended_later = campaign.ended_at is not None and at <= campaign.ended_at
    if campaign.state != CampaignState.RUNNING and not ended_later:
        raise DomainError(
            _("这次行动%(state)s，现在不能办清单。") % {"state": campaign.get_state_display()}
        )
    return entry


def _only_unsettled(entry: Entry) -> None:
    """Refuse an entry that somebody settled already. Errors: SettledAlready."""
    if entry.state == EntryState.SETTLED:
        who = people.account_names([entry.settled_by]).get(entry.settled_by or entry.pk, _("同事"))
        raise SettledAlready(_("%(who)s已经把这一条办好了。") % {"who": who})


def move(
    entry: Entry,
    state: EntryState,
    *,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    key: str = "",
    by_case: bool = False,
) -> None:
    """Change an entry's state, keep who did it and when, and tell. Errors: IllegalMove."""
    old = entry.state
    check_move(old, state)
    entry.state, entry.version = state, entry.version + 1
    entry.is_settled_by_case = by_case and state == EntryState.SETTLED
    is_open = state == EntryState.OPEN
    entry.settled_by = None if is_open else actor.who
    entry.settled_at = None if is_open else at or now
    entry.settled_key = "" if is_open else key
    entry.save(
        update_fields=[
            "state", "version", "is_settled_by_case", "settled_by", "settled_at", "settled_key",
            "count", "result", "case", "case_number",
        ]
    )  # fmt: skip
    event = EntryMoved(
        subject_id=entry.pk,
        area_path=entry.area_path,
        campaign_id=entry.campaign_id,
        kind=entry.kind.code,
        old_state=str(old),
        new_state=str(state),
        case_id=entry.case_id,
        by_case=by_case,
    )
    events.record(event, actor=actor, at=at or now)


@transaction.atomic
def hand_entry(
    *,
    entry_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
    key: str = "",
    at: datetime | None = None,
    category_id: UUID | None = None,
) -> Entry:
    """Hand an entry to a case: a new one with its photos and a promise, or the one it came from.

    text: what the department has to know. The same key a second time changes nothing.
    Errors: BadInput (no words, no category), SettledAlready, NotFound, NotAllowed, DomainError.
    """
    entry = begin(entry_id, actor, at=at or now)
    if _is_same(entry, key):
        return entry
    _only_unsettled(entry)
    if not text.strip():
        raise BadInput(_("写一句要谁来办、难在哪里。"), field="text")
    if not through_cases.note(entry, text, actor, now):
        through_cases.report(entry, text, category_id, actor, now)
    entry.result = text.strip()[:TEXT_LIMIT]
    move(entry, EntryState.HANDED, actor=actor, now=now, at=at, key=key)
    return entry


@transaction.atomic
def give_up_entry(
    *,
    entry_id: UUID,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str = "",
    at: datetime | None = None,
) -> Entry:
    """Say that an entry is not possible this time, and why; a case behind it stays open with a note.

    Errors: BadInput (no reason), SettledAlready, NotFound, NotAllowed, DomainError.
    """
    entry = begin(entry_id, actor, at=at or now)
    if _is_same(entry, key):
        return entry
    _only_unsettled(entry)
    note_impossible(entry, entry.campaign, reason=reason, actor=actor, now=now, at=at, key=key)
    return entry


def note_impossible(
    entry: Entry,
    campaign: Campaign,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    key: str = "",
) -> None:
    """Keep why an entry was not possible, on the list and as a note on its case. Errors: BadInput."""
    if not reason.strip():
        raise BadInput(_("写一句为什么这次办不了。"), field="reason")
    entry.campaign, entry.result = campaign, reason.strip()[:TEXT_LIMIT]
    move(entry, EntryState.IMPOSSIBLE, actor=actor, now=now, at=at, key=key)
    through_cases.note(entry, reason, actor, now)


@transaction.atomic
def reopen_entry(*, entry_id: UUID, actor: Actor, now: datetime) -> Entry:
    """Put an entry back to open: tapped by mistake, or the dump is there again.

    Errors: NotFound, NotAllowed, DomainError (a case stands behind it: that is reopened there).
    """
    entry = begin(entry_id, actor, at=now)
    if entry.case_id is not None and entry.state != EntryState.IMPOSSIBLE:
        raise DomainError(_("这一条有工单，要重办就在工单里重办，清单会跟着变。"))
    entry.result = ""
    move(entry, EntryState.OPEN, actor=actor, now=now)
    return entry


@stores_shots("before", "after")
@transaction.atomic
def add_photos(
    *,
    entry_id: UUID,
    actor: Actor,
    now: datetime,
    at: datetime,
    before: Shots = (),
    after: Shots = (),
) -> Entry:
    """Keep more photos with an entry, also one that has its end. Errors: NotFound, DomainError."""
    entry = begin(entry_id, actor, at=at)
    keep_shots(entry, before, stage=Stage.BEFORE, actor=actor, now=now)
    keep_shots(entry, after, stage=Stage.AFTER, actor=actor, now=now)
    return entry
