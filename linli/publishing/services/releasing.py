"""The release step: one person writes, another looks and releases; what is public can be withdrawn."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.publishing.errors import NotForTheBoard, OwnWords, Unchecked
from linli.publishing.events import (
    ArticleReleased,
    ArticleReturned,
    ArticleSubmitted,
    ArticleWithdrawn,
)
from linli.publishing.models import Article, ArticleKind, Revision
from linli.publishing.rules import privacy
from linli.publishing.selectors import desk
from linli.publishing.services.editions import turn_page
from linli.publishing.services.writing import load, record
from linli.publishing.states import ArticleState, check_move

_OF_CASES: Final = (ArticleKind.RESOLVED, ArticleKind.DECLINED)


@transaction.atomic
def submit_article(
    *, article_id: UUID, actor: Actor, now: datetime, version: int | None = None
) -> Article:
    """Hand a draft in, to be released by somebody else.

    Errors: NotFound, NotAllowed, IllegalStep, StaleArticle.
    """
    article = load(article_id, desk.WRITE, actor, version)
    _move(article, ArticleState.SUBMITTED)
    record(ArticleSubmitted, article, actor, now)
    return article


@transaction.atomic
def return_article(
    *, article_id: UUID, text: str, actor: Actor, now: datetime, version: int | None = None
) -> Article:
    """Send a submitted article back with what is to be changed.

    Errors: BadInput (nothing said), NotFound, NotAllowed, IllegalStep, StaleArticle.
    """
    article = load(article_id, desk.RELEASE, actor, version)
    if not text.strip():
        raise BadInput(_("写一句要改什么。"), field="text")
    article.note = text.strip()
    _move(article, ArticleState.DRAFT, "note")
    record(ArticleReturned, article, actor, now)
    return article


@transaction.atomic
def release_article(
    *,
    article_id: UUID,
    masked: Collection[str],
    kept: Collection[str],
    is_looked_over: bool,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Revision:
    """Make a submitted article public as its next revision.

    masked, kept: what looks personal in it, as decided by the releaser; everything must be decided.
    is_looked_over: the releaser has read it all and looked at its photos for faces, plates, doors.
    Errors: OwnWords (the writer, while somebody else could), Unchecked, NotForTheBoard, NotFound,
    NotAllowed, IllegalStep, StaleArticle.
    Source: issue 3, 6; S5 5.11; four eyes on everything that is public.
    """
    article = load(article_id, desk.RELEASE, actor, version)
    is_alone = _check_eyes(article, actor, now)
    if not is_looked_over:
        raise Unchecked(_("先从头看一遍，再勾上“我看过了”。"), field="is_looked_over")
    _check_case(article)
    hidden, left = _mask(article, masked, kept)
    names = desk.TEXTS[ArticleKind(article.kind)]
    _move(article, ArticleState.RELEASED, *names, "note")
    revision = _freeze(article, actor, now, is_alone=is_alone)
    record(
        ArticleReleased, article, actor, now,
        number=revision.number, is_alone=is_alone, masked=hidden, kept=left,
    )  # fmt: skip
    turn_page(article.community_id, now)
    return revision


@transaction.atomic
def withdraw_article(
    *, article_id: UUID, reason: str, actor: Actor, now: datetime, version: int | None = None
) -> Article:
    """Take an article off the board, or drop a draft; what was released stays readable for staff.

    Whoever writes may drop a draft; taking down what is public needs the duty to release.
    Errors: BadInput (no reason for what was public), NotFound, NotAllowed, IllegalStep.
    """
    article = load(article_id, desk.WRITE, actor, version) if _is_draft(article_id) else load(
        article_id, desk.RELEASE, actor, version
    )  # fmt: skip
    is_public = _live(article) is not None
    if is_public and not reason.strip():
        raise BadInput(_("写一句为什么撤下，以后查得到。"), field="reason")
    _withdraw(article, reason.strip(), actor, now)
    return article


@transaction.atomic
def withdraw_case(*, case_id: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Take everything of a case off the board because the case went on. Nothing to do is no fault."""
    rows = Article.objects.filter(case_id=case_id).exclude(state=ArticleState.WITHDRAWN)
    for article in rows.select_for_update(of=("self",)).order_by("pk"):
        _withdraw(article, reason, actor, now)


