"""Counting everything anew, for the operator: a button, then a run that shows how far it is."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from linli.indicators.forms import RecountForm
from linli.indicators.services import rebuilding
from linli.kernel import clock, runs
from linli.kernel.web import Request


@require_http_methods(["GET", "HEAD", "POST"])
def recount(request: Request) -> HttpResponse:
    """Say what it does, and start it."""
    request.actor.require(rebuilding.DUTY)
    form = RecountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = rebuilding.start_rebuild(
            actor=request.actor, now=clock.now(), key=str(form.cleaned_data["key"])
        )
        return HttpResponseRedirect(runs.url_of(run))
    status = 422 if form.errors else 200
    return render(request, "indicators/recount.html", {"form": form}, status=status)
