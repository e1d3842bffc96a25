"""A call or a visit becomes a case in under a minute: one dense page, then the receipt."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors
from linli.cases.forms.register import RegisterForm, Spot
from linli.cases.rules import SPOT_LIMIT
from linli.cases.selectors import calls, judging, surroundings
from linli.cases.services import calls as call_services
from linli.cases.services import intake, telling
from linli.kernel import clock, qr, web
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.people import selectors as people
from linli.places import selectors as places

FORM = require_http_methods(["GET", "HEAD", "POST"])
DUTY = "cases.enter"


@FORM
def register(request: Request) -> HttpResponse:
    """Take a call or a visit down; what is nearby or asked is shown before it is sent."""
    form = _form(request, _community(request))
    if request.method == "POST":
        if "follow" in request.POST:
            return _follow(request, form)
        if form.is_valid():
            with form.showing_refusals():
                return _enter(request, form)
    return _page(request, form, status=422 if form.errors else 200)


@require_POST
def look(request: Request) -> HttpResponse:
    """Answer with who called before, what is nearby, and, after a change of category, its questions."""
    form = _form(request, _community(request))
    form.hold_back()
    is_category = request.headers.get("HX-Trigger-Name") == "category"
    context = _seen(request, form) | {"form": form, "with_questions": is_category}
    return render(request, "cases/_register_look.html", context)


@require_safe
def entered(request: Request, case_id: UUID) -> HttpResponse:
    """Show what to tell the caller: number, promise, where to look; and the way to the next call."""
    found = calls.get_entered(case_id, request.actor)
    context = _receipt(request, found) | {"can_open": calls.may_see(case_id, request.actor)}
    return render(request, "cases/register_done.html", context)


@require_safe
def slip(request: Request, case_id: UUID) -> HttpResponse:
    """Show the receipt for paper, in large type."""
    found = calls.get_entered(case_id, request.actor)
    return render(request, "cases/register_slip.html", _receipt(request, found))


def _community(request: Request) -> Any:
    """Return the community for which something is taken down: the asked one, or the first.

    Errors: NotFound for whoever takes nothing down.
    """
    found = communities(request)
    if not found:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    asked = request.GET.get("community") or request.POST.get("community") or ""
    chosen = next((one for one in found if str(one.pk) == asked), found[0])
    request.community = chosen
    return chosen


def communities(request: Request) -> list[Any]:
    """Return the communities where the actor takes calls down; a grid's worker, those of the grid."""
    scopes = request.actor.scopes(DUTY)
    found = list(places.communities_of(scopes)) if scopes else []
    above = (places.community_of_path(scope) for scope in scopes if scope and not found)
    return found or list({one.pk: one for one in above if one is not None}.values())


def _form(request: Request, community: Any) -> RegisterForm:
    categories = selectors.active_categories()
    questions = {one.code: selectors.questions_of(one.pk) for one in _chosen(request, categories)}
    form = RegisterForm(
        request.POST or None,
        request.FILES or None,
        categories=categories,
        questions=questions,
        spots=_spots(community),
        initial={"phone": "", "source": "phone"},
    )
    form.community = community  # type: ignore[attr-defined]
    return form


def _chosen(request: Request, categories: Any) -> list[Any]:
    return [one for one in categories if one.code == request.POST.get("category")]


def _spots(community: Any) -> list[Spot]:
    buildings: dict[UUID | None, list[Spot]] = {}
    names = {one.pk: one.name for one in places.estates_of(community.pk)}
    for one in places.buildings_of(community.pk):
        label = f"{names[one.estate_id]} {one.name}" if one.estate_id in names else one.name
        spot = Spot(label=label, estate_id=one.estate_id, building_id=one.pk)
        buildings.setdefault(one.estate_id, []).append(spot)
    found = buildings.pop(None, [])
    for estate_id, name in names.items():
        found += [Spot(label=name, estate_id=estate_id), *buildings.get(estate_id, ())]
    return found


def _where(form: RegisterForm) -> tuple[places.Where, str]:
    """Return the place that was said, down to the entrance when its name was said too, and the rest."""
    spot, rest = form.where
    entrance_id = None
    if spot is not None and spot.building_id and rest:
        entrance_id, rest = _entrance(spot.building_id, rest)
    where = places.where_of(
        community_id=form.community.pk,  # type: ignore[attr-defined]
        estate_id=spot.estate_id if spot else None,
        building_id=spot.building_id if spot else None,
        entrance_id=entrance_id,
    )
    said = (rest, str(form["spot"].value() or "").strip())
    return where, " ".join(part for part in said if part)