def _is_draft(article_id: UUID) -> bool:
    return not Revision.objects.filter(article_id=article_id, ended_at=None).exists()


def _withdraw(article: Article, reason: str, actor: Actor, now: datetime) -> None:
    live = _live(article)
    if live is not None:
        _end(live, now, by=actor.account_id, reason=reason)
    article.note = reason
    _move(article, ArticleState.WITHDRAWN, "note")
    record(ArticleWithdrawn, article, actor, now, was_public=live is not None)
    if live is not None:
        turn_page(article.community_id, now)


def _move(article: Article, state: ArticleState, *names: str) -> None:
    check_move(article.state, state)
    article.state = state
    article.version += 1
    article.save(update_fields=["state", "version", *names])


def _check_eyes(article: Article, actor: Actor, now: datetime) -> bool:
    """Tell whether the releaser is alone with own words.

    Errors: OwnWords while somebody else could, and for a program: a person looks it over.
    """
    if actor.account_id is None:
        raise OwnWords(_("发布要由一个人看过，程序只能送审。"))
    if actor.account_id not in desk.writers_of(article):
        return False
    others = desk.other_releasers(article, now)
    if others:
        raise OwnWords(
            _("这一篇您自己写过，要由另一个人来发布：%(names)s。") % {"names": "、".join(others)}
        )
    return True


def _check_case(article: Article) -> None:
    """Refuse a case that went on meanwhile. Errors: NotForTheBoard."""
    if article.kind not in _OF_CASES or article.case_id is None:
        return
    facts = desk.facts_behind(article)
    if facts is None or facts.shown_as != article.kind:
        raise NotForTheBoard(_("这件事后来有了变化（重办、保密或类别不公开），现在不能公开。"))
    photos = {*facts.before, *facts.after, None}
    if article.before_photo_id not in photos or article.after_photo_id not in photos:
        raise NotForTheBoard(_("选的照片不能公开了，先退回重选。"))


def _mask(article: Article, masked: Collection[str], kept: Collection[str]) -> tuple[int, int]:
    """Hide what was chosen; return how much was hidden and how much was left. Errors: Unchecked."""
    hidden = left = 0
    for checked in desk.check_texts(article, desk.names_behind(article)):
        for one in checked.findings:
            if one.found not in masked and one.found not in kept:
                raise Unchecked(
                    _("“%(what)s”像是个人信息，先定遮住还是保留。") % {"what": one.found}
                )
            hidden, left = hidden + (one.found in masked), left + (one.found not in masked)
        text = privacy.mask(getattr(article, checked.name), checked.findings, masked)
        setattr(article, checked.name, text)
    return hidden, left


def _freeze(article: Article, actor: Actor, now: datetime, *, is_alone: bool) -> Revision:
    live = _live(article)
    if live is not None:
        _end(live, now, by=None, reason=_("换了新的一版"))
    last = article.revisions.order_by("-number").first()
    content = desk.content_of(article)
    return Revision.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        kind=article.kind,
        community_id=article.community_id,
        written_by=article.written_by,
        released_by=actor.account_id,
        released_at=now,
        is_alone=is_alone,
        **{desk.column(name): value for name, value in content.items()},
    )


def _live(article: Article) -> Revision | None:
    return article.revisions.filter(ended_at=None).order_by("pk").first()


def _end(live: Revision, now: datetime, *, by: UUID | None, reason: str) -> None:
    live.ended_at, live.ended_by, live.end_reason = now, by, reason
    live.save(update_fields=["ended_at", "ended_by", "end_reason"])
