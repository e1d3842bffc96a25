"""The queue's address under a name of one's own: saved and thrown away."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from linli.cases.forms.settings import SaveFilterForm
from linli.cases.selectors.filters import own_query
from linli.cases.services import filters
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.kernel.web import Request


@require_POST
def save(request: Request) -> HttpResponse:
    """Keep the queue's present address under a name."""
    form = SaveFilterForm(request.POST)
    if not form.is_valid():
        _id, message = form.error_summary()[0]
        raise BadInput(message, field="name")
    query = own_query(form.cleaned_data["query"])
    name = form.cleaned_data["name"]
    filters.save_filter(name=name, query=query, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(f"{reverse('cases:queue')}?{query}")


@require_POST
def delete(request: Request, filter_id: UUID) -> HttpResponse:
    """Throw one's own filter away."""
    filters.delete_filter(filter_id=filter_id, actor=request.actor)
    return HttpResponseRedirect(reverse("cases:queue"))
