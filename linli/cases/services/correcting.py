"""Category, place and urgency put right; the promise follows the category."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import CaseCorrected
from linli.cases.models import Case
from linli.cases.selectors import catalogue
from linli.cases.services._ground import Step
from linli.cases.services.desk import begin
from linli.cases.services.intake import promises_of
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places.selectors import Where


@transaction.atomic
def correct_case(
    *,
    case_id: UUID,
    actor: Actor,
    now: datetime,
    category_id: UUID | None = None,
    where: Where | None = None,
    is_urgent: bool | None = None,
    version: int | None = None,
) -> Case:
    """Put category, place or urgency right. The promise is worked out again from the moment its
    clock started; an answer that was given stays in time or late as it was.

    where: also in another community, if the actor dispatches there too: nobody hands a case over to
        those who don't know of it.
    Errors: NotFound, NotAllowed, BadInput (nothing changed), StaleCase.
    """
    step = begin(case_id, "cases.dispatch", actor, now, version)
    if where is not None and where.community_id != step.case.community_id:
        actor.require("cases.dispatch", where.area_path)
    old_category, was_confidential = step.case.category.code, step.case.is_confidential
    old_community_id = step.case.community_id
    changed = [
        *_correct_category(step, category_id),
        *_correct_place(step.case, where),
        *_correct_urgency(step.case, is_urgent=is_urgent),
    ]
    if not changed:
        raise BadInput(_("没有改动。"))
    step.set_clock()
    step.save(*_COLUMNS_OF_CORRECTION)
    step.record(
        CaseCorrected,
        changed=",".join(changed),
        old_category=old_category,
        was_confidential=was_confidential,
        old_community_id=None if old_community_id == step.case.community_id else old_community_id,
    )
    return step.case


_COLUMNS_OF_CORRECTION = (
    "category",
    "service_level",
    "is_confidential",
    "is_urgent",
    "respond_due_at",
    "resolve_due_at",
    "first_resolve_due_at",
    "community",
    "grid",
    "area_path",
    "estate",
    "building",
    "entrance",
    "place_label",
    "lat",
    "lon",
)


def _correct_category(step: Step, category_id: UUID | None) -> list[str]:
    case = step.case
    if category_id is None or category_id == case.category_id:
        return []
    category = catalogue.get_category(category_id)
    case.category, case.service_level = category, category.service_level
    case.is_confidential = case.is_confidential or category.is_confidential
    promise = promises_of(category.service_level, case.clock_started_at)
    case.resolve_due_at, case.first_resolve_due_at = promise.resolve.due_at, None
    if case.responded_at is None:
        case.respond_due_at = promise.respond.due_at
    case.lateness = 0
    return ["category"]


def _correct_place(case: Case, where: Where | None) -> list[str]:
    if where is None:
        return []
    # Two communities may have places of one name.
    if (where.label, where.community_id) == (case.place_label, case.community_id):
        return []
    case.community_id, case.grid_id, case.area_path = (
        where.community_id,
        where.grid_id,
        where.area_path,
    )
    case.estate_id, case.building_id, case.entrance_id = (
        where.estate_id,
        where.building_id,
        where.entrance_id,
    )
    case.place_label, case.lat, case.lon = where.label, where.lat, where.lon
    return ["place"]


def _correct_urgency(case: Case, *, is_urgent: bool | None) -> list[str]:
    if is_urgent is None or is_urgent == case.is_urgent:
        return []
    case.is_urgent = is_urgent
    return ["urgency"]
