"""One case at the desk's and the field's door: what happened, what I may do, and doing it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.cases import selectors
from linli.cases.forms.actions import RevealForm
from linli.cases.selectors import (
    arbitrations,
    chats,
    followers,
    judging,
    reading,
    surroundings,
    whistles,
)
from linli.cases.selectors import followups as calling
from linli.cases.selectors import offers as offering
from linli.cases.views import offered, showing
from linli.cases.views.actions import ACTIONS
from linli.cases.views.choices import choices_for
from linli.kernel import clock, secrets
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.messages import selectors as messages
from linli.people import selectors as people
from linli.people import services as people_services
from linli.posts import selectors as posts

# What else may just have been done.
_DONE = {
    "followed": _lazy("已记为同一件，反映人多了一位。"),
    "reported": _lazy("已上报，编号在下面。办的过程在这里看。"),
    "settled": _lazy("已上报，当场办好，编号在下面。留了电话的会收到评价的链接。"),
    "doubted": _lazy("已记下。"),
    "handed-on": _lazy("已上报。这类事由专门的人办，过程只有他们能看到。"),
}


@require_GET
def case(request: Request, case_id: UUID) -> HttpResponse:
    """Show one case. A form that was refused comes back through `act`."""
    return _page(request, case_id)


@require_http_methods(["GET", "POST"])
def act(request: Request, case_id: UUID, action: str) -> HttpResponse:
    """Do one thing to a case; a form that can't be used comes back with what was typed.

    Whoever comes by the address alone, after signing in again or changing the size of letters, gets
    the case with the form open.
    """
    chosen = ACTIONS.get(action)
    if chosen is None:
        raise NotFound(_("没有这个操作。"))
    now = clock.now()
    found = selectors.get_case(case_id, request.actor)
    if request.method == "GET":
        return HttpResponseRedirect(f"{_home(request, found.pk)}?act={action}#act-{action}")
    form = chosen.form(
        request.POST,
        request.FILES,
        choices=choices_for(found, with_buildings=True) if action in offered.CHOOSING else {},
        auto_id=f"{action}_%s",
        camera=offered.door(request) == "field",
    )
    if form.is_valid():
        # What was typed stays on the page, the message stands at its field.
        with form.showing_refusals():
            chosen.run(case_id=case_id, actor=request.actor, now=now, **form.cleaned_data)
            return HttpResponseRedirect(_back(request, case_id, action))
    return _page(request, case_id, refused=form, opened=action, status=422)


@require_GET
def photo(request: Request, case_id: UUID, photo_id: UUID, size: str) -> HttpResponse:
    """Answer with a photo of a case that the actor may see."""
    found = selectors.get_case(case_id, request.actor)
    return showing.photo_answer(photo_id, found.pk, size)  # type: ignore[return-value]


@require_http_methods(["GET", "POST"])
def reveal(request: Request, case_id: UUID) -> HttpResponse:
    """Show the reporter's contact once, for a purpose that is kept."""
    found = selectors.get_case(case_id, request.actor)
    if request.method == "GET":
        return HttpResponseRedirect(_home(request, found.pk))
    form = RevealForm(request.POST)
    if found.reporter_id is None:
        raise NotFound(_("这件工单没有留联系方式。"))
    if not form.is_valid():
        return _page(request, case_id, reveal_form=form, status=422)
    card = people_services.reveal_contact(
        contact_id=found.reporter_id,
        purpose=form.cleaned_data["purpose"],
        area_path=found.area_path,
        subject_id=found.pk,
        is_allowed=offering.is_in_hands(found, request.actor),
        actor=request.actor,
        now=clock.now(),
    )
    context = {"case": found, "card": card, "back_url": _home(request, found.pk)}
    return render(request, f"cases/{offered.door(request)}_contact.html", context)


