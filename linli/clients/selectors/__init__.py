"""Every question about other systems: who may manage their keys, which keys there are, what they may do."""

from linli.clients.selectors.keys import (
    DUTIES,
    MANAGE,
    KeyLine,
    duty_groups,
    find_key,
    get_key,
    grants_of,
    hands_of,
    key_lines,
    key_names,
    managed_areas,
    managed_organisations,
)
from linli.clients.selectors.webhooks import (
    delivery_lines,
    due_deliveries,
    get_webhook,
    listeners,
    topic_choices,
    topics_of,
    webhook_lines,
)

__all__ = [
    "DUTIES",
    "MANAGE",
    "KeyLine",
    "delivery_lines",
    "due_deliveries",
    "duty_groups",
    "find_key",
    "get_key",
    "get_webhook",
    "grants_of",
    "hands_of",
    "key_lines",
    "key_names",
    "listeners",
    "managed_areas",
    "managed_organisations",
    "topic_choices",
    "topics_of",
    "webhook_lines",
]
