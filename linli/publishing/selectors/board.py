"""What everybody reads: live revisions only, no names, kept ready for a short while.

A page of the board is asked for by whoever scans the poster. Pages are kept under the edition of their
board: a release or a withdrawal is the next edition, in the same transaction, and every process asks for
the number first. So what was withdrawn is gone at once, everywhere; only figures are up to SECONDS old.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from linli.cases import selectors as cases
from linli.cases.selectors import board as shown
from linli.kernel.errors import NotFound
from linli.kernel.memory import Remembered
from linli.kernel.prepared import Prepared
from linli.publishing.models import ArticleKind, BoardEdition, Revision
from linli.publishing.rules.periods import Period

SECONDS: Final = 45.0
MOST_PAGES, MOST_FEEDS = 200, 24  # of 30 kB, of up to 250 kB
MOST_CASES, MOST_DECLINED, MOST_NOTICES, MOST_FEED = 24, 20, 12, 60


@dataclass(frozen=True, slots=True)
class Guides:
    """The guides of one category, or of none."""

    name: str
    icon: str
    rows: tuple[Revision, ...]


def live(community_id: UUID, *kinds: str) -> QuerySet[Revision]:
    """Return what is public of a community: live, and of a category that may still be shown."""
    rows = Revision.objects.filter(community_id=community_id, ended_at=None, kind__in=kinds)
    is_case = Q(kind__in=[ArticleKind.RESOLVED, ArticleKind.DECLINED])
    # Of the category as it is at this moment, an ended one too: what was not public does not become so.
    is_hidden = Q(category__is_confidential=True) | Q(category__shown_on_board=False)
    return rows.exclude(is_case & is_hidden).select_related("category")


def resolved(community_id: UUID, period: Period) -> list[Revision]:
    """Return the cases that were done in a period, with pictures of before and after first."""
    rows = live(community_id, ArticleKind.RESOLVED).filter(
        finished_on__gte=period.first_day, finished_on__lte=period.last_day
    )
    found = list(rows.order_by("-finished_on", "-pk")[: 2 * MOST_CASES])
    return sorted(found, key=_missing_photos)[:MOST_CASES]


def _missing_photos(row: Revision) -> int:
    return (row.before_photo_id is None) + (row.after_photo_id is None)


def declined(community_id: UUID, period: Period | None = None) -> list[Revision]:
    """Return what cannot be done, newest first: all that stands, or what was said in a period."""
    rows = live(community_id, ArticleKind.DECLINED)
    if period is not None:
        rows = rows.filter(finished_on__gte=period.first_day, finished_on__lte=period.last_day)
    return list(rows.order_by("-finished_on", "-pk")[:MOST_DECLINED])


def notices(community_id: UUID, today: date, period: Period | None = None) -> list[Revision]:
    """Return the notices that hang today, those with a day to come first; or hung in a period."""
    first, last = (period.first_day, period.last_day) if period else (today, today)
    rows = _hung(live(community_id, ArticleKind.NOTICE), min(last, today)).exclude(
        valid_until__lt=first
    )
    rows = rows.order_by(F("event_starts_at").asc(nulls_last=True), "-released_at")
    return list(rows[:MOST_NOTICES])


def _hung(rows: QuerySet[Revision], today: date) -> QuerySet[Revision]:
    """Return what hangs already: a notice waits for its first day."""
    return rows.exclude(kind=ArticleKind.NOTICE, valid_from__gt=today)


def guides(community_id: UUID) -> list[Guides]:
    """Return the guides by category, in the order of the tiles; those of no category last."""
    rows = list(live(community_id, ArticleKind.GUIDE).order_by("title", "pk"))
    found = [
        Guides(one.name, one.icon, tuple(row for row in rows if row.category_id == one.pk))
        for one in cases.active_categories()
    ]
    known = {one.pk for one in cases.active_categories()}
    rest = tuple(row for row in rows if row.category_id not in known)
    found.append(Guides(_("其他"), "file-text", rest))
    return [one for one in found if one.rows]


def newest(community_id: UUID, today: date) -> list[Revision]:
    """Return what was released last, of all kinds, for feeds."""
    rows = _hung(live(community_id, *ArticleKind.values), today)
    return list(rows.order_by("-released_at", "-pk")[:MOST_FEED])


def placed(community_id: UUID) -> list[Revision]:
    """Return the released cases that have a position, newest first."""
    rows = live(community_id, ArticleKind.RESOLVED, ArticleKind.DECLINED)
    rows = rows.filter(lat__isnull=False, lon__isnull=False)
    return list(rows.order_by("-released_at", "-pk")[:500])


def dated(community_id: UUID, today: date) -> list[Revision]:
    """Return the notices that speak of a day, for calendars: past ones too."""
    rows = _hung(live(community_id, ArticleKind.NOTICE), today)
    has_day = Q(event_starts_at__isnull=False) | Q(valid_from__isnull=False)
    return list(rows.filter(has_day).order_by("-released_at", "-pk")[:200])


def get_public(community_id: UUID, article_id: UUID, today: date) -> Revision:
    """Return the live revision of an article. Errors: NotFound, also for what is not released."""
    rows = _hung(live(community_id, *ArticleKind.values), today)
    row = rows.filter(article_id=article_id).first()
    if row is None:
        raise NotFound(_("没有找到这一篇，可能已经撤下了。"))
    return row


def photo_path(community_id: UUID, article_id: UUID, stage: str, size: str) -> str:
    """Return where the file of a public photo lies; stage: before or after; size: thumb or full.

    Errors: NotFound, also for a photo of what is not released or was withdrawn.
    """
    rows = live(community_id, ArticleKind.RESOLVED).filter(article_id=article_id)
    row = rows.first() if stage in ("before", "after") and size in ("thumb", "full") else None
    photo_id = getattr(row, f"{stage}_photo_id", None)
    files = shown.photo_files(photo_id) if photo_id else None
    if files is None:
        raise NotFound(_("没有找到这张照片。"))
    return files[1 if size == "thumb" else 0]


# Kept ready


def keep(function: Callable[..., Any], most: int = MOST_PAGES) -> Remembered[..., Any]:
    """Keep what a function of the public pages gives for one edition of a board."""
    return Remembered(function, SECONDS, most=most)


def keep_few(function: Callable[..., Any]) -> Remembered[..., Any]:
    """Keep the same of what is large: feeds and paper."""
    return keep(function, MOST_FEEDS)


def edition_of(community_code: str) -> int:
    """Return the number of a board's present edition; 0 while nothing was ever released."""
    rows = _EDITION(code=community_code)
    return int(rows[0][0]) if rows else 0


def turned_at(community_id: UUID) -> datetime | None:
    """Return when a board changed last: a release, a withdrawal, a kind that is shown no more."""
    rows = BoardEdition.objects.filter(community_id=community_id)
    return rows.order_by("pk").values_list("turned_at", flat=True).first()


def _edition(_shape: None, code: str) -> QuerySet[BoardEdition, Any]:
    return BoardEdition.objects.filter(community__code=code).values_list("number")


_EDITION: Final = Prepared(_edition)
