"""What the board does when a case goes on: it never claims what is no longer so."""

from linli.cases.events import CaseAccepted, CaseCorrected, CaseReopened, CategoryChanged
from linli.cases.selectors import board, open311_rows
from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.models import EventRow
from linli.publishing import services
from linli.publishing.selectors.released import released_parts
from linli.publishing.services import editions

# Other systems read of a case what everybody may: the words that a person released.
open311_rows.register_released(released_parts)


@events.on(CaseReopened)
def take_down_what_was_reopened(event: EventRow) -> None:
    """Withdraw a case that its reporter says is not solved."""
    _withdraw(event, "反映人说没有解决，已经重办")


@events.on(CaseAccepted)
def take_down_what_was_accepted(event: EventRow) -> None:
    """Withdraw "cannot be done" when the case was looked at again and accepted."""
    _withdraw(event, "重新看过，已经受理")


@events.on(CaseCorrected)
def take_down_what_is_not_public(event: EventRow) -> None:
    """Withdraw a case that became confidential, or went to a category that is not public."""
    if not board.may_be_shown(event.subject_id):
        _withdraw(event, "改成了不公开的类别或保密")


@events.on(CategoryChanged)
def show_what_kinds_may_be_shown(event: EventRow) -> None:
    """A kind that became confidential, or is not shown any more, leaves every board at once."""
    editions.turn_every_page(event.happened_at)


def _withdraw(event: EventRow, reason: str) -> None:
    services.withdraw_case(
        case_id=event.subject_id,
        reason=reason,
        actor=system(event.tenant_id),
        now=event.happened_at,
    )
