"""Campaigns and the three lists for other systems: what there is, how far it is. Nothing is changed here."""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.campaigns import schemas
from linli.campaigns.selectors import access, campaigns, dockets, lists, results
from linli.campaigns.selectors.lists import Asked
from linli.kernel import api, clock
from linli.kernel.errors import BadInput
from linli.kernel.web import Request, clean_text

router = Router(tags=["整治行动和三张清单"])
_ONE = "campaigns/{uuid:campaign_id}"


@router.get("campaigns", response=list[schemas.CampaignOut], operation_id="list_campaigns",
            summary="整治行动")  # fmt: skip
def list_campaigns(request: Request, state: schemas.State | None = None) -> Any:
    """The latest hundred, those that run first."""
    states = (state,) if state else ()
    return [
        {
            "total": line.total,
            "done": line.done,
            **{
                name: getattr(line.campaign, name)
                for name in ("id", "title", "state", "community_id", "starts_on", "ends_on")
            },
        }
        for line in campaigns.campaigns(request.actor, clock.now(), states=states)
    ]


@router.get(f"{_ONE}/result", response=schemas.ResultOut, operation_id="get_campaign_result",
            summary="整治结果")  # fmt: skip
def get_result(request: Request, campaign_id: UUID) -> Any:
    """So many of each kind were cleared; the numbers change while the campaign runs."""
    found = results.result_of(campaign_id, request.actor, pairs=0)
    return {
        "id": found.campaign.pk,
        "title": found.campaign.title,
        "state": found.campaign.state,
        "text": found.text,
        "days": found.day_count,
        "bodies": list(found.bodies),
        "by_state": found.by_state,
        "figures": list(found.figures),
    }


@router.get(f"{_ONE}/entries", response=api.Page[schemas.EntryOut],
            operation_id="list_campaign_entries", summary="整治清单")  # fmt: skip
def list_entries(
    request: Request,
    campaign_id: UUID,
    state: schemas.EntryState | None = None,
    kind: str = "",
    cursor: str = "",
) -> Any:
    """The rows of a list in its order."""
    campaign = access.get_campaign(campaign_id, request.actor)
    asked = Asked(state=state or "", kind=clean_text(kind)[:40], after=_after(cursor))
    rows, has_more = lists.entries(campaign, asked)
    return {"items": rows, "next": api.cursor(str(rows[-1].number)) if has_more else None}


def _after(cursor: str) -> int:
    said = api.read_cursor(cursor) if cursor else "0"
    if not said.isdecimal() or len(said) > 8:
        raise BadInput("cursor 要原样用上一页给的 next。", field="cursor")
    return int(said)


@router.get("dockets", response=list[schemas.DocketOut], operation_id="list_dockets",
            summary="三张清单的来源")  # fmt: skip
def list_dockets(request: Request) -> Any:
    """Meetings, campaigns and inspections whose matters are followed, the latest hundred."""
    return dockets.dockets(request.actor)


@router.get("dockets/{uuid:docket_id}/matters", response=list[schemas.MatterOut],
            operation_id="list_matters", summary="问题、责任、整改")  # fmt: skip
def list_matters(request: Request, docket_id: UUID) -> Any:
    """The matters of a docket in their order, those carried over first."""
    found = dockets.get_docket(docket_id, request.actor)
    return [
        {
            "number": line.number,
            "raised_by": line.raiser,
            "responsible": line.hands,
            "word": line.word_words,
            "is_late": line.is_late,
            "is_carried": line.is_carried,
            **{
                name: getattr(line.matter, name)
                for name in ("id", "problem", "measure", "due_on", "state", "evidence", "case_id")
            },
        }
        for line in dockets.lines_of(found, clock.now())
    ]
