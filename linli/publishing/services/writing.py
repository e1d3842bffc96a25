"""Writing: a guide, a notice, a case made ready for the board. Nothing here is public yet."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from linli.cases import selectors as cases
from linli.cases.selectors import board
from linli.kernel import events, masking
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors as places
from linli.publishing.errors import NotForTheBoard, StaleArticle
from linli.publishing.events import ArticleEvent, ArticleWritten
from linli.publishing.models import Article, ArticleKind
from linli.publishing.rules import headline
from linli.publishing.selectors import desk
from linli.publishing.states import ArticleState, check_move


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSheet:
    """What somebody writes; what the kind does not have is left aside."""

    title: str
    text: str = ""
    category_id: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    event_starts_at: datetime | None = None
    event_ends_at: datetime | None = None
    event_place: str = ""
    outcome: str = ""
    rule: str = ""
    alternative: str = ""
    review_on: date | None = None
    before_photo_id: UUID | None = None
    after_photo_id: UUID | None = None


# What may be written, by kind; the rest of a case comes from the case.
WRITABLE: Final = {
    ArticleKind.GUIDE: ("title", "text", "category_id"),
    ArticleKind.NOTICE: (
        "title", "text", "valid_from", "valid_until", "event_starts_at", "event_ends_at",
        "event_place",
    ),
    ArticleKind.RESOLVED: ("title", "text", "outcome", "before_photo_id", "after_photo_id"),
    ArticleKind.DECLINED: ("title", "text", "outcome", "rule", "alternative", "review_on"),
}  # fmt: skip
_NEEDED: Final = {
    ArticleKind.GUIDE: {
        "title": _later("写一个标题，例如：怎么申请高龄津贴。"),
        "text": _later("写下怎么办：谁可以办、带什么、去哪里。"),
    },
    ArticleKind.NOTICE: {
        "title": _later("写一个标题，一眼看得懂是什么事。"),
        "text": _later("写下要告诉大家的事。"),
    },
    ArticleKind.RESOLVED: {
        "title": _later("用几个字说是什么事，不写姓名和门牌号。"),
        "outcome": _later("写一句怎么办好的。"),
    },
    ArticleKind.DECLINED: {
        "title": _later("用几个字说是什么事，不写姓名和门牌号。"),
        "outcome": _later("写明为什么办不了。"),
        "rule": _later("写明依据的规定或条款。"),
        "alternative": _later("写明还可以怎么办、找谁。"),
    },
}


@transaction.atomic
def write_article(
    *,
    sheet: ArticleSheet,
    actor: Actor,
    now: datetime,
    kind: str = "",
    community_id: UUID | None = None,
    article_id: UUID | None = None,
    version: int | None = None,
) -> Article:
    """Write a new guide or notice, or change any article; it is a draft afterwards.

    kind, community_id: of a new one. article_id, version: of one that is changed, as the page saw it.
    A revision that is public stays so until the new words are released.
    Errors: BadInput, NotFound, NotAllowed, IllegalStep, StaleArticle.
    """
    if article_id is None:
        article = _new(kind, community_id, actor, now)
    else:
        article = load(article_id, desk.WRITE, actor, version)
        check_move(article.state, ArticleState.DRAFT)
    _fill(article, sheet, actor)
    article.state = ArticleState.DRAFT
    return _keep(article, actor, now, is_new=article_id is None)


@transaction.atomic
def prepare_case(*, case_id: UUID, actor: Actor, now: datetime) -> Article:
    """Make a draft for the board from a case, its words masked as well as rules can.

    Asked twice, it gives the same article again; one that was withdrawn begins anew.
    Errors: NotFound, NotAllowed, NotForTheBoard.
    Source: issue 3, 1: what was done, with before and after; what cannot be done and why.
    """
    facts = board.facts_for_board(case_id, actor)
    if facts is None:
        raise NotForTheBoard(_("这件事不能公开：保密、类别不公开，或者还没有结果。"))
    community = places.get_community_by_id(facts.community_id)
    actor.require(desk.WRITE, community.path)
    earlier = Article.objects.filter(case_id=case_id, kind=facts.shown_as).first()
    if earlier is not None and earlier.state != ArticleState.WITHDRAWN:
        return earlier
    article = earlier or Article(
        kind=facts.shown_as, community=community, area_path=community.path, case_id=case_id
    )
    _copy(article, facts)
    article.state = ArticleState.DRAFT
    return _keep(article, actor, now, is_new=earlier is None)


def _new(kind: str, community_id: UUID | None, actor: Actor, now: datetime) -> Article:
    if kind not in (ArticleKind.GUIDE, ArticleKind.NOTICE) or community_id is None:
        raise BadInput(_("先选是指南还是公告、哪个社区。"), field="community_id")
    community = places.get_community_by_id(community_id)
    actor.require(desk.WRITE, community.path)
    return Article(kind=kind, community=community, area_path=community.path, written_at=now)


def load(article_id: UUID, duty: str, actor: Actor, version: int | None) -> Article:
    """Lock an article and refuse unless the duty is held over its community.

    version: what the page saw. Errors: NotFound, NotAllowed, StaleArticle.
    """
    article = desk.get_article(article_id, actor, lock=True)
    actor.require(duty, article.area_path)
    if version is not None and version != article.version:
        raise StaleArticle(_("别人刚刚改过这一篇。看一下最新的内容再接着改，您写的先复制出来。"))
    return article


def record(
    kind: type[ArticleEvent], article: Article, actor: Actor, now: datetime, **facts: Any
) -> None:
    """Record a step of an article in the transaction of the change."""
    event = kind(
        subject_id=article.pk,
        area_path=article.area_path,
        community_id=article.community_id,
        kind=str(article.kind),
        **facts,
    )
    events.record(event, actor=actor, at=now)


def _fill(article: Article, sheet: ArticleSheet, actor: Actor) -> None:
    kind = ArticleKind(article.kind)
    for name in WRITABLE[kind]:
        value = getattr(sheet, name)
        setattr(article, name, value.strip() if isinstance(value, str) else value)
    for name, message in _NEEDED[kind].items():
        if not getattr(article, name):
            raise BadInput(str(message), field=name)
    _check_dates(sheet)
    if kind == ArticleKind.GUIDE and sheet.category_id is not None:
        cases.get_category(sheet.category_id)
    if kind == ArticleKind.RESOLVED and article.case_id is not None:
        _check_photos(article, actor)


def _check_dates(sheet: ArticleSheet) -> None:
    if sheet.valid_from and sheet.valid_until and sheet.valid_until < sheet.valid_from:
        raise BadInput(_("结束的日子比开始的还早，改一下。"), field="valid_until")
    if sheet.event_ends_at and not sheet.event_starts_at:
        raise BadInput(_("写了结束的时间，还要写几时开始。"), field="event_starts_at")
    if (
        sheet.event_starts_at
        and sheet.event_ends_at
        and sheet.event_ends_at < sheet.event_starts_at
    ):
        raise BadInput(_("结束的时间比开始的还早，改一下。"), field="event_ends_at")


def _check_photos(article: Article, actor: Actor) -> None:
    """Refuse photos that are not the case's own, or internal. Errors: BadInput, NotFound."""
    facts = board.facts_for_board(article.case_id, actor) if article.case_id else None
    for name, known in (
        ("before_photo_id", facts.before if facts else ()),
        ("after_photo_id", facts.after if facts else ()),
    ):
        chosen = getattr(article, name)
        if chosen is not None and chosen not in known:
            raise BadInput(_("这张照片不能公开，另选一张。"), field=name)


def _copy(article: Article, facts: board.Facts) -> None:
    """Fill a draft with what the board may know of its case."""
    article.title = headline.of(masking.mask_text(facts.text)) or facts.title
    for one in fields(facts):
        if one.name in ("text", "outcome", "alternative"):
            setattr(article, one.name, masking.mask_text(getattr(facts, one.name)))
        elif one.name in _AS_IS:
            setattr(article, one.name, getattr(facts, one.name))
    article.category_id = facts.category_id
    is_pair = facts.shown_as == ArticleKind.RESOLVED
    article.before_photo_id = facts.before[0] if is_pair and facts.before else None
    article.after_photo_id = facts.after[-1] if is_pair and facts.after else None


_AS_IS: Final = ("rule", "review_on", "place_label", "lat", "lon", "reported_on", "finished_on")


def _keep(article: Article, actor: Actor, now: datetime, *, is_new: bool) -> Article:
    article.written_by, article.written_at = actor.account_id, now
    article.note = ""
    if not is_new:
        article.version += 1
    article.save(force_insert=is_new, force_update=not is_new)
    record(ArticleWritten, article, actor, now)
    return article
