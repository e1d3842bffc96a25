"""Webhooks: which systems are told of what, with the log of what was sent, and a button to try."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.clients import selectors, services
from linli.clients.forms import WebhookForm
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request

_PAGE = 50
# What the page says after a button.
_SAID = {
    "tried": gettext_lazy("试发的消息已经出发，过几秒刷新看结果。"),
    "paused": gettext_lazy("已停下。停着的时候发生的事不会补发。"),
    "resumed": gettext_lazy("已恢复，积下的马上补发。"),
    "saved": gettext_lazy("已保存。"),
}
_DO: dict[str, Any] = {
    "trial": (services.try_webhook, "tried"),
    "pause": (services.pause_webhook, "paused"),
    "resumption": (services.resume_webhook, "resumed"),
}


@require_safe
def webhooks(request: Request) -> HttpResponse:
    context = {"lines": selectors.webhook_lines(request.actor)}
    return render(request, "clients/webhook_list.html", context)


@require_http_methods(["GET", "POST"])
def new_webhook(request: Request) -> HttpResponse:
    form = _form(request, {"topics": [], "area": ""})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.add_webhook(
                sheet=form.sheet(), actor=request.actor, now=clock.now(),
                key=str(form.cleaned_data["key"]),
            )  # fmt: skip
            return _hand_over(request, made)
    status = 422 if form.errors else 200
    return render(request, "clients/webhook_edit.html", {"form": form}, status=status)


@require_safe
def webhook(request: Request, webhook_id: UUID) -> HttpResponse:
    hook = selectors.get_webhook(webhook_id, request.actor)
    before = request.GET.get("before", "")
    lines = selectors.delivery_lines(hook.pk, before=_id(before), limit=_PAGE + 1)
    labels = dict(selectors.topic_choices())
    context = {
        "hook": hook,
        "topics": [labels.get(name, name) for name in selectors.topics_of(hook.pk)],
        "lines": lines[:_PAGE],
        "more": lines[_PAGE - 1].id if len(lines) > _PAGE else None,
        "said": _SAID.get(request.GET.get("said", ""), ""),
        "now": clock.now(),
    }
    return render(request, "clients/webhook.html", context)


@require_http_methods(["GET", "POST"])
def webhook_change(request: Request, webhook_id: UUID) -> HttpResponse:
    hook = selectors.get_webhook(webhook_id, request.actor)
    initial = {
        "name": hook.name,
        "area": str(hook.area_id),
        "topics": selectors.topics_of(hook.pk),
    }
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_webhook(
                webhook_id=hook.pk, sheet=form.sheet(), actor=request.actor, now=clock.now()
            )
            return _back(hook.pk, "saved")
    context = {"form": form, "hook": hook}
    status = 422 if form.errors else 200
    return render(request, "clients/webhook_edit.html", context, status=status)


@require_POST
def webhook_act(request: Request, webhook_id: UUID, act: str) -> HttpResponse:
    """Try, pause or resume."""
    if act not in _DO:
        raise NotFound(_("没有这个操作。"))
    service, said = _DO[act]
    service(webhook_id=webhook_id, actor=request.actor, now=clock.now())
    return _back(webhook_id, said)


@require_POST
def webhook_secret(request: Request, webhook_id: UUID) -> HttpResponse:
    made = services.rotate_secret(webhook_id=webhook_id, actor=request.actor, now=clock.now())
    return _hand_over(request, made)


@require_POST
def webhook_ending(request: Request, webhook_id: UUID) -> HttpResponse:
    services.end_webhook(webhook_id=webhook_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("clients:webhooks"))


def _form(request: Request, initial: dict[str, Any]) -> WebhookForm:
    areas = selectors.managed_areas(request.actor)
    communities = [one for one in areas if one.kind == "community"]
    initial["area"] = initial["area"] or (str(communities[0].pk) if communities else "")
    return WebhookForm(
        request.POST or None,
        areas=[(str(one.pk), one.name) for one in areas],
        topics=selectors.topic_choices(),
        initial=initial,
    )


def _hand_over(request: Request, made: services.NewSecret) -> HttpResponse:
    response = render(request, "clients/webhook_made.html", {"made": made})
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(webhook_id: UUID, said: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('clients:webhook', args=[webhook_id])}?said={said}")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
