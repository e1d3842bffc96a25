"""What follows from a step of a case: its words are found, its count moves, people are told."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from linli.cases import events as case_events
from linli.cases.events import CaseEvent
from linli.cases.selectors import catalogue
from linli.cases.selectors.leaving import now_confidential, open_promises
from linli.cases.selectors.whistle_day import parts_left
from linli.cases.services import (
    forgetting,
    indexing,
    judging,
    leaving,
    telling,
    whistle_telling,
    whistles_follow,
)
from linli.clients import services as clients
from linli.kernel import events, jobs, outbox
from linli.kernel.calendar import CalendarDayEdited, CalendarHoursSet, CalendarYearInstalled
from linli.kernel.models import EventRow
from linli.people.services import copying, retention
from linli.posts import selectors as posts
from linli.posts.events import HandoverClosed, OrganisationEnded
from linli.posts.selectors import hiding
from linli.posts.services import handover

# Routing rules name categories; the room of posts cannot know them by itself.
posts.register_category_source(
    lambda: [(category.code, category.name) for category in catalogue.active_categories()]
)

handover.gives("cases")(open_promises)
handover.gives("whistles")(parts_left)
hiding.hides("cases")(now_confidential)
copying.gives("cases")(forgetting.reports)
retention.keeps(
    "cases.reporters",
    label=_("办完的工单里反映人的姓名、电话、住址"),
    months=36,
    action=retention.ANONYMISE,
)(forgetting.forget_reporters)

# Seven milliseconds each, in one transaction.
JUDGED_AT_ONCE = 5
ALL_STEPS = tuple(
    kind
    for kind in vars(case_events).values()
    if isinstance(kind, type) and issubclass(kind, CaseEvent) and kind.name
)


@events.on(*ALL_STEPS)
@outbox.Together
def count(steps: list[EventRow]) -> None:
    """Move the cases' counts from their old states to their new ones."""
    indexing.count_steps(steps)


@events.on(
    case_events.CaseReported,
    case_events.CaseFiled,
    case_events.CaseCorrected,
    case_events.CaseAdded,
)
@outbox.Together
def find_again(steps: list[EventRow]) -> None:
    """Make the cases findable by their words."""
    indexing.index_cases({event.subject_id for event in steps})


@events.on(case_events.CaseReported)
@outbox.Together
def judge(rows: list[EventRow]) -> None:
    """Ask for categories and the likely earlier report to be suggested.

    It takes longer than everything else that follows from a report, and nobody waits for it: a few
    cases at a time, in the worker's other lane, so that nobody is told later for it.
    """
    for at in range(0, len(rows), JUDGED_AT_ONCE):
        some = rows[at : at + JUDGED_AT_ONCE]
        jobs.enqueue(
            "cases.judge",
            key=str(some[0].pk),
            due_at=min(some[0].happened_at, some[0].recorded_at),
            data={
                "case_ids": [str(row.subject_id) for row in some],
                "at": some[-1].happened_at.isoformat(),
            },
        )


@events.on(*judging.HEARD)
@outbox.Together
def hear_staff(rows: list[EventRow]) -> None:
    """Keep what staff said to suggestions by what they did."""
    judging.hear_words(rows)


@events.on(case_events.CaseMerged)
def note_same(event: EventRow) -> None:
    """Note that the suggested earlier report was the same thing."""
    judging.note_merged(event.subject_id, UUID(event.data["into_id"]))


# What webhooks may listen to, in the order of a case's life; what is between colleagues stays inside.
TOLD_OUTSIDE = (
    case_events.CaseReported, case_events.CaseAccepted, case_events.CaseDeclined,
    case_events.CaseCorrected, case_events.CaseMerged, case_events.CaseAssigned,
    case_events.CaseTaken, case_events.CaseReturned, case_events.CaseAnswered,
    case_events.CaseSuspended, case_events.CaseResumed, case_events.CaseExtended,
    case_events.CaseDueSoon, case_events.CaseLate, case_events.CaseEscalated,
    case_events.CaseSupervised, case_events.CaseFollowed, case_events.CaseAdded,
    case_events.CaseUrged, case_events.CaseWithdrawn, case_events.CaseResolved,
    case_events.CaseReopened, case_events.CaseClosed,
)  # fmt: skip
clients.register_topics(kind.name for kind in TOLD_OUTSIDE)


@events.on(*TOLD_OUTSIDE)
@outbox.Together
def tell_other_systems(steps: list[EventRow]) -> None:
    """Note the steps for every webhook that listens."""
    for event in steps:
        clients.hand_out(event)


@events.on(*ALL_STEPS)
@outbox.Together
def tell(steps: list[EventRow]) -> None:
    """Tell everybody concerned, once."""
    telling.tell_steps(steps)


@events.on(*whistle_telling.TOLD)
@outbox.Together
def tell_of_whistles(steps: list[EventRow]) -> None:
    """Tell departments, the desk and the rung above, once."""
    whistle_telling.tell_steps(steps)


@events.on(case_events.CaseReported)
@outbox.Together
def whistle_by_itself(steps: list[EventRow]) -> None:
    """Whistle for reports of categories whose plan says so: owners whistle, the window reports in."""
    whistles_follow.blow_by_plan(steps)


@events.on(
    case_events.CaseWithdrawn,
    case_events.CaseMerged,
    case_events.CaseDeclined,
    case_events.CaseClosed,
)
@outbox.Together
def end_whistles(steps: list[EventRow]) -> None:
    """End the whistles and questions of cases that ended."""
    whistles_follow.end_with_cases(steps)


@events.on(OrganisationEnded)
def look_for_lost_leads(event: EventRow) -> None:
    """Tell the desk whose open whistles have lost their lead."""
    whistles_follow.look_for_lost_leads(event)


@events.on(CalendarYearInstalled, CalendarDayEdited, CalendarHoursSet)
def move_deadlines(event: EventRow) -> None:
    """Work open promises out again: the calendar they rest on is another one."""
    jobs.enqueue("cases.move_deadlines", key=str(event.pk), due_at=event.happened_at)


@events.on(HandoverClosed)
def pass_on(event: EventRow) -> None:
    """Give what one had taken in a post to who took over."""
    incoming = event.data.get("incoming_id")
    leaving.pass_on(
        post_id=event.subject_id,
        outgoing_id=UUID(event.data["outgoing_id"]),
        incoming_id=UUID(incoming) if incoming else None,
    )
