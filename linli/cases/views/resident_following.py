"""The page of somebody who met the same thing: how it goes, without the reporter's words; their own
answer, and the way out.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors
from linli.cases.forms.reporter import AdditionForm, RatingForm
from linli.cases.selectors import followers, progress
from linli.cases.services import following as services
from linli.cases.views import resident_ground as ground
from linli.cases.views.resident_case import STAGES, file_answer, lost_words
from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.errors import DomainError
from linli.kernel.web import absolute_url, public

_DONE = {
    "followed": gettext_lazy("记下了，您也遇到了这件事。遇到的人越多，社区越先办。"),
    "added": gettext_lazy("已补充，处理的人看得到。"),
    "urged": gettext_lazy("已帮您催了，承办人和社区都收到了。"),
    "rated": gettext_lazy("谢谢您的评价。"),
}


def _follower_of(request: Any, token: str) -> Any:
    follower = selectors.get_follower(token)
    request.community = follower.case.community
    return follower


@public
@require_safe
def show(request: Any, token: str) -> HttpResponseBase:
    return _show(request, _follower_of(request, token), token)


def _show(
    request: Any, follower: Any, token: str, *, status: int = 200, **forms: Any
) -> HttpResponseBase:
    now, case = clock.now(), follower.case
    again_at = progress.urge_again_at(case)
    can_rate = followers.can_rate(follower, now)
    at = f"{request.tenant.code}-{case.community.code}"
    context = {
        "case": case,
        "follower": follower,
        "number": followers.number_of(follower),
        "token": token,
        "hero": followers.progress_of(follower, now),
        "hands": progress.hands_of(case),
        "entries": _entries(follower, token),
        "addition": forms.get("addition") or AdditionForm(),
        "rating": forms.get("rating") or RatingForm(),
        "can_rate": can_rate,
        "lost": lost_words(forms, can_rate=can_rate, can_add=case.is_open),
        "can_urge": case.is_open and (again_at is None or now >= again_at),
        "urge_again_at": again_at if case.is_open else None,
        "at": at,
        "draft": f"report:{at}" if request.GET.get("done") == "followed" else "",
        "link": absolute_url(request, reverse("cases:following", args=[token])),
        "done": _DONE.get(request.GET.get("done", ""), ""),
    }
    page = render(request, "cases/resident_following.html", context, status=status)
    return ground.private(page)


def _entries(follower: Any, token: str) -> list[dict[str, Any]]:
    return [
        {
            "at": line.at,
            "what": line.title,
            "text": line.text,
            "photos": [_photo(photo, token) for photo in line.photos],
            "tone": "late" if line.event_name == "cases.case.late" else "",
        }
        for line in followers.timeline(follower)
    ]


def _photo(photo: Any, token: str) -> dict[str, Any]:
    return {
        "url": reverse("cases:following_photo", args=[token, photo.pk, "full"]),
        "thumb": reverse("cases:following_photo", args=[token, photo.pk, "thumb"]),
        "alt": STAGES.get(photo.stage, _("照片")),
    }


@public
@require_safe
def photo(request: Any, token: str, photo_id: UUID, size: str) -> HttpResponseBase:
    found = followers.get_photo_of(selectors.get_follower(token), photo_id)
    return file_answer(found.thumb_path if size == "thumb" else found.path)


@public
@require_POST
def addition(request: Any, token: str) -> HttpResponseBase:
    follower = _follower_of(request, token)
    form, photos = ground.addition_sent(request, follower.case.community.phone)
    if form.is_valid():
        with form.showing_refusals():
            services.add_as_follower(
                token=token,
                text=form.cleaned_data["text"],
                photos=photos,
                actor=ground.speaker(request),
                now=clock.now(),
            )
            return _back(token, "added")
    return _show(request, follower, token, status=422, addition=form)


@public
@require_POST
def urge(request: Any, token: str) -> HttpResponseBase:
    follower = _follower_of(request, token)
    form = AdditionForm(request.POST)
    form.is_valid()
    with form.showing_refusals():
        services.urge_as_follower(token=token, actor=ground.speaker(request), now=clock.now())
        return _back(token, "urged")
    return _show(request, follower, token, status=422, addition=form)


@public
@require_POST
def rating(request: Any, token: str) -> HttpResponseBase:
    follower = _follower_of(request, token)
    if request.actor.kind is ActorKind.STAFF:
        raise DomainError(_("评价要听居民自己的。请他用自己的手机来评。"))
    form = RatingForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.rate_as_follower(
                token=token,
                is_solved=form.cleaned_data["is_solved"] == "yes",
                satisfaction=int(form.cleaned_data["satisfaction"]),
                comment=form.cleaned_data["comment"],
                actor=ground.speaker(request),
                now=clock.now(),
            )
            return _back(token, "rated")
    return _show(request, follower, token, status=422, rating=form)


@public
@require_http_methods(["GET", "POST"])
def leaving(request: Any, token: str) -> HttpResponseBase:
    follower = _follower_of(request, token)
    context = {
        "case": follower.case,
        "number": followers.number_of(follower),
        "token": token,
        "at": f"{request.tenant.code}-{follower.case.community.code}",
        "is_left": request.method == "POST",
    }
    if request.method == "POST":
        services.leave_case(token=token, actor=ground.speaker(request), now=clock.now())
    return ground.private(render(request, "cases/resident_leaving.html", context))


def _back(token: str, done: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('cases:following', args=[token])}?done={done}")
