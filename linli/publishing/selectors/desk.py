"""What staff see of articles: the list, one with its history, who may release it, what needs a look."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.selectors import board as cases
from linli.clients import selectors as clients
from linli.kernel import clock, events
from linli.kernel.actor import Actor, system
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.places import selectors as places
from linli.posts import selectors as posts
from linli.publishing.models import CONTENT, Article, ArticleKind, Revision
from linli.publishing.rules import privacy
from linli.publishing.states import ArticleState

WRITE: Final = "publishing.write"
RELEASE: Final = "publishing.release"
PAGE: Final = 50
CANDIDATE_DAYS, DECLINED_DAYS = 14, 90  # what can't be done is told for longer
# What is read for personal data before a release, by kind, in the order of the page.
TEXTS: Final = {
    ArticleKind.GUIDE: ("title", "text"),
    ArticleKind.NOTICE: ("title", "text", "event_place"),
    ArticleKind.RESOLVED: ("title", "text", "outcome", "place_label"),
    ArticleKind.DECLINED: ("title", "text", "outcome", "rule", "alternative", "place_label"),
}
_CALLED: Final = {
    "publishing.article.written": gettext_lazy("写了、改了"),
    "publishing.article.submitted": gettext_lazy("送去发布"),
    "publishing.article.returned": gettext_lazy("退回修改"),
    "publishing.article.released": gettext_lazy("发布"),
    "publishing.article.withdrawn": gettext_lazy("撤下"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The list's filter."""

    kind: str = ""
    state: str = ""
    community_id: UUID | None = None
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list: the rows, whether older ones follow, how many there are by state."""

    rows: list[Article]
    has_more: bool
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of an article's history."""

    at: datetime
    what: str
    who: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One text of an article, cut into plain words and what looks personal."""

    name: str
    stretches: tuple[privacy.Stretch, ...]
    findings: tuple[privacy.Finding, ...]


def reachable(actor: Actor) -> QuerySet[Article]:
    """Return the articles of the places where the actor writes or releases. Errors: NotAllowed."""
    paths = {*actor.scopes(WRITE), *actor.scopes(RELEASE)}
    if not paths:
        actor.require(WRITE)
    where = Q(pk__in=[])
    for path in paths:
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    return Article.objects.filter(where)


def communities(actor: Actor) -> list[Any]:
    """Return the communities whose board the actor writes for or releases on."""
    paths = tuple(sorted({*actor.scopes(WRITE), *actor.scopes(RELEASE)}))
    return list(places.communities_of(paths))


def get_own_community(community_id: UUID, actor: Actor) -> Any:
    """Return a community for whose board the actor writes. Errors: NotFound, NotAllowed."""
    community = places.get_community_by_id(community_id)
    actor.require(WRITE, community.path)
    return community


def articles(asked: Asked, actor: Actor) -> Found:
    """Return the actor's articles, those changed last made first, with counts by state."""
    rows = reachable(actor)
    if asked.community_id:
        rows = rows.filter(community_id=asked.community_id)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    counts = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    rows = _with_live(rows).select_related("category", "community").defer("community__polygon")
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Found(found[:PAGE], len(found) > PAGE, counts)


def count_submitted(actor: Actor) -> int:
    """Return how many articles wait for the actor to release them."""
    paths = actor.scopes(RELEASE)
    if not paths:
        return 0
    return reachable(actor).filter(state=ArticleState.SUBMITTED).count()


