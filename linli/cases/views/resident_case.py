"""The reporter's own case behind its secret link: receipt, progress, photos, and what they say."""

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors
from linli.cases.forms.reporter import AdditionForm, RatingForm, WordsForm
from linli.cases.selectors import mine, progress, reading
from linli.cases.services import closing, intake
from linli.cases.views import resident_ground as ground
from linli.kernel import clock, qr
from linli.kernel.actor import ActorKind
from linli.kernel.errors import DomainError, NotFound
from linli.kernel.web import absolute_url, public

STAGES = {
    "report": gettext_lazy("上报时的照片"),
    "addition": gettext_lazy("补充的照片"),
    "before": gettext_lazy("处理前"),
    "after": gettext_lazy("处理后"),
}


def _case_of(request: Any, token: str) -> Any:
    case = selectors.get_by_token(token)
    request.community = case.community
    return case


@public
@require_safe
def receipt(request: Any, token: str) -> HttpResponseBase:
    case = _case_of(request, token)
    link = absolute_url(request, reverse("cases:progress", args=[token]))
    promises = intake.promises_of(case.service_level, case.clock_started_at)
    at = f"{request.tenant.code}-{case.community.code}"
    context = {
        "case": case,
        "token": token,
        "link": link,
        "code": qr.svg(link, _("这件事的进度页")),
        "promises": promises,
        "is_as_promised": promises.resolve.due_at == case.resolve_due_at,
        "has_phone": bool(case.reporter and case.reporter.phone_tail),
        "drafts": [f"report:{at}", f"snap:{at}"],
        "at": at,
    }
    return ground.private(render(request, "cases/resident_receipt.html", context))


@public
@require_safe
def show(request: Any, token: str) -> HttpResponseBase:
    return _show(request, _case_of(request, token), token)


def _show(
    request: Any, case: Any, token: str, *, status: int = 200, **forms: Any
) -> HttpResponseBase:
    now = clock.now()
    ends_at = progress.rating_ends_at(case)
    again_at = progress.urge_again_at(case)
    is_here = case.reporter_left_at is None
    can_rate = is_here and ends_at is not None and (case.state == "resolved" or now <= ends_at)
    context = {
        "case": case,
        "token": token,
        "now": now,
        "hero": progress.progress_of(case, now),
        "hands": progress.hands_of(case),
        "entries": _entries(case, token),
        "addition": forms.get("addition") or AdditionForm(),
        "rating": forms.get("rating") or RatingForm(),
        "is_here": is_here,
        "can_rate": can_rate,
        "lost": lost_words(forms, can_rate=can_rate, can_add=is_here and case.is_open),
        "can_urge": case.is_open and (again_at is None or now >= again_at),
        "urge_again_at": again_at if case.is_open else None,
        "at": f"{request.tenant.code}-{case.community.code}",
        "link": absolute_url(request, reverse("cases:progress", args=[token])),
        "done": _DONE.get(request.GET.get("done", ""), ""),
    }
    return ground.private(render(request, "cases/resident_progress.html", context, status=status))


def lost_words(forms: dict[str, Any], *, can_rate: bool, can_add: bool) -> dict[str, Any] | None:
    """Return a refused form that has no place on the page any more, so that no word gets lost."""
    shown = {"rating": can_rate, "addition": can_add}
    for name, form in forms.items():
        if not shown[name]:
            words = str(form["comment" if name == "rating" else "text"].value() or "")
            errors = [message for _id, message in form.error_summary()]
            return {"label": _LOST[name], "errors": errors, "words": words}
    return None


_LOST = {"rating": gettext_lazy("评价"), "addition": gettext_lazy("补充")}


def _entries(case: Any, token: str) -> list[dict[str, Any]]:
    return [
        {
            "at": line.at,
            "what": line.title,
            "text": line.text,
            "photos": [_photo(photo, token) for photo in line.photos],
            "tone": "late" if line.event_name == "cases.case.late" else "",
        }
        for line in reading.timeline(case, for_staff=False)
    ]


