"""The words of an area: a list of everything that is told, and an editor with a preview."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.messages import selectors, services
from linli.messages.errors import UnknownMessage
from linli.messages.forms import TemplateForm
from linli.messages.selectors import catalogue
from linli.messages.services import Wording


@require_GET
def templates(request: Request) -> HttpResponse:
    area = selectors.managed_area(request.GET.get("area"), request.actor)
    context = {
        "area": area,
        "areas": selectors.managed_areas(request.actor),
        "rows": catalogue.overview(area.path),
    }
    return render(request, "messages/template_list.html", context)


@require_http_methods(["GET", "POST"])
def template(request: Request, event_name: str, audience: str, channel: str) -> HttpResponse:
    area = selectors.managed_area(request.GET.get("area"), request.actor)
    wording = Wording(
        area_path=area.path, event_name=event_name, audience=audience, channel=channel
    )
    words = _words(wording)
    if request.method == "POST" and request.POST.get("act") == "default":
        services.reset_template(wording=wording, actor=request.actor, now=clock.now())
        return _back(wording)
    initial = {
        "title": words.title, "body": words.body,
        "is_active": words.is_active, "is_urgent": words.is_urgent,
    }  # fmt: skip
    form = TemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form, wording):
        return _back(wording)
    context = {"area": area, "wording": wording, "words": words, "form": form}
    status = 422 if form.errors else 200
    page = context | _preview(wording, form)
    return render(request, "messages/template_edit.html", page, status=status)


def _words(wording: Wording) -> catalogue.Words:
    try:
        return catalogue.words_of_area(
            wording.event_name, wording.audience, wording.channel, wording.area_path
        )
    except UnknownMessage:
        raise NotFound(_("没有找到这条用语。")) from None


def _save(request: Request, form: TemplateForm, wording: Wording) -> bool:
    """Save, or only check when a preview was asked for; what is wrong goes to its field."""
    data = form.cleaned_data
    with form.showing_refusals():
        if request.POST.get("act") == "preview":
            services.check_words(
                wording.event_name,
                title=data["title"],
                body=data["body"],
                is_active=data["is_active"],
            )
            return False
        services.change_template(wording=wording, **data, actor=request.actor, now=clock.now())
        return True
    return False


def _back(wording: Wording) -> HttpResponseRedirect:
    address = reverse("messages:templates")
    return HttpResponseRedirect(f"{address}?{urlencode({'area': wording.area_path})}")


def _preview(wording: Wording, form: TemplateForm) -> dict[str, Any]:
    """Return the words as they would arrive, with examples in the braces."""
    said = {name: form[name].value() or "" for name in ("title", "body")}
    return catalogue.preview(wording.event_name, **said) | {
        "facts": catalogue.facts_of(wording.event_name),
        "message": catalogue.get_message(wording.event_name),
        "audience_label": selectors.Audience(wording.audience).label,
        "channel_label": selectors.Channel(wording.channel).label,
        "is_sms": wording.channel == selectors.Channel.SMS,
    }
