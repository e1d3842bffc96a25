"""The field's pages of cases: the list of my grid, and reporting what I meet on my round."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.cases import selectors
from linli.cases.forms.field import CommunityForm, ListForm, PatrolForm
from linli.cases.forms.resident import CONSENT_VERSION
from linli.cases.selectors import Source, hands
from linli.cases.selectors import queue as queues
from linli.cases.selectors.conditions import Question
from linli.cases.selectors.ground import Ground, communities_of, ground_of
from linli.cases.services.intake import Report
from linli.cases.services.patrol import report_on_patrol, settle_on_the_spot
from linli.cases.views.case import done_words
from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request

_DUES = (
    ("", gettext_lazy("在办")),
    ("late", gettext_lazy("已超时")),
    ("today", gettext_lazy("今天到期")),
)


@require_GET
def cases(request: Request) -> HttpResponse:
    """Show the open cases of my grid by promise; of those who have none, what is in their hands."""
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
    now, form = clock.now(), ListForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    question = Question(
        words=asked.get("q") or "", due=asked.get("due") or "", after=asked.get("after") or ""
    )
    page = queues.queue(question, request.actor, now)
    context = {
        "tasks": hands.tasks_of(queues.cases_of(page), now),
        "next_after": page.next_after,
        "question": question,
        "dues": [(value, label, value == question.due) for value, label in _DUES],
        "is_mine_only": not request.actor.can("cases.view"),
        "done": done_words(request),
        "now": now,
    }
    return render(request, "cases/field_list.html", context)


@require_http_methods(["GET", "POST"])
def report(request: Request) -> HttpResponse:
    """Take a quick report down: category, words, photos, place; the same key makes one case."""
    found = communities_of(request.actor)
    if not found:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    community = _chosen(request, found)
    if community is None:
        choice = CommunityForm(request.GET or None, communities=found)
        return render(request, "cases/field_community.html", {"form": choice})
    ground = ground_of(request.actor, community)
    categories = selectors.active_categories()
    questions = {str(one.pk): selectors.questions_of(one.pk) for one in categories}
    facts: dict[str, Any] = {
        "categories": categories,
        "places": ground.choices,
        "questions": questions,
    }
    if request.method == "GET":
        return _form_page(request, PatrolForm(**facts), community)
    form = PatrolForm(request.POST, request.FILES, **facts)
    if form.must_ask():
        return _form_page(request, form, community, is_asking=True)
    if form.is_valid():
        with form.showing_refusals():
            case = _send(request, form, ground)
            return HttpResponseRedirect(_after(request, case))
    return _form_page(request, form, community)


def _form_page(
    request: Request, form: PatrolForm, community: Any, *, is_asking: bool = False
) -> HttpResponse:
    """Show the form: fresh, refused, or once more with what the chosen category asks."""
    if is_asking:
        form.hold_back()
    if (form.errors or is_asking) and any(request.FILES.values()):
        form.add_error(None, _("照片没能留下，发之前再拍一次。"))
    context = {
        "form": form,
        "community": community,
        "draft": f"patrol:{community.pk}",
        "is_asking": is_asking,
        "asking": form.asking,
        "chosen": form.chosen,
        "page": "" if form.is_bound else "all",
    }
    return render(request, "cases/field_report.html", context, status=422 if form.errors else 200)


def _send(request: Request, form: PatrolForm, ground: Ground) -> Any:
    sent, now = form.cleaned_data, clock.now()
    where = ground.where(place=sent["place"], code=sent["code"], lat=sent["lat"], lon=sent["lon"])
    report = Report(
        category_id=sent["category"],
        text=sent["text"],
        where=where,
        source=Source.PATROL,
        spot=sent["spot"],
        is_urgent=sent["is_urgent"],
        answers=form.answers(),
        name=sent["name"],
        phone=sent["phone"],
        consent_version=CONSENT_VERSION if sent["phone"] or sent["name"] else "",
        key=str(sent["key"]),
    )
    facts = {"report": report, "photos": sent["photos"], "actor": request.actor, "now": now}
    if sent["is_settled"]:
        return settle_on_the_spot(**facts, result=sent["result"], after=sent["after"])
    return report_on_patrol(**facts)[0]


def _after(request: Request, case: Any) -> str:
    """Return the case, or the list when somebody else's eyes are for it alone."""
    try:
        selectors.get_case(case.pk, request.actor)
    except NotFound:
        return reverse("cases:field_list") + "?done=handed-on"
    done = "settled" if case.state == "resolved" else "reported"
    return reverse("cases:field_case", args=[case.pk]) + f"?done={done}"


def _chosen(request: Request, communities: list[Any]) -> Any:
    if len(communities) == 1:
        return communities[0]
    asked = request.POST.get("community") or request.GET.get("community") or ""
    return next((one for one in communities if str(one.pk) == str(_id(asked))), None)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
