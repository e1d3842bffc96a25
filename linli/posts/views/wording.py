"""Written duties: one A4 for the wall, and the holder's word that they were read."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.web import Request
from linli.posts import selectors, services


@require_safe
def duty_sheet(request: Request, post_id: UUID) -> HttpResponse:
    sheet = selectors.duty_sheet(post_id, request.actor, clock.now())
    return render(request, "posts/duty_sheet.html", {"sheet": sheet})


@require_safe
def my_duties(request: Request, post_id: UUID) -> HttpResponse:
    sheet = selectors.duty_sheet(post_id, request.actor, clock.now())
    context = {"sheet": sheet, "wording": selectors.hash_of(sheet.post.written_duties)}
    return render(request, "posts/my_duties.html", context)


@require_POST
def acknowledgement(request: Request, post_id: UUID) -> HttpResponse:
    services.acknowledge_duties(
        post_id=post_id,
        wording_hash=request.POST.get("wording", ""),
        actor=request.actor,
        now=clock.now(),
    )
    return HttpResponseRedirect(reverse("posts:my_duties", args=[post_id]))
