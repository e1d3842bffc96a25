"""The life of a submission, as a table."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Conflict


class SubmissionState(TextChoices):
    """Where a submission is. What has come in is never thrown away: only a person moves it on."""

    HELD = "held", _("等前面的记录")
    TAKEN = "taken", _("已收下")
    CONFLICT = "conflict", _("等人核对")
    REFUSED = "refused", _("没有收下")
    QUARANTINED = "quarantined", _("等社区核实")
    DISCARDED = "discarded", _("核实后不用")


S = SubmissionState

MOVES: dict[SubmissionState, set[SubmissionState]] = {
    S.HELD: {S.TAKEN, S.CONFLICT, S.REFUSED, S.QUARANTINED},
    S.TAKEN: set(),
    # Decided field by field; meanwhile the record may have changed once more.
    S.CONFLICT: {S.TAKEN, S.CONFLICT, S.REFUSED, S.QUARANTINED},
    S.REFUSED: set(),
    # Taken with a reason, or discarded by two people.
    S.QUARANTINED: {S.TAKEN, S.CONFLICT, S.REFUSED, S.QUARANTINED, S.DISCARDED},
    S.DISCARDED: set(),
}


def check_move(old: str, new: SubmissionState) -> None:
    """Refuse what the table does not allow. Errors: Conflict."""
    if new not in MOVES[SubmissionState(old)]:
        raise Conflict(_t("这条记录已经有人处理过了，刷新看看。"))