def get_article(article_id: UUID, actor: Actor, *, lock: bool = False) -> Article:
    """Return one article that the actor may see, `is_live` told of it.

    lock: take the row lock; only inside a transaction that will change it.
    Errors: NotFound, the same whether it is absent or another community's.
    """
    rows = reachable(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    else:
        rows = _with_live(rows).select_related("category", "community").defer("community__polygon")
    try:
        return rows.get(pk=article_id)
    except Article.DoesNotExist:
        raise NotFound(_("没有找到这一篇。")) from None


def _with_live(rows: QuerySet[Article]) -> QuerySet[Article]:
    live = Revision.objects.filter(article_id=OuterRef("pk"), ended_at=None)
    return rows.annotate(is_live=Exists(live))


def find_of_case(case_id: UUID) -> dict[str, UUID]:
    """Return the articles made of a case, by kind."""
    rows = Article.objects.filter(case_id=case_id)
    return dict(rows.values_list("kind", "pk"))


def revisions(article: Article) -> list[Revision]:
    """Return what was released of an article, newest first."""
    return list(article.revisions.order_by("-number"))


def get_revision(article: Article, number: int) -> Revision:
    """Return one revision. Errors: NotFound."""
    try:
        return article.revisions.get(number=number)
    except Revision.DoesNotExist:
        raise NotFound(_("没有找到这一版。")) from None


def names_of(revision: Revision) -> dict[str, str]:
    """Return who wrote, released and ended a revision, by name; "" where nobody did."""
    ids = {
        "writer": revision.written_by, "releaser": revision.released_by, "ender": revision.ended_by,
    }  # fmt: skip
    names = people.account_names(one for one in ids.values() if one)
    return {role: names.get(one, "") if one else "" for role, one in ids.items()}


def history(article: Article) -> list[Step]:
    """Return who did what with an article, newest first."""
    rows = [row for row in events.timeline(article.pk) if row.name in _CALLED]
    names = people.account_names(row.account_id for row in rows if row.account_id)
    return [
        Step(
            row.happened_at,
            str(_CALLED[row.name]),
            names.get(row.account_id, "") if row.account_id else _nobody(row.data),
            _more(row.data),
        )
        for row in reversed(rows)
    ]


def _nobody(data: dict[str, Any]) -> str:
    """Return who acted when it was no person: another system's key, or the product."""
    return _("其他系统") if data.get("client_id") else _("自动")


def _more(data: dict[str, Any]) -> str:
    if "number" not in data:
        return ""
    words = [_("第 %(n)s 版") % {"n": data["number"]}]
    if data.get("masked"):
        words.append(_("遮住 %(n)s 处") % {"n": data["masked"]})
    if data.get("kept"):
        words.append(_("确认保留 %(n)s 处") % {"n": data["kept"]})
    if data.get("is_alone"):
        words.append(_("只有一人能发布，自写自发"))
    return "，".join(words)


def writers_of(article: Article) -> set[UUID]:
    """Return who changed the words since they were last released."""
    found: set[UUID] = set()
    for row in events.timeline(article.pk):
        if row.name == "publishing.article.released":
            found.clear()
        elif row.name == "publishing.article.written":
            key = row.data.get("client_id")
            found |= {row.account_id} if row.account_id else clients.hands_of(key and UUID(key))
    return found


def other_releasers(article: Article, now: datetime) -> list[str]:
    """Return the names of those who may release what they did not write themselves."""
    able = set(posts.accounts_with(RELEASE, article.area_path, now)) - writers_of(article)
    return sorted(people.account_names(able).values())


def check_texts(article: Article, names: tuple[str, ...]) -> list[Checked]:
    """Return the article's texts with what looks personal in them, empty ones left out.

    names: those who had to do with the case. The community's own telephone is nobody's secret.
    """
    found = []
    for name in TEXTS[ArticleKind(article.kind)]:
        text = getattr(article, name)
        if text:
            findings = privacy.findings(text, names=names, allowed=(article.community.phone,))
            found.append(Checked(name, privacy.stretches(text, findings), findings))
    return found


def facts_behind(article: Article) -> cases.Facts | None:
    """Return what the board may know of an article's case now; None when it may not be shown.

    Whoever releases need not see the case itself: what they must not overlook is looked up for them.
    """
    if article.case_id is None:
        return None
    return cases.facts_for_board(article.case_id, system(article.tenant_id))


def names_behind(article: Article) -> tuple[str, ...]:
    """Return the names that must not stand in the article, of those in its case."""
    facts = facts_behind(article)
    return facts.names if facts else ()


def candidates(community_id: UUID, actor: Actor, now: datetime) -> list[Any]:
    """Return cases of the last weeks that could be shown and are not yet, newest first.

    Each has `as_kind` and `article_id` (None until somebody prepared it).
    """
    since = now - timedelta(days=CANDIDATE_DAYS)
    rows: list[Any] = cases.candidates(
        community_id, since, actor, declined_since=now - timedelta(days=DECLINED_DAYS)
    )
    made = {
        (case_id, kind): pk
        for case_id, kind, pk in Article.objects.filter(
            case_id__in=[case.pk for case in rows]
        ).values_list("case_id", "kind", "pk")
    }
    for case in rows:
        case.as_kind = cases.shown_as(case)
        case.article_id = made.get((case.pk, case.as_kind))
        case.ended_on = clock.local(case.resolved_at or case.responded_at or since).date()
    return [case for case in rows if case.article_id is None]


def column(name: str) -> str:
    """Return the attribute that holds a field of the content: keys are copied by their id."""
    return f"{name}_id" if name in ("category", "before_photo", "after_photo") else name


def content_of(row: Article | Revision) -> dict[str, Any]:
    """Return the words, dates and pictures of a working copy or a revision, by field."""
    return {name: getattr(row, column(name)) for name in CONTENT}
