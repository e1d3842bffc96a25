"""The queue as a file: how somebody wants it, then its run."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linli.cases.forms.exports import ExportForm
from linli.cases.selectors import exports
from linli.cases.selectors.filters import own_query
from linli.cases.services import exporting
from linli.cases.views import showing
from linli.cases.views.desk import asked_question
from linli.kernel import clock, runs
from linli.kernel.web import Request

# Looking further than this for a number to show would cost more than it tells.
_MOST_COUNTED = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: Request) -> HttpResponse:
    """Ask how the file is wanted, and start writing it; the address is the queue's own question."""
    request.actor.require("cases.view")
    now, question = clock.now(), asked_question(request)
    may_reveal = request.actor.can("people.reveal")
    form = ExportForm(request.POST or None, may_reveal=may_reveal)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            run = exporting.start_export(
                question=question,
                wish=form.wish(),
                actor=request.actor,
                now=now,
                key=str(form.cleaned_data["key"]),
            )
            return HttpResponseRedirect(runs.url_of(run))
    count, is_all = exports.count_shown(question, request.actor, now, most=_MOST_COUNTED)
    context = {
        "form": form,
        "count": count,
        "is_all": is_all,
        "tab": showing.TAB_LABELS[question.tab],
        "words": question.words,
        "back": f"{reverse('cases:queue')}?{own_query(request.GET.urlencode())}",
    }
    status = 422 if form.errors else 200
    return render(request, "cases/desk_export.html", context, status=status)
