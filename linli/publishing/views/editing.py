"""Writing and the release step, from the desk: the editor, handing in, looking over, the way back."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from linli.campaigns.selectors import results as campaigns
from linli.cases.selectors import board as cases
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.publishing import services
from linli.publishing.forms import FORMS, GUIDE_SKELETON, ArticleForm, ReleaseForm, WordsForm
from linli.publishing.selectors import desk
from linli.publishing.services import ArticleSheet
from linli.publishing.views import showing
from linli.publishing.views.desk import show

FORM: Final = require_http_methods(["GET", "HEAD", "POST"])
_NEW: Final = ("guide", "notice")


@FORM
def new(request: Request, kind: str) -> HttpResponse:
    """Write a new guide or notice."""
    request.actor.require(desk.WRITE)
    if kind not in _NEW:
        raise NotFound("没有这一种。")
    mine = desk.communities(request.actor)
    initial = {"text": GUIDE_SKELETON} if kind == "guide" else _of_campaign(request)
    form = FORMS[kind](request.POST or None, initial=initial, communities=mine)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("community_id") or (mine[0].pk if mine else None)
        with form.showing_refusals():
            made = services.write_article(
                sheet=_sheet(form), kind=kind, community_id=_id(chosen), actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return go(made.pk, "saved")
    return _editor(request, form, kind=kind)


def _of_campaign(request: Request) -> dict[str, Any]:
    """Return the result of the campaign that an address names, as the words of a notice."""
    try:
        asked = _id(request.GET.get("campaign"))
    except ValueError:
        asked = None
    if asked is None:
        return {"text": ""}
    said = campaigns.words_of(asked, request.actor)
    return {"title": said.title, "text": said.text, "community_id": str(said.community_id)}


@FORM
def edit(request: Request, article_id: UUID) -> HttpResponse:
    """Change the words of an article; what is public stays until they are released."""
    row: Any = desk.get_article(article_id, request.actor)
    request.actor.require(desk.WRITE, row.area_path)
    photos = _photos(row, request)
    form = _form(row, request, photos)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.write_article(
                sheet=_sheet(form), article_id=row.pk, version=form.cleaned_data["version"],
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go(row.pk, "saved")
    return _editor(request, form, kind=row.kind, row=row, photos=photos)


def _form(row: Any, request: Request, photos: dict[str, Any]) -> ArticleForm:
    kind = FORMS[row.kind]
    initial = {name: getattr(row, name) for name in kind.base_fields}
    more: dict[str, Any] = {"photos": photos} if row.kind == "resolved" else {}
    return kind(request.POST or None, initial=initial, **more)


def _photos(row: Any, request: Request) -> dict[str, Any]:
    """Return the pictures of an article's case to choose from, by the name of their field."""
    if row.kind != "resolved":
        return {}
    facts = cases.facts_for_board(row.case_id, request.actor)
    return {
        "before_photo_id": facts.before if facts else (),
        "after_photo_id": facts.after if facts else (),
    }


def _editor(
    request: Request,
    form: ArticleForm,
    *,
    kind: str,
    row: Any = None,
    photos: dict[str, Any] | None = None,
) -> HttpResponse:
    choices = [
        (form[name], [(str(pk), _thumb(row, pk)) for pk in ids])
        for name, ids in (photos or {}).items()
    ]
    context = {
        "form": form,
        "kind": kind,
        "row": row,
        "photos": choices,
        "icon": showing.ICONS[kind],
    }
    status = 422 if form.errors else 200
    return render(request, "publishing/article_edit.html", context, status=status)


def _thumb(row: Any, photo_id: UUID) -> str:
    return reverse("cases:desk_photo", args=[row.case_id, photo_id, "thumb"])


def _sheet(form: ArticleForm) -> ArticleSheet:
    """Return what was written; choices of nothing are None."""
    data = {
        name: value
        for name, value in form.cleaned_data.items()
        if name not in ("version", "community_id")
    }
    for name in ("category_id", "before_photo_id", "after_photo_id"):
        if name in data:
            data[name] = _id(data[name])
    return ArticleSheet(**data)


def _id(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


@require_POST
def submission(request: Request, article_id: UUID) -> HttpResponse:
    """Hand a draft in."""
    services.submit_article(article_id=article_id, actor=request.actor, now=clock.now())
    return go(article_id, "submitted")


@require_POST
def way_back(request: Request, article_id: UUID) -> HttpResponse:
    """Send a submitted article back with a word."""
    row = desk.get_article(article_id, request.actor)
    form = WordsForm(request.POST, prefix="back")
    if form.is_valid():
        with form.showing_refusals():
            services.return_article(
                article_id=article_id, text=form.cleaned_data["text"], actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return go(article_id, "returned")
    return show(request, row, 422, back=form)


@require_POST
def withdrawal(request: Request, article_id: UUID) -> HttpResponse:
    """Take an article down, or drop a draft."""
    row = desk.get_article(article_id, request.actor)
    form = WordsForm(request.POST, prefix="down")
    if form.is_valid():
        with form.showing_refusals():
            services.withdraw_article(
                article_id=article_id, reason=form.cleaned_data["text"], actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return go(article_id, "withdrawn")
    return show(request, row, 422, down=form)


@FORM
def release(request: Request, article_id: UUID) -> HttpResponse:
    """Look it over: what looks personal is marked, each hidden unless somebody decides to keep it."""
    row: Any = desk.get_article(article_id, request.actor)
    request.actor.require(desk.RELEASE, row.area_path)
    form = ReleaseForm(request.POST or None, initial={"version": row.version})
    masked = set(request.POST.getlist("mask"))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.release_article(
                article_id=article_id,
                masked=masked,
                kept=set(request.POST.getlist("seen")) - masked,
                is_looked_over=form.cleaned_data["is_looked_over"],
                version=form.cleaned_data["version"],
                actor=request.actor,
                now=clock.now(),
            )
            return go(article_id, "released")
    return _look_over(request, row, form, masked)


def _look_over(request: Request, row: Any, form: ReleaseForm, masked: set[str]) -> HttpResponse:
    checked = desk.check_texts(row, desk.names_behind(row))
    found = {one.found: one.masked for text in checked for one in text.findings}
    context = {
        "row": row,
        "form": form,
        "texts": [(showing.CALLED[one.name], one.stretches) for one in checked],
        "findings": [
            {"found": words, "shown": shown, "is_masked": not form.is_bound or words in masked}
            for words, shown in found.items()
        ],
        "pair": showing.desk_pair(row, row.case_id),
        "others": desk.other_releasers(row, clock.now()),
        "is_own": request.actor.account_id in desk.writers_of(row),
    }
    status = 422 if form.errors else 200
    return render(request, "publishing/article_release.html", context, status=status)


def go(article_id: UUID, word: str) -> HttpResponseRedirect:
    """Go to an article's page, which says what was done."""
    return HttpResponseRedirect(
        f"{reverse('publishing:desk_article', args=[article_id])}?done={word}"
    )
