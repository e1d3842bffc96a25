"""An uploaded list waits, is shown row by row, and changes everything when it is confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import geo
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors
from linli.places.errors import AlreadyApplied, HasErrors
from linli.places.events import ImportApplied, ImportDiscarded
from linli.places.models import Area, ImportKind, PlaceImport
from linli.places.selectors.houses import known_houses
from linli.places.services.import_apply import apply_grids, apply_houses
from linli.places.services.import_facilities import (
    FacilityPlan,
    apply_facilities,
    plan_facilities,
)
from linli.places.services.import_files import RawFile
from linli.places.services.import_grids import GridPlan, plan_grids
from linli.places.services.import_plan import HousePlan, RowPlan, plan_houses
from linli.places.services.recording import record

Plan = HousePlan | GridPlan | FacilityPlan
# A list that waits longer than this was forgotten.
KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming an import would do, as things stand now."""

    rows: list[RowPlan]
    new: int
    changed: int
    same: int
    wrong: int
    warned: int

    @property
    def can_be_applied(self) -> bool:
        """Nothing is wrong, and something would change."""
        return not self.wrong and bool(self.new or self.changed)


@transaction.atomic
def prepare_import(
    *,
    community_id: UUID,
    file_name: str,
    raw: RawFile,
    source_crs: str = "wgs84",
    actor: Actor,
    now: datetime,
) -> PlaceImport:
    """Keep an uploaded list until somebody confirms it or throws it away; nothing else changes.

    raw: from `read_file`. source_crs: what the positions in it refer to.
    Errors: NotAllowed, NotFound, BadInput.
    """
    community = selectors.get_community_by_id(community_id)
    actor.require("places.manage", community.path)
    if source_crs not in set(geo.Datum):
        raise BadInput(_("选一下坐标的来源。"), field="source_crs")
    waiting = PlaceImport(
        community=community,
        kind=raw.kind,
        file_name=file_name[:120],
        source_crs=source_crs,
        remarks="\n".join(raw.remarks),
        rows=raw.rows,
        row_count=len(raw.rows),
        error_count=0,
        created_at=now,
        created_by=actor.account_id,
    )
    waiting.error_count = _plan(waiting).count("wrong")
    waiting.save(force_insert=True)
    return waiting


def preview_import(*, import_id: UUID, actor: Actor) -> tuple[PlaceImport, Preview]:
    """Return a waiting import, and row by row what confirming it would do now.

    Errors: NotAllowed, NotFound, AlreadyApplied.
    """
    waiting = selectors.get_import(import_id)
    actor.require("places.manage", waiting.community.path)
    if waiting.applied_at is not None:
        raise AlreadyApplied(_("这份清单已经导入过了。"))
    plan = _plan(waiting)
    preview = Preview(
        rows=plan.rows,
        new=plan.count("new"),
        changed=plan.count("changed"),
        same=plan.count("same"),
        wrong=plan.count("wrong"),
        warned=sum(bool(row.warnings) for row in plan.rows),
    )
    return waiting, preview


@transaction.atomic
def apply_import(*, import_id: UUID, actor: Actor, now: datetime) -> PlaceImport:
    """Put a waiting list in place, all of it or nothing; confirming twice does it once.

    The list is checked again against what is known at this moment.
    Errors: NotAllowed, NotFound, HasErrors.
    """
    waiting = selectors.get_import(import_id, lock=True)
    community = selectors.get_area(waiting.community_id, lock=True)
    actor.require("places.manage", community.path)
    if waiting.applied_at is not None:
        return waiting
    plan = _plan(waiting)
    wrong = plan.count("wrong")
    if wrong:
        raise HasErrors(_("有 %(n)d 行不对，改好文件再上传一次。什么都没有改。") % {"n": wrong})
    if isinstance(plan, HousePlan):
        apply_houses(plan, community, actor, now)
    elif isinstance(plan, FacilityPlan):
        apply_facilities(plan, community, actor, now)
    else:
        apply_grids(plan, community, actor, now)
    # The rows are in their tables now; a second copy would only grow old.
    waiting.applied_at, waiting.rows = now, []
    waiting.save(update_fields=["applied_at", "rows"])
    _record_applied(waiting, plan, community, actor, now)
    return waiting


@transaction.atomic
def discard_import(*, import_id: UUID, actor: Actor, now: datetime) -> Area:
    """Throw a waiting list away; return its community.

    Errors: NotAllowed, NotFound, AlreadyApplied.
    """
    waiting = selectors.get_import(import_id, lock=True)
    community = waiting.community
    actor.require("places.manage", community.path)
    if waiting.applied_at is not None:
        raise AlreadyApplied(_("这份清单已经导入过了。"))
    record(ImportDiscarded(subject_id=waiting.pk, area_path=community.path), actor=actor, at=now)
    waiting.delete()
    return community


@transaction.atomic
def discard_old_imports(*, actor: Actor, now: datetime) -> int:
    """Throw away the lists that nobody confirmed in KEPT_FOR; return how many. The worker calls it."""
    old = PlaceImport.objects.filter(applied_at=None, created_at__lt=now - KEPT_FOR)
    found = list(old.select_related("community").defer("rows"))
    for waiting in found:
        event = ImportDiscarded(subject_id=waiting.pk, area_path=waiting.community.path)
        record(event, actor=actor, at=now)
        waiting.delete()
    return len(found)


def _plan(waiting: PlaceImport) -> Plan:
    rows: list[dict[str, Any]] = waiting.rows
    datum = geo.Datum(waiting.source_crs)
    if waiting.kind == ImportKind.GRIDS:
        return plan_grids(rows, list(selectors.grids_of(waiting.community_id)), datum)
    if waiting.kind == ImportKind.FACILITIES:
        return plan_facilities(rows, waiting.community, datum)
    with_homes = any("home" in row["cells"] for row in rows)
    return plan_houses(rows, known_houses(waiting.community_id, with_homes=with_homes), datum)


def _record_applied(
    waiting: PlaceImport, plan: Plan, community: Area, actor: Actor, now: datetime
) -> None:
    event = ImportApplied(
        subject_id=waiting.pk,
        area_path=community.path,
        kind=waiting.kind,
        created=plan.count("new"),
        changed=plan.count("changed"),
        unchanged=plan.count("same"),
    )
    record(event, actor=actor, at=now)
