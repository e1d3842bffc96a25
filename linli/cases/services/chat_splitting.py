"""The work on a pasted chat: split it, gather matters, say where and what each is, and what it repeats."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.models import Case, Category, ChatMatter, ChatPaste, ChatState
from linli.cases.rules import TEXT_LIMIT, chat, matters, title_of
from linli.cases.selectors import chats as selectors
from linli.cases.selectors.catalogue import active_categories, get_settings
from linli.cases.selectors.judging import Earlier, earlier_report, suggest
from linli.kernel import clock, runs
from linli.kernel.errors import NotFound
from linli.kernel.ids import new_id

MOST_MATTERS: Final = 200
OVERLAP: Final = timedelta(days=7)
MOST_EARLIER: Final = 5


def split_chat(run: runs.Running) -> None:
    """Split a paste into matters, each with place, category and the open case that it may repeat."""
    paste = ChatPaste.objects.filter(pk=UUID(run.data["chat"])).first()
    if paste is None or paste.state != ChatState.WAITING:
        raise NotFound(_("这段群聊已经不在了。"))
    estate_id = UUID(run.data["estate"]) if run.data["estate"] else None
    ground = selectors.Ground(paste.community_id, estate_id=estate_id)
    messages = chat.split(paste.text, clock.local(paste.created_at))
    run.progress(0, len(messages))
    found = matters.gather(messages, kind_of=_kind_of(), place_of=_place_of(ground))
    found, known = _new(found, paste)
    counts = {
        "known": known,
        "messages": len(messages),
        "speakers": len({one.name for one in messages if one.name}),
        "matters": len(found),
        "kept": min(len(found), MOST_MATTERS),
    }
    rows = [
        _row(paste, number, one, ground, run.now)
        for number, one in enumerate(found[:MOST_MATTERS], 1)
    ]
    run.progress(len(messages), len(messages))
    with transaction.atomic():
        # A worker that came back begins anew: what it wrote before goes first.
        ChatMatter.objects.filter(paste=paste).delete()
        ChatMatter.objects.bulk_create(rows)
        ChatPaste.objects.filter(pk=paste.pk).update(state=ChatState.READY, found=counts)
    run.say(_("拆成 %(n)s 件事，等勾选。") % {"n": len(rows)}, f"/desk/chats/{paste.pk}/")


def _new(found: list[matters.Matter], paste: ChatPaste) -> tuple[list[matters.Matter], int]:
    """Return the matters that were not gone through before, and how many were.

    People paste two days and the next day two days again: what stands in an earlier paste that was
    ticked, word for word by the same person at the same time, is not asked again.
    """
    known = _gone_through(paste)
    new = [
        one for one in found if any(chat.key_of(message) not in known for message in one.messages)
    ]
    return new, len(found) - len(new)


def _gone_through(paste: ChatPaste) -> set[tuple[str, datetime | None, str]]:
    rows = ChatPaste.objects.filter(
        community_id=paste.community_id, state=ChatState.DONE, size__gt=0,
        created_at__gte=paste.created_at - OVERLAP, created_at__lte=paste.created_at,
    )  # fmt: skip
    found: set[tuple[str, datetime | None, str]] = set()
    for earlier in rows.exclude(pk=paste.pk).order_by("-id")[:MOST_EARLIER]:
        messages = chat.split(earlier.text, clock.local(earlier.created_at))
        # A short word without a time may well be said again.
        found |= {chat.key_of(one) for one in messages if one.at or len(one.text) >= chat.LONG}
    return found


def _kind_of() -> Callable[[chat.Message], str]:
    """Return what tells a message's category; the same words are judged once."""

    @lru_cache(maxsize=4096)
    def code_of(text: str) -> str:
        found = suggest(text)
        return found.codes[0][0] if found.codes else ""

    return lambda message: code_of(message.text[:200])


def _place_of(ground: selectors.Ground) -> Callable[[chat.Message], UUID | None]:
    @lru_cache(maxsize=4096)
    def place_of(text: str) -> UUID | None:
        spot = ground.spot_of(text)
        return spot.building_id

    return lambda message: place_of(message.text[:400])


def _row(
    paste: ChatPaste, number: int, matter: matters.Matter, ground: selectors.Ground, now: datetime
) -> ChatMatter:
    text = matter.text[:TEXT_LIMIT]
    spot, suggested = ground.spot_of(text), suggest(text)
    category = _category(suggested.codes[0][0] if suggested.codes else "")
    row = ChatMatter(
        paste=paste, order=number, text=text, speakers="\n".join(matter.names)[:2000],
        said_at=next((one.at for one in matter.messages if one.at), None),
        lines=[one.number for one in matter.messages], spot="", estate_id=spot.estate_id,
        building_id=spot.building_id, entrance_id=spot.entrance_id, category=category,
        percent=round(suggested.codes[0][1] * 100) if suggested.codes else 0,
        is_sure=suggested.is_sure, is_urgent=matter.is_urgent,
    )  # fmt: skip
    likely = _likely(paste, row, now)
    if likely is not None:
        row.likely_id, row.likeness = likely.case_id, round(likely.likeness * 100)
    return row


def _category(code: str) -> Category | None:
    return next((one for one in active_categories() if one.code == code), None)


def _likely(paste: ChatPaste, row: ChatMatter, now: datetime) -> Earlier | None:
    """Return the open case that a matter probably repeats: the same look as for any report."""
    if row.category is None or row.category.is_confidential:
        return None
    settings = get_settings()
    as_case = Case(
        id=new_id(), title=title_of(row.text), text=row.text, community_id=paste.community_id,
        category=row.category, estate_id=row.estate_id, building_id=row.building_id,
        reported_at=now, is_confidential=False,
    )  # fmt: skip
    return earlier_report(as_case, metres=settings.nearby_metres, days=settings.nearby_days)
