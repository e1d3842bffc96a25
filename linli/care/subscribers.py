"""What care does because the register changed: it follows who moved, died or was known twice; and
what it forgets in time, and gives somebody for their own copy.
"""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from linli.care.events import AlertStarted
from linli.care.services import alerts as alerting
from linli.care.services import following, forgetting
from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.models import EventRow
from linli.people.events import (
    ConsentWithdrawn,
    PersonDied,
    PersonMerged,
    PersonMoved,
    PersonParted,
)
from linli.people.selectors.privacy import Owner
from linli.people.services import copying, retention
from linli.people.services.copying import Section
from linli.places.events import AreaEnded, BuildingsAssigned


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


@events.on(BuildingsAssigned)
def follow_grids(event: EventRow) -> None:
    """Let care follow buildings that go from one grid to another."""
    ids = [UUID(one) for name in ("added", "removed") for one in event.data[name]]
    following.follow_grids(building_ids=ids, actor=system(event.tenant_id), now=event.happened_at)


@events.on(AreaEnded)
def follow_end(event: EventRow) -> None:
    """Let care follow the buildings of an area that has ended."""
    following.follow_grids(
        ended_path=event.area_path, actor=system(event.tenant_id), now=event.happened_at
    )


@events.on(AlertStarted)
def catch_up(event: EventRow) -> None:
    """Let a board miss nobody who joined while it was made."""
    alerting.catch_up(alert_id=event.subject_id, now=event.happened_at)


@events.on(PersonParted)
def follow_parting(event: EventRow) -> None:
    """Give profiles back to a record that was no doubled one."""
    following.follow_parting(
        person_id=event.subject_id, from_id=UUID(event.data["from_id"]),
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


@retention.keeps("care.visits", label=_("走访记录和照片"), months=24, action="delete")
def forget_visits(before: datetime, limit: int, action: str) -> int:
    """Delete what was found at visits long ago."""
    return forgetting.forget_visits(before, limit)


@retention.keeps("care.ended", label=_("结束了的关怀档案"), months=36, action="delete")
def forget_ended(before: datetime, limit: int, action: str) -> int:
    """Delete profiles that ended long ago, with their visits and family contacts."""
    return forgetting.forget_ended(before, limit)


@copying.gives("care")
def care_of(owner: Owner) -> list[Section]:
    """Return what is kept of somebody here, for their own copy."""
    if owner.person_id is None:
        return []
    return [Section(*table) for table in forgetting.copy_of(owner.person_id)]
