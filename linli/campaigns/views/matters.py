"""The pages of one matter: who answers, what shows it, whose word closes it; for desk, field and raiser."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from linli.campaigns.forms.dockets import EvidenceForm, HandsForm, WordForm, WrittenForm
from linli.campaigns.selectors import access
from linli.campaigns.selectors import dockets as asked
from linli.campaigns.services import matters
from linli.campaigns.states import MatterState
from linli.campaigns.views import showing
from linli.cases import selectors as cases
from linli.kernel import clock, events, qr
from linli.kernel.errors import NotFound
from linli.kernel.web import Request, absolute_url, door_of, public


@require_safe
def mine(request: Request) -> HttpResponse:
    """List what I answer for, and what waits for my word."""
    now = clock.now()
    context = {"lines": asked.mine(request.actor, now), "tones": showing.TONES}
    return render(request, "campaigns/field_matters.html", context)


@require_safe
def matter(request: Request, matter_id: UUID) -> HttpResponse:
    """Show one matter with what may be done about it."""
    return _page(request, matter_id)


def _page(request: Request, matter_id: UUID, **forms: Any) -> HttpResponse:
    found, now = asked.get_matter(matter_id, request.actor), clock.now()
    is_desk = door_of(request.path) == "desk"
    may_manage = request.actor.can(access.MANAGE, found.area_path)
    is_raiser = found.raised_by is not None and found.raised_by == request.actor.account_id
    context = {
        "matter": found,
        "line": asked.line_of(found, now),
        "tone": showing.TONES[found.state],
        "may_manage": may_manage,
        "may_show": may_manage or matters.answers_for(found, request.actor),
        "is_raiser": is_raiser,
        "may_check": may_manage and found.written_by not in (None, request.actor.who),
        "case_door": _case_door(found, request, is_desk=is_desk),
        "steps": [(row.happened_at, _WORDS.get(row.name, "")) for row in _steps(found)],
        "door": "desk" if is_desk else "field",
        "base": f"campaigns:{'desk' if is_desk else 'field'}_matter_",
        "urls": _urls(found, is_desk=is_desk),
        "hands_form": forms.get("hands_form") or _hands_form(found),
        "evidence_form": forms.get("evidence_form") or EvidenceForm(),
        "word_form": forms.get("word_form") or WordForm(),
        "written_form": forms.get("written_form") or WrittenForm(prefix="written"),
        "photos": showing.evidence(asked.photos_of(found), is_desk=is_desk),
        "done": showing.done_words(request),
    }
    page = "campaigns/matter.html" if is_desk else "campaigns/field_matter.html"
    return render(request, page, context, status=422 if forms else 200)


def _steps(found: Any) -> list[Any]:
    return list(reversed(events.timeline(found.pk)))


_WORDS = {
    "campaigns.matter.raised": gettext_lazy("列入问题清单"),
    "campaigns.matter.agreed": gettext_lazy("定下责任和时限"),
    "campaigns.matter.shown": gettext_lazy("交了整改结果"),
    "campaigns.matter.written": gettext_lazy("代记了提出人的话"),
    "campaigns.matter.closed": gettext_lazy("销号"),
    "campaigns.matter.returned": gettext_lazy("退回接着整改"),
}
_ACTS = ("agreement", "evidence", "word", "note", "check")


def _urls(found: Any, *, is_desk: bool) -> dict[str, str]:
    door = "desk" if is_desk else "field"
    acts = _ACTS if is_desk else ("evidence", "word")
    return {name: reverse(f"campaigns:{door}_matter_{name}", args=[found.pk]) for name in acts}


def _hands_form(found: Any) -> HandsForm:
    chosen = f"organisation:{found.organisation_id}" if found.organisation_id else ""
    if found.post_id:
        chosen = f"post:{found.post_id}"
    initial = {"target": chosen, "measure": found.measure, "due_on": found.due_on}
    return HandsForm(area_path=found.area_path, initial=initial)


def _case_door(found: Any, request: Request, *, is_desk: bool) -> str:
    if found.case_id is None or not cases.sees(found.case_id, request.actor):
        return ""
    return reverse(f"cases:{'desk' if is_desk else 'field'}_case", args=[found.case_id])


@require_safe
def photo(request: Request, matter_id: UUID, photo_id: UUID, size: str) -> HttpResponseBase:
    """Answer with a photo of a matter that the actor may see."""
    found = asked.get_matter(matter_id, request.actor)
    return showing.file_of(asked.get_photo(found, photo_id), size)


@public
@require_safe
def photo_by_link(request: Request, token: str, photo_id: UUID, size: str) -> HttpResponseBase:
    """Answer with a photo of a matter to who raised it."""
    return showing.file_of(asked.get_photo(asked.get_matter_by_token(token), photo_id), size)


@require_POST
def agreement(request: Request, matter_id: UUID) -> HttpResponse:
    """Write down who answers, what and by when."""
    found = asked.get_matter(matter_id, request.actor)
    form = HandsForm(request.POST, area_path=found.area_path)
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            matters.agree_matter(
                matter_id=matter_id, measure=sent["measure"], due_on=sent["due_on"],
                actor=request.actor, now=clock.now(), **sent["target"],
            )  # fmt: skip
            return _back(request, matter_id, "agreed")
    return _page(request, matter_id, hands_form=form)


@require_POST
def evidence(request: Request, matter_id: UUID) -> HttpResponse:
    """Take what shows that it is done."""
    asked.get_matter(matter_id, request.actor)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        with form.showing_refusals():
            matters.show_matter(
                matter_id=matter_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return _back(request, matter_id, "shown")
    return _page(request, matter_id, evidence_form=form)


@require_POST
def word(request: Request, matter_id: UUID) -> HttpResponse:
    """Take the word of who raised it and is signed in."""
    asked.get_matter(matter_id, request.actor)
    form = WordForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            found = matters.say_word(
                matter_id=matter_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return _back(request, matter_id, _said(found))
    return _page(request, matter_id, word_form=form)


@require_POST
def note(request: Request, matter_id: UUID) -> HttpResponse:
    """Take down the word of somebody without account or phone."""
    asked.get_matter(matter_id, request.actor)
    form = WrittenForm(request.POST, prefix="written")
    if form.is_valid():
        with form.showing_refusals():
            found = matters.write_word(
                matter_id=matter_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return _back(request, matter_id, _said(found))
    return _page(request, matter_id, written_form=form)


def _said(found: Any) -> str:
    if found.state == MatterState.CLOSED:
        return "closed"
    return "written" if found.state == MatterState.SHOWN else "returned"


@require_POST
def check(request: Request, matter_id: UUID) -> HttpResponse:
    """Close it on a word that a colleague wrote down."""
    matters.check_word(matter_id=matter_id, actor=request.actor, now=clock.now())
    return _back(request, matter_id, "closed")


@require_safe
def slip(request: Request, matter_id: UUID) -> HttpResponse:
    """Show the link for who raised it, for paper."""
    found = asked.get_matter(matter_id, request.actor)
    request.actor.require(access.MANAGE, found.area_path)
    if not found.raised_name:
        raise NotFound(_("提出的人自己登录或者在工单里说，不用链接。"))
    request.community = found.community
    token = asked.token_of(found, request.tenant.code)
    link = absolute_url(request, reverse("campaigns:word", args=[token]))
    context = {
        "matter": found,
        "line": asked.line_of(found, clock.now()),
        "code": qr.svg(link, _("说改好了没有")),
    }
    return render(request, "campaigns/matter_slip.html", context)


def _back(request: Request, matter_id: UUID, done: str) -> HttpResponse:
    door = "desk" if door_of(request.path) == "desk" else "field"
    address = reverse(f"campaigns:{door}_matter", args=[matter_id])
    return HttpResponseRedirect(f"{address}?done={done}")


# The page of who raised it, behind a secret link


@public
@require_safe
def by_link(request: Request, token: str) -> HttpResponse:
    """Ask whoever raised a matter whether it is done."""
    return _link_page(request, token, WordForm())


@public
@require_POST
def said_by_link(request: Request, token: str) -> HttpResponse:
    """Take the word of whoever has the link."""
    form = WordForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            matters.say_word_by_link(token=token, now=clock.now(), **form.cleaned_data)
            address = reverse("campaigns:word", args=[token])
            return HttpResponseRedirect(f"{address}?done=1")
    return _link_page(request, token, form)


def _link_page(request: Request, token: str, form: WordForm) -> HttpResponse:
    found = asked.get_matter_by_token(token)
    request.community = found.community
    context = {
        "matter": found,
        "line": asked.line_of(found, clock.now()),
        "form": form,
        "token": token,
        "photos": showing.evidence_by_link(asked.photos_of(found), token),
        "is_asked": found.state == MatterState.SHOWN,
        "is_done": request.GET.get("done") == "1",
    }
    status = 422 if form.errors else 200
    page = render(request, "campaigns/word.html", context, status=status)
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page
