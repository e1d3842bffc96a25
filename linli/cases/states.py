"""The life of a case, as a table. Labels are what people see."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.cases.errors import IllegalMove


class CaseState(models.TextChoices):
    """Where a case stands."""

    REPORTED = "reported", _("待受理")
    ACCEPTED = "accepted", _("已受理")
    ASSIGNED = "assigned", _("已派单")
    IN_HAND = "in_hand", _("处理中")
    SUSPENDED = "suspended", _("已挂起")
    RESOLVED = "resolved", _("待评价")
    CLOSED = "closed", _("已办结")
    DECLINED = "declined", _("不予受理")
    MERGED = "merged", _("已并案")
    WITHDRAWN = "withdrawn", _("已撤回")


S = CaseState

MOVES: dict[CaseState, set[CaseState]] = {
    S.REPORTED: {S.ACCEPTED, S.ASSIGNED, S.IN_HAND, S.RESOLVED, S.DECLINED, S.MERGED, S.WITHDRAWN},
    S.ACCEPTED: {S.ASSIGNED, S.IN_HAND, S.RESOLVED, S.SUSPENDED, S.DECLINED, S.MERGED, S.WITHDRAWN},
    # back to accepted: the wrong hands; assigned again: to other hands
    S.ASSIGNED: {S.IN_HAND, S.ACCEPTED, S.ASSIGNED, S.RESOLVED, S.SUSPENDED, S.MERGED, S.WITHDRAWN},
    S.IN_HAND: {S.RESOLVED, S.SUSPENDED, S.ACCEPTED, S.ASSIGNED, S.MERGED, S.WITHDRAWN},
    S.SUSPENDED: {S.IN_HAND, S.ASSIGNED, S.ACCEPTED, S.WITHDRAWN, S.RESOLVED},
    S.RESOLVED: {
        S.CLOSED,
        S.ASSIGNED,
        S.ACCEPTED,
    },  # back to assigned or accepted: not solved, not satisfied
    S.CLOSED: {S.ASSIGNED, S.ACCEPTED},  # reopened within the window, by the reporter's word
    S.DECLINED: {S.ACCEPTED},  # the review date came, or a higher level asked for it
    S.MERGED: {S.REPORTED, S.ACCEPTED},  # a merge undone
    S.WITHDRAWN: set(),
}

# Somebody still owes something.
OPEN = (S.REPORTED, S.ACCEPTED, S.ASSIGNED, S.IN_HAND, S.SUSPENDED)
# Nothing further happens by itself.
DONE = (S.CLOSED, S.DECLINED, S.MERGED, S.WITHDRAWN)


def check_move(old: str, new: CaseState) -> None:
    """Raise IllegalMove unless a case may go from `old` to `new`."""
    if new not in MOVES[CaseState(old)]:
        raise IllegalMove(f"“{CaseState(old).label}”的工单不能直接改为“{new.label}”。")