def _photo(photo: Any, token: str) -> dict[str, Any]:
    return {
        "url": reverse("cases:own_photo", args=[token, photo.pk]),
        "thumb": reverse("cases:own_thumb", args=[token, photo.pk]),
        "alt": STAGES.get(photo.stage, _("照片")),
    }


@public
@require_safe
def photo(request: Any, token: str, photo_id: UUID) -> HttpResponseBase:
    return file_answer(mine.get_photo_of(selectors.get_by_token(token), photo_id).path)


@public
@require_safe
def thumb(request: Any, token: str, photo_id: UUID) -> HttpResponseBase:
    return file_answer(mine.get_photo_of(selectors.get_by_token(token), photo_id).thumb_path)


def file_answer(path: str) -> HttpResponseBase:
    """Answer with the file of a photo that the asker may see. Errors: NotFound."""
    try:
        with default_storage.open(path) as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise NotFound(_("这张照片的文件不在了。")) from None
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Disposition"] = "inline"
    return response


# What the reporter does

_DONE = {
    "added": gettext_lazy("已补充，处理的人看得到。"),
    "urged": gettext_lazy("已帮您催了，承办人和社区都收到了。"),
    "rated": gettext_lazy("谢谢您的评价。"),
    "reopened": gettext_lazy("知道了。已经交到上一级重办，会有人接着管。"),
    "withdrawn": gettext_lazy("已撤回。"),
}


@public
@require_POST
def addition(request: Any, token: str) -> HttpResponseBase:
    case = _case_of(request, token)
    form, photos = ground.addition_sent(request, case.community.phone)
    if form.is_valid():
        with form.showing_refusals():
            closing.add_to_case(
                token=token,
                text=form.cleaned_data["text"],
                photos=photos,
                actor=ground.speaker(request),
                now=clock.now(),
            )
            return _back(token, "added")
    return _show(request, case, token, status=422, addition=form)


@public
@require_POST
def urge(request: Any, token: str) -> HttpResponseBase:
    case = _case_of(request, token)
    form = WordsForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            closing.urge_case(
                token=token,
                text=form.cleaned_data["text"],
                actor=ground.speaker(request),
                now=clock.now(),
            )
            return _back(token, "urged")
    addition = AdditionForm(request.POST)
    addition.is_valid()
    for message in [str(one) for errors in form.errors.values() for one in errors]:
        addition.add_error(None, message)
    return _show(request, case, token, status=422, addition=addition)


@public
@require_http_methods(["GET", "POST"])
def withdrawal(request: Any, token: str) -> HttpResponseBase:
    case = _case_of(request, token)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.showing_refusals():
            closing.withdraw_case(
                token=token,
                text=form.cleaned_data["text"],
                actor=ground.speaker(request),
                now=clock.now(),
            )
            return _back(token, "withdrawn")
    if not case.is_open:
        raise DomainError(_("这件事已经有结果了，不用再撤回。"))
    context = {"case": case, "token": token, "form": form}
    status = 422 if form.errors else 200
    return ground.private(render(request, "cases/resident_withdrawal.html", context, status=status))


@public
@require_POST
def rating(request: Any, token: str) -> HttpResponseBase:
    case = _case_of(request, token)
    if request.actor.kind is ActorKind.STAFF:
        raise DomainError(_("评价要听反映人自己的。请他扫回执上的码，用自己的手机来评。"))
    form = RatingForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            rated = closing.rate_case(
                token=token,
                is_solved=form.cleaned_data["is_solved"] == "yes",
                satisfaction=int(form.cleaned_data["satisfaction"]),
                comment=form.cleaned_data["comment"],
                actor=ground.speaker(request),
                now=clock.now(),
            )
            return _back(token, "rated" if rated.state == "closed" else "reopened")
    return _show(request, case, token, status=422, rating=form)


def _back(token: str, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('cases:progress', args=[token])}?done={done}")
