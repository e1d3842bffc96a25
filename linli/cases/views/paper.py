"""A case on paper: all its facts and steps, lines to sign, a code that leads back to the page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases import selectors
from linli.cases.selectors import reading
from linli.cases.views import showing
from linli.kernel import clock, qr, web
from linli.kernel.web import Request
from linli.people import selectors as people


@require_safe
def sheet(request: Request, case_id: UUID) -> HttpResponse:
    """Show a case for paper, contact masked, internal steps marked as such."""
    found = selectors.get_case(case_id, request.actor)
    link = web.absolute_url(request, reverse("cases:desk_case", args=[case_id]))
    request.community = found.community
    context = {
        "case": showing.dress([found])[0],
        "lines": list(reversed(reading.timeline(found, for_staff=True))),
        "contact": people.contact_card(found.reporter_id) if found.reporter_id else None,
        "code": qr.svg(link, _("工单页面")),
        "now": clock.now(),
    }
    return render(request, "cases/case_sheet.html", context)
