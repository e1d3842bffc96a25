"""The lives of a campaign, of an entry on its list and of a matter of the three lists, as tables."""

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.campaigns.errors import IllegalMove


class CampaignState(models.TextChoices):
    """Where a campaign stands."""

    PLANNED = "planned", _("准备中")
    RUNNING = "running", _("进行中")
    ENDED = "ended", _("已结束")
    CANCELLED = "cancelled", _("已取消")


class EntryState(models.TextChoices):
    """Where an entry of the list stands."""

    OPEN = "open", _("待整治")
    SETTLED = "settled", _("已整治")
    HANDED = "handed", _("转工单办理")
    IMPOSSIBLE = "impossible", _("这次办不了")


class MatterState(models.TextChoices):
    """Where a matter of the three lists stands."""

    OPEN = "open", _("整改中")
    SHOWN = "shown", _("等提出人确认")
    CLOSED = "closed", _("已销号")


CAMPAIGN_MOVES = {
    CampaignState.PLANNED: {CampaignState.RUNNING, CampaignState.CANCELLED},
    CampaignState.RUNNING: {CampaignState.ENDED},
    CampaignState.ENDED: {CampaignState.RUNNING},  # something was forgotten
    CampaignState.CANCELLED: set(),
}
ENTRY_MOVES = {
    EntryState.OPEN: {EntryState.SETTLED, EntryState.HANDED, EntryState.IMPOSSIBLE},
    # By its case: resolved, taken back, or not taken on.
    EntryState.HANDED: {EntryState.SETTLED, EntryState.OPEN, EntryState.IMPOSSIBLE},
    # Put right by hand, or its case was reopened.
    EntryState.SETTLED: {EntryState.OPEN, EntryState.HANDED},
    EntryState.IMPOSSIBLE: {EntryState.OPEN, EntryState.SETTLED},
}
MATTER_MOVES = {
    MatterState.OPEN: {MatterState.SHOWN},
    MatterState.SHOWN: {MatterState.CLOSED, MatterState.OPEN},  # the word of who raised it
    MatterState.CLOSED: {MatterState.OPEN},  # its case was reopened
}
_TABLES = {
    CampaignState: CAMPAIGN_MOVES,
    EntryState: ENTRY_MOVES,
    MatterState: MATTER_MOVES,
}


def check_move(old: str, new: CampaignState | EntryState | MatterState) -> None:
    """Raise IllegalMove unless the table of the new state's kind allows the move."""
    kind = type(new)
    if new not in _TABLES[kind][kind(old)]:  # type: ignore[index]
        raise IllegalMove(
            _t("“%(old)s”不能直接改为“%(new)s”。") % {"old": kind(old).label, "new": new.label}
        )