def _entrance(building_id: UUID, rest: str) -> tuple[UUID | None, str]:
    for one in places.entrances_of(building_id):
        name = one.name.replace(" ", "").lower()
        if rest.startswith(name):
            return one.pk, rest[len(name) :]
    return None, rest


def _seen(request: Request, form: RegisterForm) -> dict[str, Any]:
    """Return who called before and what is open nearby, as far as the form tells yet."""
    category, now = form.categories.get(form.chosen), clock.now()
    spot, _rest = form.where
    near = []
    if category is not None and spot is not None:
        near = surroundings.nearby(where=_where(form)[0], category_id=category.pk, now=now)
    phone = str(form["phone"].value() or "")
    return {
        "alike": _alike(form, category),
        "caller": calls.caller_of(phone, request.actor) if phone else None,
        "near": near,
        "category": category,
        "mark": form.mark,
        "now": now,
    }


def _alike(form: RegisterForm, category: Any) -> Any:
    """Return the category that the words speak for, when it is another one than was chosen."""
    text = str(form["text"].value() or "")
    suggested = judging.suggest(text, form.categories) if text else None
    if suggested is None or not suggested.is_sure:
        return None
    code, chance = suggested.codes[0]
    first = judging.as_suggestions(
        [(code, round(chance * 1000))], category.pk if category else None
    )
    return first[0] if first and not first[0].is_current else None


def _page(request: Request, form: RegisterForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "communities": communities(request),
        "place": form.community,  # type: ignore[attr-defined]
        **_seen(request, form),
        **more,
    }
    return render(request, "cases/register.html", context, status=status)


def _enter(request: Request, form: RegisterForm) -> HttpResponse:
    """Take it down; first shown once more when something nearby was not looked at yet."""
    sent, now = form.cleaned_data, clock.now()
    where, spot = _where(form)
    if not request.actor.can(DUTY, where.area_path):
        form.add_error("place", _("这个地方归别的岗位登记，换一个地点，或转给社区受理岗。"))
        return _page(request, form, status=422)
    if len(spot) > SPOT_LIMIT:
        words = _("楼栋后面写的和具体位置合起来 %(have)s 字，最多 %(most)s 字，写短一点。")
        form.add_error("spot", words % {"have": len(spot), "most": SPOT_LIMIT})
        return _page(request, form, status=422)
    category = form.categories[form.chosen]
    near = surroundings.nearby(where=where, category_id=category.pk, now=now)
    if near and sent["looked"] != form.mark:
        return _page(request, form, look_first=True)
    case, _is_new = intake.enter_case(
        report=_report(form, category_id=category.pk, where=where, spot=spot),
        photos=sent["photos"],
        actor=request.actor,
        now=now,
    )
    return HttpResponseRedirect(reverse("cases:entered", args=[case.pk]))


def _report(
    form: RegisterForm, *, category_id: UUID, where: places.Where, spot: str
) -> intake.Report:
    sent = form.cleaned_data
    return intake.Report(
        category_id=category_id,
        where=where,
        spot=spot,
        answers=form.answers(),
        key=str(sent["key"]),
        **{
            name: sent[name] for name in ("text", "source", "name", "phone", "address", "is_urgent")
        },
    )


def _follow(request: Request, form: RegisterForm) -> HttpResponse:
    """Count the caller in with the case that was chosen."""
    form.is_valid()
    if "phone" in form.errors or form.is_too_long:
        return _page(request, form, status=422)
    try:
        case_id = UUID(request.POST["follow"])
    except ValueError:
        raise NotFound(_("没有找到这件工单。")) from None
    form.hold_back()
    with form.showing_refusals():
        call_services.follow_for_caller(
            case_id=case_id,
            phone=form.cleaned_data.get("phone", ""),
            text=str(form["text"].value() or ""),
            key=str(form.cleaned_data["key"]),
            actor=request.actor,
            now=clock.now(),
        )
        return HttpResponseRedirect(reverse("cases:desk_case", args=[case_id]) + "?done=followed")
    return _page(request, form, status=422)


def _receipt(request: Request, found: Any) -> dict[str, Any]:
    token = telling.token_of(found)
    link = web.absolute_url(request, reverse("cases:progress", args=[token]))
    request.community = found.community
    return {
        "case": found,
        "token": token,
        "link": link,
        "code": qr.svg(link, _("查进度")),
        "promises": intake.promises_of(found.service_level, found.clock_started_at),
        "contact": people.contact_card(found.reporter_id) if found.reporter_id else None,
        "hands": found.handler_post or found.handler_organisation,
        "now": clock.now(),
    }
