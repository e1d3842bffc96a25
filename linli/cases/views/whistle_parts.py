"""One part of a whistle, on a phone and at the desk: report in, arrive, finish, close, refuse, rate."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.selectors import whistles
from linli.cases.services.whistle_parts import Here
from linli.cases.views import showing
from linli.cases.views import whistle_showing as shown
from linli.cases.views.whistles import page as desk_page
from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request


@require_safe
def part_list(request: Request) -> HttpResponse:
    """List the parts that the actor's organisations owe something for, by promise."""
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
    now = clock.now()
    lines = shown.lines(whistles.my_parts(request.actor), now, "field")
    for line in lines:
        case = line["part"].whistle.case
        line["title"] = shown.title_of(case, may_see_all=line["part"].is_lead)
    return render(request, "cases/field_whistles.html", {"lines": lines, "now": now})


@require_safe
def part(request: Request, part_id: UUID) -> HttpResponse:
    """Show one part on a phone: what to do, where, with whom."""
    return _page(request, part_id)


@require_http_methods(["GET", "POST"])
def act(request: Request, part_id: UUID, action: str) -> HttpResponse:
    """Do one thing with a part, at the door where one is; a refused form stands open again."""
    chosen = shown.PART_ACTIONS.get(action)
    if chosen is None:
        raise NotFound(_("没有这个操作。"))
    found = whistles.get_part(part_id, request.actor)
    if request.method == "GET":
        return HttpResponseRedirect(f"{_home(request, found)}?act={action}#act-{action}")
    facts = shown.form_facts(
        action, found.whistle, whistles.parts_of(found.whistle_id), request.actor
    )
    form = chosen.form(request.POST, request.FILES, auto_id=f"{action}_%s", **facts)
    if form.is_valid():
        with form.showing_refusals():
            chosen.run(**_sent(action, form, found), actor=request.actor, now=clock.now())
            return HttpResponseRedirect(f"{_home(request, found)}?done={action}")
    if request.path.startswith("/desk/"):
        return desk_page(request, found.whistle_id, refused=form, opened=action, of_part=found.pk)
    return _page(request, part_id, refused=form, opened=action)


def _sent(action: str, form: Any, found: Any) -> dict[str, Any]:
    """Return what a form sent as its service takes it."""
    sent = dict(form.cleaned_data)
    sent.pop("version", None)
    if action == "close":
        return shown.missing_of(form, sent) | {"whistle_id": found.whistle_id}
    if action == "report":
        return {"part_id": found.pk, "here": Here(**sent)}
    return sent | {"part_id": found.pk}


def _home(request: Request, found: Any) -> str:
    if request.path.startswith("/desk/"):
        return reverse("cases:desk_whistle", args=[found.whistle_id])
    return reverse("cases:field_whistle", args=[found.pk])


def _page(
    request: Request, part_id: UUID, *, refused: Any = None, opened: str = ""
) -> HttpResponse:
    found, now = whistles.get_part(part_id, request.actor), clock.now()
    parts = whistles.parts_of(found.whistle_id)
    is_mine = whistles.is_mine(found, request.actor)
    may_whistle = request.actor.can(whistles.DUTY, found.whistle.area_path)
    sees_all = may_whistle or (found.is_lead and is_mine)
    names = shown.part_offers(found, is_mine=is_mine, may_whistle=may_whistle)
    lines = shown.lines(parts, now, "field")
    context = {
        "part": found,
        "whistle": found.whistle,
        "case": found.whistle.case,
        "own": next(line for line in lines if line["part"].pk == found.pk),
        "others": [line for line in lines if line["part"].pk != found.pk],
        "offers": [
            shown.offer(
                shown.PART_ACTIONS[name], request,
                reverse("cases:field_part_act", args=[found.pk, name]), found.version,
                refused=refused if opened == name else None,
                **shown.form_facts(name, found.whistle, parts, request.actor),
            )
            for name in names
        ],
        "sees_case": whistles.sees_case(found.whistle, request.actor),
        "title": shown.title_of(found.whistle.case, may_see_all=sees_all),
        "words": shown.words_of(found.whistle.case, may_see_all=sees_all),
        "photos": shown.report_photos(found.whistle.case, "field"),
        "entries": shown.entries(found.whistle, "field"),
        "done": _done(request),
        "now": now,
    }  # fmt: skip
    first = True
    for offer in context["offers"]:
        # On a phone one button stands out: the next thing to do.
        offer["is_primary"] = offer["is_primary"] and first
        first = first and not offer["is_primary"]
    return render(request, "cases/field_whistle.html", context, status=422 if refused else 200)


def _done(request: Request) -> Any:
    action = shown.PART_ACTIONS.get(request.GET.get("done", ""))
    return action.done if action else ""


@require_safe
def photo(request: Request, photo_id: UUID, size: str) -> HttpResponse:
    """Answer with a photo of a part, or of the report, for those who were called."""
    case_id = whistles.case_of_photo(photo_id, request.actor)
    return showing.photo_answer(photo_id, case_id, size)  # type: ignore[return-value]
