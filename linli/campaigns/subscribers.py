"""What follows from a step of a case, or from an entry of our own: the lists keep up with it."""

from uuid import UUID

from linli.campaigns.events import (
    CampaignChanged,
    CampaignMoved,
    CampaignPlanned,
    EntryMoved,
)
from linli.campaigns.services import following, telling
from linli.cases.events import (
    CaseClosed,
    CaseCorrected,
    CaseDeclined,
    CaseMerged,
    CaseReopened,
    CaseResolved,
    CaseWithdrawn,
)
from linli.kernel import events, outbox
from linli.kernel.models import EventRow
from linli.places.events import AreaEnded, BuildingsAssigned
from linli.places.selectors.ground import moved_by


@events.on(
    CaseResolved, CaseClosed, CaseReopened, CaseDeclined, CaseWithdrawn, CaseMerged, CaseCorrected
)
@outbox.Together
def follow_cases(rows: list[EventRow]) -> None:
    """Let entries and matters follow the steps of their cases, in the order of the steps."""
    linked = following.linked({row.subject_id for row in rows})
    for row in rows:
        if row.subject_id in linked:
            _follow(row)


def _follow(row: EventRow) -> None:
    into = row.data.get("into_id")
    following.follow_case(
        case_id=row.subject_id,
        step=row.name,
        account_id=row.account_id,
        at=row.happened_at,
        into_id=UUID(into) if into else None,
        is_solved=row.data.get("is_solved"),
    )


@events.on(BuildingsAssigned, AreaEnded)
@outbox.Together
def follow_grids(rows: list[EventRow]) -> None:
    """Let entries follow their buildings from one grid to another."""
    for moved in moved_by(rows):
        following.follow_grids(moved=moved)


@events.on(EntryMoved)
def follow_entry(event: EventRow) -> None:
    """Let matters follow the entry that they stand for."""
    following.follow_entry(
        entry_id=event.subject_id,
        new_state=event.data["new_state"],
        account_id=event.account_id,
        at=event.happened_at,
    )


@events.on(CampaignPlanned, CampaignChanged, CampaignMoved)
def remember_to_tell(event: EventRow) -> None:
    """Tell the team of what a campaign has become, once whoever plans it is through."""
    telling.remember_to_tell(campaign_id=event.subject_id, now=event.happened_at)
