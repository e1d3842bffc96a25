"""What follows from a step of a case: its words are found, its count moves, people are told."""

from linli.cases import events as case_events
from linli.cases.events import CaseEvent
from linli.cases.selectors import catalogue
from linli.cases.services import indexing, telling
from linli.clients import services as clients
from linli.kernel import events, jobs
from linli.kernel.calendar import CalendarDayEdited, CalendarHoursSet, CalendarYearInstalled
from linli.kernel.models import EventRow
from linli.posts import selectors as posts

# Routing rules name categories; the room of posts cannot know them by itself.
posts.register_category_source(
    lambda: [(category.code, category.name) for category in catalogue.active_categories()]
)

ALL_STEPS = tuple(
    kind
    for kind in vars(case_events).values()
    if isinstance(kind, type) and issubclass(kind, CaseEvent) and kind.name
)


@events.on(*ALL_STEPS)
def count(event: EventRow) -> None:
    """Move the case's count from its old state to its new one."""
    indexing.count_step(event)


@events.on(
    case_events.CaseReported,
    case_events.CaseFiled,
    case_events.CaseCorrected,
    case_events.CaseAdded,
)
def find_again(event: EventRow) -> None:
    """Make the case findable by its words."""
    indexing.index_case(event.subject_id)


clients.register_topics(kind.name for kind in ALL_STEPS)


@events.on(*ALL_STEPS)
def tell_other_systems(event: EventRow) -> None:
    """Note the step for every webhook that listens."""
    clients.hand_out(event)


@events.on(*ALL_STEPS)
def tell(event: EventRow) -> None:
    """Tell everybody concerned, once."""
    telling.tell_step(event)


@events.on(CalendarYearInstalled, CalendarDayEdited, CalendarHoursSet)
def move_deadlines(event: EventRow) -> None:
    """Work open promises out again: the calendar they rest on is another one."""
    jobs.enqueue("cases.move_deadlines", key=str(event.pk), due_at=event.happened_at)
