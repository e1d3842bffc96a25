"""What follows from cases and facilities: faults are noted and settled, roots proposed."""

from uuid import UUID

from linli.cases import events as cases
from linli.cases.selectors.facts import rows_of
from linli.kernel import actor as actors
from linli.kernel import events, outbox
from linli.kernel.models import EventRow
from linli.patrols.selectors.roots import root_cases
from linli.patrols.services import following
from linli.patrols.services.roots import propose_root
from linli.patrols.services.routes import end_points_of_facility
from linli.places import events as places
from linli.places.selectors import community_of_path
from linli.places.selectors.facilities import find_facilities_said
from linli.places.selectors.ground import moved_by
from linli.places.services import facility_faults


@events.on(cases.CaseReported)
@outbox.Together
def note_faults(rows: list[EventRow]) -> None:
    """Note cases that were reported at a facility's code as faults of it.

    A report that starts there carries the facility's place in words, and among the live ones of a
    community no two have the same. Confidential cases are about no facility.
    """
    for path in {row.area_path for row in rows}:
        here = {row.subject_id: row for row in rows if row.area_path == path}
        community = community_of_path(path)
        if community is not None:
            _note(community.pk, here)


def _note(community_id: UUID, rows: dict[UUID, EventRow]) -> None:
    system = actors.system(next(iter(rows.values())).tenant_id)
    roots = root_cases(rows)
    told = [
        one
        for one in rows_of(list(rows), system)
        if not one.is_confidential and one.pk not in roots
    ]
    known = find_facilities_said(community_id, {one.place_label for one in told})
    for one in told:
        facility = known.get(one.place_label)
        if facility is not None:
            facility_faults.note_fault(
                facility_id=facility.pk, case_id=one.pk, number=one.number, title=one.title,
                actor=system, at=rows[one.pk].happened_at,
            )  # fmt: skip


@events.on(cases.CaseResolved, cases.CaseClosed)
def settle_fault(event: EventRow) -> None:
    """Note that a fault was settled."""
    facility_faults.settle_fault(case_id=event.subject_id, is_counted=True, at=event.happened_at)


@events.on(cases.CaseMerged, cases.CaseDeclined, cases.CaseWithdrawn)
def drop_fault(event: EventRow) -> None:
    """Note that a fault was none, or the same as another."""
    facility_faults.settle_fault(case_id=event.subject_id, is_counted=False, at=event.happened_at)


@events.on(cases.CaseCorrected)
def forget_fault(event: EventRow) -> None:
    """Forget the fault of a case that turned out confidential."""
    told = rows_of([event.subject_id], actors.system(event.tenant_id))
    if any(one.is_confidential for one in told):
        facility_faults.forget_fault(case_id=event.subject_id)


@events.on(cases.CaseReopened)
def reopen_fault(event: EventRow) -> None:
    """Note that a fault is open again."""
    facility_faults.reopen_fault(case_id=event.subject_id)


@events.on(places.FacilityTroubled)
def propose(event: EventRow) -> None:
    """Propose a root-cause case to the desk."""
    propose_root(
        facility_id=event.subject_id, fault_count=event.data["fault_count"],
        actor=actors.system(event.tenant_id), now=event.happened_at,
    )  # fmt: skip


@events.on(places.BuildingsAssigned, places.AreaEnded)
@outbox.Together
def follow_grids(rows: list[EventRow]) -> None:
    """Let points, doors and routes follow buildings from one grid to another."""
    for moved in moved_by(rows):
        following.follow_grids(
            moved=moved, actor=actors.system(rows[0].tenant_id), now=rows[-1].happened_at
        )


@events.on(places.FacilityEnded)
def leave_routes(event: EventRow) -> None:
    """Nobody is sent any more to what is gone."""
    end_points_of_facility(
        facility_id=event.subject_id, actor=actors.system(event.tenant_id), now=event.happened_at
    )
