"""The page of somebody of the family: what was agreed, and taking it back, by a link without sign-in."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linli.care import selectors, services
from linli.care.selectors import persons
from linli.kernel import clock
from linli.kernel.web import public


@public
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: Any, token: str) -> HttpResponse:
    """Show what somebody agreed to be told, and take it back."""
    if request.method == "POST":
        services.withdraw_by_link(token=token, actor=request.actor, now=clock.now())
        return HttpResponseRedirect(reverse("care:family", args=[token]))
    row = selectors.get_family(token)
    request.community = row.profile.community
    context = {
        "row": row,
        "line": persons.line_of(row.profile, request.actor),
        "token": token,
        "at": f"{request.tenant.code}-{row.profile.community.code}",
    }
    return render(request, "care/resident_family.html", context)
