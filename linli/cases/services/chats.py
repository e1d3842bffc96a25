"""A stretch of a group chat is pasted, split into matters, ticked: what is ticked becomes cases.

Nothing leaves the machine: rules split, the product's own model suggests, people decide. The original
is kept encrypted until its day is over.
Source: beyond.md 3, 群聊粘贴受理.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.events import ChatDiscarded, ChatPasted, ChatTaken
from linli.cases.models import Case, ChatMatter, ChatPaste, ChatState
from linli.cases.rules import TEXT_LIMIT
from linli.cases.selectors import Source, catalogue
from linli.cases.selectors import chats as selectors
from linli.cases.selectors.access import get_case
from linli.cases.services.desk import note_case
from linli.cases.services.intake import Report, enter_case
from linli.kernel import events, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError
from linli.people.services import retention
from linli.places import selectors as places

SPLIT: Final = "cases.chat_split"
MOST_BYTES: Final = 300 * 1024
SHORT: Final = 16 * 1024  # split while one waits
KIND: Final = "cases.chats"  # of data, as the community rules how long it is kept


@transaction.atomic
def paste_chat(
    *,
    community_id: UUID,
    group_name: str,
    text: str,
    estate_id: UUID | None = None,
    actor: Actor,
    now: datetime,
    key: str,
) -> tuple[ChatPaste, runs.Run]:
    """Keep a stretch of a chat and have it split: a run. The same key gives the same paste.

    estate_id: whose group it is, where it is one estate's.
    Errors: NotAllowed, NotFound, BadInput (nothing, too long; with the field).
    """
    community = places.get_community_by_id(community_id)
    actor.require(selectors.DUTY, community.path)
    _check(group_name, text)
    raw = text.encode()
    paste = ChatPaste(
        community=community, group_name=" ".join(group_name.split()), text=text, size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(), created_by=actor.who, created_at=now,
        keep_until=_keep_until(now),
    )  # fmt: skip
    data = {"chat": str(paste.pk), "estate": str(estate_id) if estate_id else ""}
    title = _("拆分“%(name)s”的群聊") % {"name": paste.group_name}
    run = runs.start(SPLIT, title=title, data=data, actor=actor, now=now, key=key)
    earlier = ChatPaste.objects.filter(run_id=run.pk).first()
    if earlier is not None:
        return earlier, run
    paste.run_id = run.pk
    paste.save(force_insert=True)
    pasted = ChatPasted(subject_id=paste.pk, area_path=community.path, bytes=paste.size)
    events.record(pasted, actor=actor, at=now)
    return paste, run


def _keep_until(now: datetime) -> datetime:
    months = retention.rules_by_kind()[KIND].months
    return now + (now - retention.before(months, now))


def _check(group_name: str, text: str) -> None:
    if not group_name.strip():
        raise BadInput(_("写一下是哪个群，例如“利源小区业主群”。"), field="group_name")
    if len(group_name.strip()) > 60:
        raise BadInput(_("群名最多 60 个字。"), field="group_name")
    if not text.strip():
        raise BadInput(_("把群里的聊天复制过来，贴在这里。"), field="text")
    size = len(text.encode())
    if size > MOST_BYTES:
        raise BadInput(
            _("这一段有 %(have)s KB，一次最多 %(most)s KB（大约十万字），分成几段贴。")
            % {"have": size // 1024, "most": MOST_BYTES // 1024},
            field="text",
        )


def is_short(paste: ChatPaste) -> bool:
    """Tell whether a paste is split in the blink of an eye."""
    return paste.size <= SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What staff said to one matter: a new case, or the one that it belongs to."""

    matter_id: UUID
    category_id: UUID | None = None
    building_id: UUID | None = None
    text: str = ""
    is_same: bool = False  # it belongs to the open case that was pointed out


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of ticking."""

    made: tuple[Case, ...]
    joined: int
    refused: tuple[tuple[int, str], ...]  # (its number, why)


def take_matters(*, chat_id: UUID, picks: Iterable[Pick], actor: Actor, now: datetime) -> Taken:
    """Make cases of what was ticked, each once and each by itself refused or done.

    What was taken before stays what it became: sending the form twice makes nothing new.
    Errors: NotFound, NotAllowed, DomainError (thrown away, not split yet).
    """
    paste = selectors.get_chat(chat_id, actor)
    actor.require(selectors.DUTY, paste.community.path)
    if paste.state not in (ChatState.READY, ChatState.DONE):
        raise DomainError(_("这段群聊还没有拆好，或者已经放弃了。"))
    made: list[Case] = []
    refused: list[tuple[int, str]] = []
    joined = 0
    for pick in picks:
        try:
            with transaction.atomic():
                case, is_new = _take(paste, pick, actor, now)
        except DomainError as refusal:
            refused.append((_order(paste, pick), refusal.message))
        else:
            made += [case] if case is not None and is_new else []
            joined += case is not None and not is_new
    _settle(paste, len(made), joined, actor, now)
    return Taken(tuple(made), joined, tuple(refused))


def _order(paste: ChatPaste, pick: Pick) -> int:
    rows = ChatMatter.objects.filter(paste=paste, pk=pick.matter_id)
    return rows.values_list("order", flat=True).first() or 0


def _take(paste: ChatPaste, pick: Pick, actor: Actor, now: datetime) -> tuple[Case | None, bool]:
    """Return the case of a pick and whether it is new; None for what was taken before."""
    rows = ChatMatter.objects.select_for_update(of=("self",)).filter(paste=paste, pk=pick.matter_id)
    matter = rows.first()
    if matter is None:
        raise BadInput(_("没有这一条，刷新看看。"))
    if matter.case_id is not None:
        return None, False
    if pick.is_same and matter.likely_id is not None:
        case = get_case(matter.likely_id, actor)
        words = _("群聊“%(name)s”里又有 %(n)s 人提到：%(text)s") % {
            "name": paste.group_name, "n": len(selectors.masked_names(matter)), "text": matter.text,
        }  # fmt: skip
        note_case(case_id=case.pk, text=words[:TEXT_LIMIT], actor=actor, now=now)
        is_new = False
    else:
        case, is_new = enter_case(report=_report(paste, matter, pick, now), actor=actor, now=now)
    matter.case_id = case.pk
    matter.save(update_fields=["case"])
    return case, is_new


def _report(paste: ChatPaste, matter: ChatMatter, pick: Pick, now: datetime) -> Report:
    category_id = pick.category_id or matter.category_id
    if category_id is None:
        raise BadInput(_("选一个类别。"))
    building_id = pick.building_id or matter.building_id
    is_own = building_id == matter.building_id
    where = places.where_of(
        community_id=paste.community_id,
        estate_id=matter.estate_id if is_own else None,
        building_id=building_id,
        entrance_id=matter.entrance_id if is_own else None,
    )
    catalogue.get_category(category_id)
    return Report(
        category_id=category_id,
        text=(pick.text.strip() or matter.text)[:TEXT_LIMIT],
        where=where,
        source=Source.GROUP_CHAT,
        spot=matter.spot,
        is_urgent=matter.is_urgent,
        key=f"chat:{matter.pk}",
        received_at=min(matter.said_at, now) if matter.said_at else None,
    )


def _settle(paste: ChatPaste, made: int, joined: int, actor: Actor, now: datetime) -> None:
    if not made and not joined:
        return
    with transaction.atomic():
        ChatPaste.objects.filter(pk=paste.pk).update(state=ChatState.DONE)
        taken = ChatTaken(
            subject_id=paste.pk, area_path=paste.community.path, made=made, joined=joined
        )
        events.record(taken, actor=actor, at=now)


@transaction.atomic
def discard_chat(*, chat_id: UUID, actor: Actor, now: datetime) -> None:
    """Throw a paste away from which nothing was taken, its words with it. Errors: NotFound, DomainError."""
    paste = selectors.get_chat(chat_id, actor, lock=True)
    if ChatMatter.objects.filter(paste=paste, case__isnull=False).exists():
        raise DomainError(_("已经从这段群聊里立了件，原文要留作凭据。"))
    ChatMatter.objects.filter(paste=paste).delete()
    paste.state, paste.text, paste.size = ChatState.DISCARDED, "", 0
    paste.save(update_fields=["state", "text", "size"])
    thrown = ChatDiscarded(subject_id=paste.pk, area_path=paste.community.path)
    events.record(thrown, actor=actor, at=now)


@retention.keeps(KIND, label=gettext_lazy("群聊原文"), months=6, action=retention.DELETE)
def forget_chats(before: datetime, limit: int, action: str) -> int:
    """Delete the originals that are older than the community keeps them; return how many.

    What came of them stays: cases, and where in the original they were.
    """
    rows = ChatPaste.objects.filter(created_at__lt=before, size__gt=0).order_by("created_at")
    ids = list(rows.values_list("pk", flat=True)[:limit])
    ChatMatter.objects.filter(paste_id__in=ids).update(speakers="", text="")
    ChatPaste.objects.filter(pk__in=ids).update(text="", size=0)
    return len(ids)
