"""The desk's whistles: the list, blowing one, all parts on one page, and what is done there."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors
from linli.cases.forms.whistles import NewWhistleForm, WhistleForm
from linli.cases.selectors import arbitrations, whistles
from linli.cases.services import intake, whistling
from linli.cases.views import showing
from linli.cases.views import whistle_showing as shown
from linli.cases.views.choices import choices_for
from linli.cases.views.register import communities
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.ids import new_id
from linli.kernel.web import Request
from linli.places import selectors as places

FORM = require_http_methods(["GET", "HEAD", "POST"])


# What an empty list says: what is missing, and what will stand here.
_NOTHING = {
    "": gettext_lazy("没有在办的吹哨。一件事要几家一起办，点“吹哨”叫上牵头和协办的单位。"),
    "waiting": gettext_lazy("没有等我们的吹哨。有部门超时，或者叫到我们单位，会列在这里。"),
    "late": gettext_lazy("没有超时的。哪家过了约定还没报到、到场或办结，会列在这里。"),
    "all": gettext_lazy("还没有吹过哨。办完和撤回的也会留在这里。"),
}


@require_safe
def whistle_list(request: Request) -> HttpResponse:
    """List the whistles that the actor may see: open ones, late ones, all."""
    request.actor.require("cases.view")
    show, now = request.GET.get("show", ""), clock.now()
    found = whistles.whistles(request.actor, show)
    count = whistles.waiting_count(request.actor)
    request.nav_counts = {"cases:whistles": count}  # type: ignore[attr-defined]
    context = {
        "rows": [_row(one, now) for one in found],
        "tabs": [
            {"url": url, "label": label, "current": show == name}
            for name, url, label in (
                ("", "?", _("在办")), ("waiting", "?show=waiting", _("等我们的")),
                ("late", "?show=late", _("有超时的")), ("all", "?show=all", _("全部")),
            )
        ],
        "may_whistle": request.actor.can(whistles.DUTY),
        "nothing": _NOTHING.get(show, _NOTHING[""]),
        "now": now,
    }  # fmt: skip
    return render(request, "cases/desk_whistles.html", context)


def _row(whistle: Any, now: Any) -> dict[str, Any]:
    parts = sorted(whistle.parts.all(), key=lambda one: (not one.is_lead, one.pk))
    return {
        "whistle": whistle,
        "tone": shown.WHISTLE_TONES[whistle.state],
        "parts": [
            {
                "name": part.organisation.name,
                "is_lead": part.is_lead,
                "tone": shown.STATE_TONES[part.state],
                "word": part.get_state_display(),
                "is_late": whistles.late_since(part, now),
            }
            for part in parts
        ],
    }


@FORM
def blow(request: Request, case_id: UUID) -> HttpResponse:
    """Whistle on a case: who leads, who assists, for what, how soon."""
    case = selectors.get_case(case_id, request.actor)
    request.actor.require(whistles.DUTY, case.area_path)
    open_one = whistles.open_whistle_of(case.pk)
    if open_one is not None and request.method != "POST":
        return HttpResponseRedirect(reverse("cases:desk_whistle", args=[open_one.pk]))
    plan = whistles.whistle_plans().get(case.category.code)
    form = WhistleForm(
        request.POST or None,
        initial={"version": case.version, **_planned(plan, case)},
        **_choices(case.area_path),
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            blown = whistling.blow_whistle(
                case_id=case.pk, call=whistling.Call(**form.call()), actor=request.actor,
                now=clock.now(), version=form.cleaned_data["version"],
            )  # fmt: skip
            return _to(blown, "blown")
    context = {"form": form, "case": showing.dress([case])[0], "has_plan": plan is not None}
    status = 422 if form.errors else 200
    return render(request, "cases/desk_whistle_new.html", context, status=status)


def _planned(plan: Any, case: Any) -> dict[str, Any]:
    urgent = next((one.code for one in whistles.whistle_limits() if one.is_urgent), "")
    first = whistles.whistle_limits()[0].code
    usual = {"limit_code": urgent if case is not None and case.is_urgent and urgent else first}
    if plan is None:
        return usual
    chosen = {
        "lead": str(plan.lead_id or ""),
        "assisting": [str(one) for one in plan.assisting],
    }
    return {**usual, **chosen, **({"limit_code": plan.limit_code} if plan.limit_code else {})}


def _choices(area_path: str) -> dict[str, Any]:
    limits = [(one.code, one.name) for one in whistles.whistle_limits()]
    return {"organisations": whistles.organisation_choices(area_path), "limits": limits}


@FORM
def blow_new(request: Request) -> HttpResponse:
    """Whistle about something that nobody has reported."""
    request.actor.require(whistles.DUTY)
    community = _community(request)
    form = NewWhistleForm(
        request.POST or None,
        request.FILES or None,
        initial={"key": new_id(), **_planned(None, None)},
        categories=selectors.active_categories(),
        buildings=choices_for(_Place(community), with_buildings=True)["building_id"],
        **_choices(community.path),
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            blown = whistling.blow_on_new(
                report=_report(form.cleaned_data, community),
                photos=form.cleaned_data["photos"],
                call=whistling.Call(**form.call()),
                actor=request.actor,
                now=clock.now(),
            )
            return _to(blown, "blown")
    context = {"form": form, "case": None, "has_plan": False}
    status = 422 if form.errors else 200
    return render(request, "cases/desk_whistle_new.html", context, status=status)


class _Place:
    """What the list of buildings is asked for, where there is no case yet."""

    def __init__(self, community: Any) -> None:
        self.community_id, self.area_path = community.pk, community.path
        self.place_label = community.name


def _community(request: Request) -> Any:
    found = communities(request)
    if not found:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    asked = request.GET.get("community", "")
    return next((one for one in found if str(one.pk) == asked), found[0])


def _report(sent: dict[str, Any], community: Any) -> intake.Report:
    building_id = UUID(sent["building_id"]) if sent["building_id"] else None
    return intake.Report(
        category_id=sent["category_id"],
        text=sent["text"],
        where=places.where_of(community_id=community.pk, building_id=building_id),
        source=selectors.Source.WHISTLE,
        spot=sent["spot"],
        key=str(sent["key"]),
    )


def _to(whistle: Any, done: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('cases:desk_whistle', args=[whistle.pk])}?done={done}")


@require_safe
def whistle(request: Request, whistle_id: UUID) -> HttpResponse:
    """Show one whistle: every part with its three steps, and all of it on one timeline."""
    return page(request, whistle_id)


def page(
    request: Request,
    whistle_id: UUID,
    *,
    refused: Any = None,
    opened: str = "",
    of_part: UUID | None = None,
) -> HttpResponse:
    """Draw the desk's page of a whistle; a refused form stands open where it was sent from."""
    found, now = whistles.get_whistle(whistle_id, request.actor), clock.now()
    parts = whistles.parts_of(found.pk)
    may_whistle = request.actor.can(whistles.DUTY, found.area_path)
    for part in parts:
        part.whistle = found
    lines = shown.lines(parts, now, "desk")
    for line in lines:
        own = refused if line["part"].pk == of_part else None
        line["offers"] = _part_offers(
            request, line["part"], parts, may_whistle=may_whistle, refused=own, opened=opened
        )
    names = list(shown.WHISTLE_ACTIONS) if may_whistle and found.state == "open" else []
    leads = any(part.is_lead and whistles.is_mine(part, request.actor) for part in parts)
    if leads and found.state == "open" and not names:
        names = ["close", "more"]
    is_waiting = bool(shown.unfinished(parts, request.actor))
    context = {
        "whistle": found,
        "case": found.case,
        "tone": shown.WHISTLE_TONES[found.state],
        "lines": lines,
        "offers": [
            shown.offer(
                shown.whistle_action(name, is_waiting=is_waiting), request,
                reverse("cases:desk_whistle_act", args=[found.pk, name]), found.version,
                refused=refused if of_part is None and opened == name else None,
                **shown.form_facts(name, found, parts, request.actor),
            )
            for name in names
        ],
        "sees_case": whistles.sees_case(found, request.actor),
        "title": shown.title_of(found.case, may_see_all=may_whistle or leads),
        "words": shown.words_of(found.case, may_see_all=may_whistle or leads),
        "photos": shown.report_photos(found.case, "desk"),
        "questions": [one for one in arbitrations.of_case(found.case_id) if one.part_id],
        "entries": shown.entries(found, "desk"),
        "done": _done(request),
        "now": now,
    }  # fmt: skip
    return render(request, "cases/desk_whistle.html", context, status=422 if refused else 200)


