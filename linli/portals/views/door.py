"""Which door somebody who signed in goes through: the desk for those who sit at one, else the field."""

from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.kernel.web import Request

# Whoever holds one of these works at a desk; a grid worker, a building head or property staff do not.
_DESK_DUTIES: Final = (
    "cases.dispatch",
    "cases.approve",
    "cases.supervise",
    "cases.configure",
    "posts.manage",
    "places.manage",
    "people.manage",
    "messages.manage",
    "publishing.write",
    "publishing.release",
    "indicators.configure",
    "kernel.calendar",
    "kernel.audit",
    "kernel.security",
    "kernel.operate",
)


@require_safe
def mine(request: Request) -> HttpResponse:
    """Lead to the home page that the actor's posts call for."""
    sits = any(request.actor.can(duty) for duty in _DESK_DUTIES)
    return HttpResponseRedirect(reverse("portals:desk" if sits else "portals:field"))
