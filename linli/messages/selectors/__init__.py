"""Every question about messages: my notices, what waits to be sent, what reached whom."""

from linli.messages.models import Audience, Channel, DeliveryState, RobotKind
from linli.messages.selectors.log import (
    DeliveryLine,
    DeliverySummary,
    deliveries,
    deliveries_of_subject,
    get_delivery,
    open_outages,
)
from linli.messages.selectors.notices import (
    NoticeLine,
    get_notice,
    notices_of,
    preferences_of,
    unread_count,
)
from linli.messages.selectors.settings import (
    RobotAddress,
    RobotCard,
    get_robot,
    name_of_line,
    quiet_hours_of,
    robots_of,
    robots_seen_by,
)
from linli.messages.selectors.waiting import due_deliveries, lines_down, waiting_until

__all__ = [
    "Audience",
    "Channel",
    "DeliveryLine",
    "DeliveryState",
    "DeliverySummary",
    "NoticeLine",
    "RobotAddress",
    "RobotCard",
    "RobotKind",
    "deliveries",
    "deliveries_of_subject",
    "due_deliveries",
    "get_delivery",
    "get_notice",
    "get_robot",
    "lines_down",
    "name_of_line",
    "notices_of",
    "open_outages",
    "preferences_of",
    "quiet_hours_of",
    "robots_of",
    "robots_seen_by",
    "unread_count",
    "waiting_until",
]
