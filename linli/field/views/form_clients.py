"""My form clients: how to let ODK Collect or KoboCollect in, told once."""

import base64
import json
import zlib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.field.forms import ClientForm
from linli.field.services import openrosa_access
from linli.kernel import clock, qr
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request, absolute_url


@require_http_methods(["GET", "HEAD", "POST"])
def form_clients(request: Request) -> HttpResponse:
    """Say what it is; on POST let a new one in and show its secret, this once."""
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            issued = openrosa_access.issue_client(
                name=form.cleaned_data["name"], tenant_code=request.tenant.code,
                key=str(form.cleaned_data["key"]), actor=request.actor, now=clock.now(),
            )  # fmt: skip
            answer = render(request, "field/form_clients.html", _told(request, issued))
            answer.headers["Cache-Control"] = "no-store"
            return answer
    context = {"issued": None, "form": form}
    return render(request, "field/form_clients.html", context, status=422 if form.errors else 200)


def _told(request: Request, issued: openrosa_access.Issued) -> dict[str, Any]:
    url = absolute_url(request, reverse("field:openrosa_form_list")).removesuffix("/formList")
    return {
        "issued": issued,
        "url": url,
        "code": qr.svg(_settings(url, issued.client.username, issued.secret), _("表单软件的设置")),
    }


def _settings(url: str, username: str, secret: str) -> str:
    """Return the settings of ODK Collect as its own code holds them: JSON, deflated, in base64."""
    said = {
        "general": {
            "server_url": url, "username": username, "password": secret,
            "form_update_mode": "match_exactly", "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": _("邻里"), "icon": "邻"},
    }  # fmt: skip
    return base64.b64encode(zlib.compress(json.dumps(said).encode())).decode()
