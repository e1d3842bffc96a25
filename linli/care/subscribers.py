"""What care does because the register changed: it follows who moved, died or was known twice."""

from uuid import UUID

from linli.care.services import following
from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.models import EventRow
from linli.people.events import ConsentWithdrawn, PersonDied, PersonMerged, PersonMoved


@events.on(PersonDied)
def follow_death(event: EventRow) -> None:
    """End the care of somebody who died."""
    following.follow_death(
        person_id=event.subject_id, actor=system(event.tenant_id), now=event.happened_at
    )


@events.on(PersonMoved)
def follow_move(event: EventRow) -> None:
    """Take care along, or end it."""
    following.follow_move(
        person_id=event.subject_id, actor=system(event.tenant_id), now=event.happened_at
    )


@events.on(PersonMerged)
def follow_merge(event: EventRow) -> None:
    """Bring the profiles of a doubled record together."""
    following.follow_merge(
        person_id=event.subject_id, into_id=UUID(event.data["into_id"]),
        actor=system(event.tenant_id), now=event.happened_at,
    )  # fmt: skip


@events.on(ConsentWithdrawn)
def follow_consent(event: EventRow) -> None:
    """End the care of somebody who does not want it any more."""
    person_id = event.data.get("person_id")
    if event.data["purpose"] == "care" and person_id:
        following.follow_refusal(
            person_id=UUID(person_id), actor=system(event.tenant_id), now=event.happened_at
        )
