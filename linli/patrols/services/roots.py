"""A facility that breaks again and again: its root-cause case (治本单) is proposed, opened or not.

Source: the mission's 未诉先办: a third fault within ninety days.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors as cases
from linli.cases.selectors import Source
from linli.cases.services.intake import Report, enter_case
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.rows import insert_once
from linli.patrols.errors import AlreadyDone
from linli.patrols.events import RootDecided, RootProposed
from linli.patrols.models import Root, RootState
from linli.patrols.selectors import access
from linli.places.selectors.facilities import faults_of, get_facility, where_of_facility

REASON_LIMIT = 200


@transaction.atomic
def propose_root(
    *, facility_id: UUID, fault_count: int, actor: Actor, now: datetime
) -> Root | None:
    """Propose to look for the root of a facility's faults; None while an older proposal waits.

    Called by the subscriber of places' event, perhaps twice. Errors: NotFound.
    """
    facility = get_facility(facility_id)
    root = Root(
        facility=facility, community_id=facility.community_id, area_path=facility.area_path,
        fault_count=fault_count, proposed_at=now,
    )  # fmt: skip
    if Root.objects.filter(facility=facility, proposed_at=now).exists() or not insert_once(root):
        return None
    event = RootProposed(
        subject_id=root.pk, area_path=root.area_path, facility_id=facility.pk,
        fault_count=fault_count,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    return root


@transaction.atomic
def open_root(*, root_id: UUID, category_id: UUID, text: str, actor: Actor, now: datetime) -> Root:
    """Open the root-cause case: an ordinary case at the facility's place, with its own promises.

    Errors: NotFound, NotAllowed (patrols.manage and cases.enter), AlreadyDone, BadInput.
    """
    root = _open(root_id, actor)
    facility = get_facility(root.facility_id)
    category = cases.get_category(category_id)
    if category.is_confidential:
        raise BadInput(_("治本单不是保密的事，换一个类别。"), field="category")
    report = Report(
        category_id=category_id,
        text=text,
        where=where_of_facility(facility),
        source=Source.PATROL,
        key=f"root:{root.pk}",
    )
    case, _is_new = enter_case(report=report, actor=actor, now=now)
    root.case = case
    _decide(root, RootState.OPENED, actor, now)
    return root


@transaction.atomic
def dismiss_root(*, root_id: UUID, reason: str, actor: Actor, now: datetime) -> Root:
    """Say why no root-cause case is opened. Errors: NotFound, NotAllowed, AlreadyDone, BadInput."""
    root = _open(root_id, actor)
    if not reason.strip():
        raise BadInput(_("写一句为什么不立。"), field="reason")
    root.reason = reason.strip()[:REASON_LIMIT]
    _decide(root, RootState.DISMISSED, actor, now)
    return root


def words_of(root: Root) -> str:
    """Return what a root-cause case says: what broke how often, each time with its number."""
    faults = [one for one in faults_of(root.facility_id) if one.is_counted][: root.fault_count]
    told = "、".join(f"{one.case_number} {one.title}" for one in faults)
    facility = root.facility
    return _("%(what)s 90 天里坏了 %(n)d 次：%(told)s。查清根本原因，一次改好。") % {
        "what": facility.label, "n": root.fault_count, "told": told,
    }  # fmt: skip


def _open(root_id: UUID, actor: Actor) -> Root:
    root = access.get_root(root_id, actor, lock=True)
    if root.state != RootState.PROPOSED:
        raise AlreadyDone(_("这一条已经有人决定过了。"))
    return root


def _decide(root: Root, state: RootState, actor: Actor, now: datetime) -> None:
    root.state, root.decided_at, root.decided_by = state, now, actor.account_id
    root.save(update_fields=["state", "decided_at", "decided_by", "reason", "case"])
    event = RootDecided(
        subject_id=root.pk, area_path=root.area_path, state=state, case_id=root.case_id
    )
    events.record(event, actor=actor, at=now)
