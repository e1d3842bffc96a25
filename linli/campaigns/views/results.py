"""The result of a campaign on one page: on the screen, on paper, as a PDF; and the list on paper."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.campaigns.selectors import access, lists, results
from linli.campaigns.services import printing
from linli.campaigns.views import showing
from linli.campaigns.views.gathering import asked_of
from linli.campaigns.views.planning import require_view
from linli.kernel import clock
from linli.kernel.web import Request


@require_safe
def result(request: Request, campaign_id: UUID) -> HttpResponse:
    """Show the result for paper; each number leads to its rows."""
    require_view(request)
    found = results.result_of(campaign_id, request.actor)
    request.community = found.campaign.community
    pairs = [
        {
            "entry": one.entry,
            "shots": showing.photos([one.before, one.after], is_desk=True),
        }
        for one in found.pairs
    ]
    context = {"result": found, "campaign": found.campaign, "pairs": pairs, "now": clock.now()}
    return render(request, "campaigns/result.html", context)


@require_safe
def result_pdf(request: Request, campaign_id: UUID) -> HttpResponse:
    """Answer with the result as a page of A4."""
    require_view(request)
    found = results.result_of(campaign_id, request.actor)
    content = printing.result_sheet(found)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="campaign.pdf"'
    return answer


@require_safe
def paper(request: Request, campaign_id: UUID) -> HttpResponse:
    """Show the list for paper: what the teams take along where no phone is."""
    require_view(request)
    found = access.get_campaign(campaign_id, request.actor)
    request.community = found.community
    rows = lists.all_entries(found, asked_of(request))
    context = {"campaign": found, "rows": rows, "now": clock.now()}
    return render(request, "campaigns/list_paper.html", context)
