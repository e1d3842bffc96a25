"""Many cases at once: accepted or assigned together, each by itself refused or done, and undone
as one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.errors import NothingToUndo
from linli.cases.events import CaseCorrected
from linli.cases.models import Assignment, BulkAction, Case, EndReason
from linli.cases.selectors.access import visible_to
from linli.cases.selectors.catalogue import get_settings
from linli.cases.services._ground import Step, end_assignment, lock_all
from linli.cases.services.desk import accept_case, assign_case
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError, NotFound

LIMIT = 200
_KEPT = (
    "state",
    "level",
    "handler_post_id",
    "handler_organisation_id",
    "handler_account_id",
    "handler_reason",
    "is_in_arbitration",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk action did: how many, what was refused and why, and the action that can be
    undone.
    """

    done: int
    refused: tuple[tuple[str, str], ...]  # (case number, why)
    action_id: UUID | None


def assign_many(
    *,
    case_ids: Iterable[UUID],
    post_id: UUID | None,
    organisation_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Put many cases into the same hands. Errors: BadInput (none or too many chosen)."""

    def assign(case_id: UUID) -> Case:
        return assign_case(
            case_id=case_id, post_id=post_id, organisation_id=organisation_id, actor=actor, now=now
        )

    return _for_each(case_ids, assign, kind="assign", actor=actor, now=now)


def accept_many(*, case_ids: Iterable[UUID], actor: Actor, now: datetime) -> Outcome:
    """Accept many cases. Errors: BadInput (none or too many chosen)."""

    def accept(case_id: UUID) -> Case:
        return accept_case(case_id=case_id, actor=actor, now=now)

    return _for_each(case_ids, accept, kind="accept", actor=actor, now=now)


@transaction.atomic
def _for_each(
    case_ids: Iterable[UUID],
    change: Callable[[UUID], Case],
    *,
    kind: str,
    actor: Actor,
    now: datetime,
) -> Outcome:
    ids = list(dict.fromkeys(case_ids))
    if not ids:
        raise BadInput(_("先勾选要处理的工单。"))
    if len(ids) > LIMIT:
        raise BadInput(_("一次最多处理 %(most)s 件。") % {"most": LIMIT})
    before, refused = [], []
    # Of what is out of sight nothing is said, not even that it is there.
    seen = Case.objects.filter(visible_to(actor), pk__in=ids)
    for case in lock_all(seen.values_list("pk", flat=True)):
        kept = {name: _plain(getattr(case, name)) for name in _KEPT}
        try:
            with transaction.atomic():
                changed = change(case.pk)
        except DomainError as refusal:
            refused.append((case.number, refusal.message))
        else:
            before.append({"case": str(case.pk), "version": changed.version, **kept})
    action = _remember(kind, before, actor, now) if before else None
    return Outcome(len(before), tuple(refused), action.pk if action else None)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _remember(kind: str, before: list, actor: Actor, now: datetime) -> BulkAction:
    return BulkAction.objects.create(account_id=actor.who, kind=kind, done_at=now, before=before)


@transaction.atomic
def undo_bulk(*, action_id: UUID, actor: Actor, now: datetime) -> Outcome:
    """Put back what a bulk action of one's own changed; cases that moved on since stay as they are.

    Errors: NotFound (somebody else's too), NothingToUndo (undone already, or too long ago), NotAllowed.
    """
    action = BulkAction.objects.select_for_update().filter(pk=action_id).first()
    pause = timedelta(minutes=get_settings().undo_minutes)
    if action is None or action.account_id != actor.who:
        raise NotFound(_("没有找到这一批操作。"))
    if action.undone_at:
        raise NothingToUndo(_("没有可以撤销的操作。"))
    if now > action.done_at + pause:
        raise NothingToUndo(_("已经过了可以撤销的时间，逐件改派。"))
    rows = {UUID(row["case"]): row for row in action.before}
    done, refused = 0, []
    for case in lock_all(rows):
        if case.version == rows[case.pk]["version"]:
            actor.require("cases.dispatch", case.area_path)
            _put_back(Step.begin(case, actor, now), rows[case.pk])
            done += 1
        else:
            refused.append((case.number, _("之后又有了新变化，没有撤销。")))
    action.undone_at = now
    action.save(update_fields=["undone_at"])
    return Outcome(done, tuple(refused), None)


def _put_back(step: Step, kept: dict) -> None:
    """Restore the hands and the state; what was promised and answered stays on record."""
    case = step.case
    for name in _KEPT:
        setattr(case, name, kept.get(name, getattr(case, name)))
    end_assignment(case, reason=EndReason.REASSIGNED, at=step.now)
    if case.handler_post_id or case.handler_organisation_id:
        Assignment.objects.create(
            case=case,
            post_id=case.handler_post_id,
            organisation_id=case.handler_organisation_id,
            reason=case.handler_reason,
            assigned_by=step.actor.account_id,
            assigned_at=step.now,
        )
    step.set_clock()
    step.save("level", "handler_post", "handler_organisation", "handler_account", "handler_reason")
    step.record(CaseCorrected, changed="undo")