def _part_offers(
    request: Request, part: Any, parts: list[Any], *, may_whistle: bool, refused: Any, opened: str
) -> list[dict[str, Any]]:
    """Return what the desk may do for a part: a department that telephones is reported in here too."""
    is_mine = whistles.is_mine(part, request.actor)
    names = shown.part_offers(part, is_mine=is_mine, may_whistle=may_whistle)
    return [
        shown.offer(
            shown.action_for(name, is_mine=is_mine), request,
            reverse("cases:desk_part_act", args=[part.pk, name]), part.version,
            refused=refused if opened == name else None,
            **shown.form_facts(name, part.whistle, parts, request.actor),
        )
        for name in names
        if name != "close"
    ]  # fmt: skip


def _done(request: Request) -> Any:
    done = request.GET.get("done", "")
    if done == "blown":
        return _("已吹哨，各部门都会收到。")
    action = shown.PART_ACTIONS.get(done) or shown.WHISTLE_ACTIONS.get(done)
    return action.done if action else ""


@require_POST
def act(request: Request, whistle_id: UUID, action: str) -> HttpResponse:
    """Do one thing to a whistle."""
    chosen = shown.WHISTLE_ACTIONS.get(action)
    if chosen is None:
        raise NotFound(_("没有这个操作。"))
    found = whistles.get_whistle(whistle_id, request.actor)
    facts = shown.form_facts(action, found, whistles.parts_of(found.pk), request.actor)
    form = chosen.form(request.POST, request.FILES, auto_id=f"{action}_%s", **facts)
    if form.is_valid():
        with form.showing_refusals():
            sent = dict(form.cleaned_data)
            sent.pop("version", None)
            if action == "close":
                sent = shown.missing_of(form, sent)
            chosen.run(whistle_id=found.pk, actor=request.actor, now=clock.now(), **sent)
            return _to(found, action)
    return page(request, whistle_id, refused=form, opened=action)
