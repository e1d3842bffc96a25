"""Questions about notices: mine, how many are unread, how I want to be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.kernel.prepared import Prepared
from linli.messages.models import Notice, Preference

MOST_COUNTED: Final = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """A notice as its reader sees it."""

    id: UUID
    title: str
    body: str
    link: str
    is_urgent: bool
    created_at: datetime
    read_at: datetime | None


def unread_count(account_id: UUID) -> int:
    """Return how many notices an account has not read; 99 stands for 99 and more.

    One look into the index of unread notices, so that every page can ask.
    """
    return len(_find_unread(account_id=account_id))


def _build_unread(_shape: None, account_id: UUID) -> Any:
    unread = Notice.objects.filter(account_id=account_id, read_at=None).order_by("-id")
    return unread.values_list("tenant_id")[:MOST_COUNTED]


_find_unread = Prepared(_build_unread)


def notices_of(
    account_id: UUID, *, only_unread: bool = False, before: UUID | None = None, limit: int = 30
) -> list[NoticeLine]:
    """Return an account's notices, newest first.

    before: the id of the last line of the page before.
    """
    rows = Notice.objects.filter(account_id=account_id).order_by("-id")
    if only_unread:
        rows = rows.filter(read_at=None)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_line(row) for row in rows[:limit]]


def get_notice(notice_id: UUID, account_id: UUID | None) -> NoticeLine:
    """Return one of the account's own notices. Errors: NotFound."""
    try:
        return _line(
            Notice.objects.get(pk=notice_id, account_id=account_id, account_id__isnull=False)
        )
    except Notice.DoesNotExist:
        raise NotFound(_("没有找到这条通知。")) from None


def preferences_of(account_ids: Iterable[UUID]) -> dict[UUID, Preference]:
    """Return how accounts want to be told, each with the usual when it has not said."""
    said = _said()
    return {one: said.get(one) or Preference(account_id=one) for one in account_ids}


def forget_preferences() -> None:
    """Forget what was kept, after a change."""
    _said.forget()


@remember
def _said() -> dict[UUID, Preference]:
    # Few say anything; every case that is told asks.
    return {one.account_id: one for one in Preference.objects.all()}


def _line(row: Notice) -> NoticeLine:
    return NoticeLine(
        id=row.id,
        title=row.title,
        body=row.body,
        link=row.link,
        is_urgent=row.is_urgent,
        created_at=row.created_at,
        read_at=row.read_at,
    )
