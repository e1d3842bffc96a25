"""Everything that changes care: profiles, visits, family, alerts, what follows the register."""

from linli.care.services.alerts import AlertSheet, end_alert, end_due_alerts, start_alert
from linli.care.services.family import drop_family, name_family, reveal_family, withdraw_by_link
from linli.care.services.following import follow_death, follow_merge, follow_move
from linli.care.services.profiles import (
    PlanSheet,
    change_care,
    end_care,
    reveal_care,
    start_care,
)
from linli.care.services.visiting import VisitSheet, record_visit

__all__ = [
    "AlertSheet",
    "PlanSheet",
    "VisitSheet",
    "change_care",
    "drop_family",
    "end_alert",
    "end_care",
    "end_due_alerts",
    "follow_death",
    "follow_merge",
    "follow_move",
    "name_family",
    "record_visit",
    "reveal_care",
    "reveal_family",
    "start_alert",
    "start_care",
    "withdraw_by_link",
]