def _page(
    request: Request,
    case_id: UUID,
    *,
    refused: Any = None,
    opened: str = "",
    reveal_form: RevealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now, door = clock.now(), offered.door(request)
    found = selectors.get_case(case_id, request.actor)
    asked = reading.asked_suspension(found)
    exclusion = calling.exclusion_of(found) if found.state in offering.COUNTED else None
    names = offering.offers(
        found,
        request.actor,
        is_suspension_asked=asked is not None,
        exclusion=exclusion.state if exclusion else "",
    )
    photo_url, steps = _photo_url(request, found.pk), reading.timeline(found, for_staff=True)
    context = {
        "case": showing.dress([found])[0],
        "entries": showing.entries(steps, photo_url),
        "actions": offered.actions(request, found, names, refused=refused, opened=opened),
        "may_act": bool(names),
        "lost": offered.lost(refused, opened, names),
        "report_photos": showing.photos(reading.report_photos(found), photo_url),
        "exclusion": exclusion,
        "followups": showing.followups(calling.of_case(found)),
        "asked_text": showing.asked_text(asked, reading.asked_extension(found)),
        "done": done_words(request),
        "back": offered.way_back(request),
        "contact": people.contact_card(found.reporter_id) if found.reporter_id else None,
        "may_reveal": _may_reveal(request, found),
        "reveal_form": reveal_form or RevealForm(),
        "reveal_url": offered.address(request, found.pk, "contact"),
        **_together(request, found, steps),
        "now": now,
        **(_for_the_desk(request, found, names) if door == "desk" else {}),
    }
    return render(request, f"cases/{door}_case.html", context, status=status)


def _together(request: Request, found: Any, steps: list[Any]) -> dict[str, Any]:
    """Return the whistles and questions of a case, asked for only where its steps tell of some."""
    names = {line.event_name for line in steps}
    blown = whistles.whistles_of(found) if "cases.whistle.blown" in names else []
    is_open = any(one.state == "open" for one in blown)
    return {
        "whistles": blown,
        "questions": arbitrations.of_case(found.pk) if "cases.arbitration.asked" in names else [],
        "chats": chats.matters_of_case(found) if found.source == "group_chat" else [],
        "may_whistle": not is_open
        and not found.is_confidential
        and found.state in ("reported", "accepted", "assigned", "in_hand")
        and request.actor.can(whistles.DUTY, found.area_path),
    }


def _for_the_desk(request: Request, found: Any, names: list[str]) -> dict[str, Any]:
    """Return what only the desk's page has room for."""
    has_ended = found.state in offering.COUNTED
    return {
        "neighbours": followers.answers_of(found) if has_ended else None,
        "opinion": judging.opinion_of(found, request.actor),
        "may_correct": "correct" in names,
        "may_merge": "merge" in names,
        "similar": showing.dress(surroundings.similar_cases(found, request.actor)),
        "deliveries": messages.deliveries_of_subject(found.pk),
        "receipt_url": _receipt_url(request, found),
        "grid_worker": posts.post_in(
            "grid_worker", area_path=found.area_path, estate_id=found.estate_id
        ),
    }


def _receipt_url(request: Request, found: Any) -> str:
    if not offering.may_print_receipt(found, request.actor):
        return ""
    token = secrets.case_token(request.tenant.code, found.pk, found.link_version)
    return f"/c/{token}/receipt/"


def _may_reveal(request: Request, found: Any) -> bool:
    return offering.is_in_hands(found, request.actor) or request.actor.can(
        "people.reveal", found.area_path
    )


def done_words(request: Request) -> Any:
    """Return what was just done, in the words of its action."""
    done = request.GET.get("done", "")
    return ACTIONS[done].done if done in ACTIONS else _DONE.get(done, "")


def _home(request: Request, case_id: UUID) -> str:
    return reverse(f"cases:{offered.door(request)}_case", args=[case_id])


def _photo_url(request: Request, case_id: UUID) -> showing.PhotoUrl:
    door = offered.door(request)

    def url(photo_id: UUID, size: str) -> str:
        return reverse(f"cases:{door}_photo", args=[case_id, photo_id, size])

    return url


def _back(request: Request, case_id: UUID, action: str) -> str:
    """Return the case, or the list when it has left the actor's sight."""
    try:
        selectors.get_case(case_id, request.actor)
    except NotFound:
        name = "cases:queue" if offered.door(request) == "desk" else "cases:field_list"
        return f"{reverse(name)}?done={action}"
    return f"{_home(request, case_id)}?done={action}"
