"""The desk of the board: what is written, what waits to be released, what could be shown."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.campaigns.selectors import results as campaigns
from linli.kernel import clock, ids, lists, runs
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.publishing import selectors, services
from linli.publishing.rules.changes import changes
from linli.publishing.selectors import desk
from linli.publishing.services import exporting
from linli.publishing.views import showing

DONE = {
    "saved": _("已保存。公开栏上没有变，发布以后才变。"),
    "submitted": _("已送去发布，等另一个人看过。"),
    "returned": _("已退回给写的人。"),
    "released": _("已公开，公开栏上马上看得到。"),
    "withdrawn": _("已撤下，公开栏上看不到了。"),
}


@require_safe
def articles(request: Request) -> HttpResponse:
    """List the articles, with filters in the address."""
    mine = desk.communities(request.actor)
    asked = _asked(request)
    found = desk.articles(asked, request.actor)
    context = {
        "rows": showing.dress(found.rows),
        "has_more": found.has_more,
        "asked": asked,
        "tabs": _tabs(found.counts, asked.state),
        "kinds": selectors.KINDS.choices,
        "communities": mine if len(mine) > 1 else [],
        "boards": _boards(request, mine),
        "done": DONE.get(request.GET.get("done", ""), ""),
        "key": ids.new_id().hex,
    }
    return render(request, "publishing/article_list.html", context)


@require_POST
def export(request: Request) -> HttpResponse:
    """Let the filtered list leave as a file: a run."""
    run = exporting.start_export(
        asked=_asked(request), actor=request.actor, now=clock.now(), **lists.wish_of(request)
    )
    return HttpResponseRedirect(runs.url_of(run))


def _asked(request: Request) -> desk.Asked:
    return desk.Asked(
        kind=_one_of(request.GET.get("kind"), selectors.KINDS.values),
        state=_one_of(request.GET.get("state"), selectors.STATES.values),
        community_id=_id(request.GET.get("community")),
        before=_id(request.GET.get("before")),
    )


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    tabs = [{"name": "", "label": _("全部"), "count": sum(counts.values())}]
    tabs += [
        {"name": value, "label": label, "count": counts.get(value, 0)}
        for value, label in selectors.STATES.choices
    ]
    return [{**tab, "current": tab["name"] == current} for tab in tabs]


def _boards(request: Request, mine: list[Any]) -> list[dict[str, str]]:
    return [
        {
            "name": one.name,
            "url": reverse("publishing:board", args=[f"{request.tenant.code}-{one.code}"]),
        }
        for one in mine[:6]
    ]


@require_safe
def candidates(request: Request) -> HttpResponse:
    """List the cases of the last weeks that could be shown and nobody prepared yet."""
    request.actor.require(desk.WRITE)
    mine = desk.communities(request.actor)
    asked = _id(request.GET.get("community")) if request.GET.get("community") else None
    chosen = next((one for one in mine if asked in (None, one.pk)), None)
    if chosen is None:
        raise NotFound(str(_("没有找到这个社区。")))
    context = {
        "chosen": chosen,
        "communities": mine if len(mine) > 1 else [],
        "rows": desk.candidates(chosen.pk, request.actor, clock.now()),
        "campaigns": campaigns.ended(chosen.pk, request.actor),
        "days": desk.CANDIDATE_DAYS,
        "declined_days": desk.DECLINED_DAYS,
    }
    return render(request, "publishing/candidates.html", context)


@require_POST
def prepare(request: Request, case_id: UUID) -> HttpResponse:
    """Make a draft of a case and go on to its words."""
    article = services.prepare_case(case_id=case_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("publishing:edit", args=[article.pk]))


@require_safe
def article(request: Request, article_id: UUID) -> HttpResponse:
    """Show one article as the public would see it, what happened to it, and what may be done."""
    row = desk.get_article(article_id, request.actor)
    return show(request, row)


def show(request: Request, row: Any, status: int = 200, **more: Any) -> HttpResponse:
    """Show an article's page; more: forms with what was wrong."""
    now = clock.now()
    row.tone = showing.TONES[row.state]
    may = {name: request.actor.can(f"publishing.{name}", row.area_path) for name in _DUTIES}
    context = {
        "row": row,
        **showing.texts(row),
        "pair": showing.desk_pair(row, row.case_id),
        "at": f"{request.tenant.code}-{row.community.code}",
        "history": desk.history(row),
        "revisions": desk.revisions(row),
        "others": desk.other_releasers(row, now),
        "is_own": request.actor.account_id in desk.writers_of(row),
        "may_write": may["write"],
        "may_release": may["release"],
        "done": DONE.get(request.GET.get("done", ""), ""),
        **more,
    }
    return render(request, "publishing/article_desk.html", context, status=status)


_DUTIES = ("write", "release")


@require_safe
def revision(request: Request, article_id: UUID, number: int) -> HttpResponse:
    """Show what was released once, and what changed against the one before."""
    row = desk.get_article(article_id, request.actor)
    this = desk.get_revision(row, number)
    before = desk.get_revision(row, number - 1) if number > 1 else None
    names = tuple(showing.CALLED)
    context = {
        "row": row,
        "revision": this,
        "before": before,
        "changes": [
            (showing.CALLED[name], lines)
            for name, lines in changes(_words(before, names), _words(this, names)).items()
        ],
        "people": desk.names_of(this),
    }
    return render(request, "publishing/revision.html", context)


def _words(row: Any, names: tuple[str, ...]) -> dict[str, str]:
    return {name: getattr(row, name) for name in names} if row else {}


def _one_of(asked: str | None, known: list[str]) -> str:
    return asked if asked in known else ""


def _id(asked: str | None) -> UUID | None:
    """Return an id from the address; nonsense is as good as none."""
    try:
        return UUID(asked) if asked else None
    except ValueError:
        return None
