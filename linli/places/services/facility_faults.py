"""Faults of facilities are noted, settled, forgotten; too many are told of."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.actor import Actor
from linli.kernel.masking import mask_text
from linli.places.events import FacilityTroubled, FaultNoted
from linli.places.models import Facility, FacilityFault, FacilityStatus
from linli.places.rules import faults
from linli.places.selectors import facilities as found
from linli.places.services.recording import record


@transaction.atomic
def note_fault(
    *, facility_id: UUID, case_id: UUID, number: str, title: str, actor: Actor, at: datetime
) -> bool:
    """Note that a case is about a facility; the same case once. Return whether it was new.

    Whoever scans the facility's code reads the title: what names a person in it is masked.
    The third within ninety days is told to the rooms above, once (`FacilityTroubled`).
    Errors: NotFound.
    """
    facility = found.get_facility(facility_id, lock=True)
    _fault, is_new = FacilityFault.objects.get_or_create(
        case_id=case_id,
        defaults={
            "facility": facility, "case_number": number, "title": mask_text(title)[:60], "happened_at": at,
        },
    )  # fmt: skip
    if not is_new:
        return False
    event = FaultNoted(subject_id=facility.pk, area_path=facility.area_path, case_id=case_id)
    record(event, actor=actor, at=at)
    if facility.status == FacilityStatus.IN_USE:
        facility.status = FacilityStatus.FAULTY
        facility.save(update_fields=["status"])
    _tell_of_many(facility, actor, at)
    return True


@transaction.atomic
def settle_fault(*, case_id: UUID, is_counted: bool, at: datetime) -> None:
    """Note that a case about a facility was settled, or was none of its own; twice is once.

    A facility without open faults is in use again.
    """
    fault = FacilityFault.objects.filter(case_id=case_id).first()
    if fault is None or fault.settled_at is not None:
        return
    facility = found.get_facility(fault.facility_id, lock=True)
    fault.settled_at, fault.is_counted = at, is_counted
    fault.save(update_fields=["settled_at", "is_counted"])
    _put_in_use(facility)


@transaction.atomic
def forget_fault(*, case_id: UUID) -> None:
    """Take back what was noted of a case that has become confidential: its words are on the page of
    the facility's code, where everybody reads them.
    """
    fault = FacilityFault.objects.filter(case_id=case_id).first()
    if fault is not None:
        facility = found.get_facility(fault.facility_id, lock=True)
        fault.delete()
        _put_in_use(facility)


def _put_in_use(facility: Facility) -> None:
    if facility.status == FacilityStatus.FAULTY and not found.open_faults_of(facility.pk):
        facility.status = FacilityStatus.IN_USE
        facility.save(update_fields=["status"])


@transaction.atomic
def reopen_fault(*, case_id: UUID) -> None:
    """Note that a settled fault is open again, because its case is."""
    fault = FacilityFault.objects.filter(case_id=case_id).first()
    if fault is not None and fault.settled_at is not None:
        fault.settled_at, fault.is_counted = None, True
        fault.save(update_fields=["settled_at", "is_counted"])


def _tell_of_many(facility: Facility, actor: Actor, at: datetime) -> None:
    rows = FacilityFault.objects.filter(
        facility=facility, is_counted=True, happened_at__gt=at - faults.WINDOW
    )
    moments = rows.values_list("happened_at", flat=True)
    count = faults.count_in_window(moments, at=at, told_at=facility.troubled_at)
    if not faults.is_many(count):
        return
    facility.troubled_at = at
    facility.save(update_fields=["troubled_at"])
    event = FacilityTroubled(
        subject_id=facility.pk, area_path=facility.area_path, fault_count=count
    )
    record(event, actor=actor, at=at)
