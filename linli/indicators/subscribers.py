"""What follows from a step of a case: its figures move."""

from linli.cases import events as case_events
from linli.cases.events import CaseEvent
from linli.indicators.services import counting
from linli.kernel import events, outbox
from linli.kernel.models import EventRow

# Steps that change nothing that is counted.
_SILENT = {
    "CaseAdded", "CaseCalled", "CaseDueSoon", "CaseEscalated", "CaseNoted",
    "CaseReviewDue", "CaseSupervised", "CaseUrged", "ExclusionAsked",
    "ExclusionRefused", "ExtensionAsked", "ExtensionRefused", "FollowerRated", "LinkRevoked",
    "SuspensionAsked", "SuspensionRefused",
}  # fmt: skip
STEPS = tuple(
    kind
    for name, kind in sorted(vars(case_events).items())
    if isinstance(kind, type) and issubclass(kind, CaseEvent) and kind.name and name not in _SILENT
)


@events.on(*STEPS)
@outbox.Together
def count(rows: list[EventRow]) -> None:
    """Bring the figures of the cases up to date."""
    counting.count_cases(row.subject_id for row in rows)
