"""Every change to how other systems are connected: keys, webhooks, what is sent to them."""

from linli.clients.services.delivering import hand_out
from linli.clients.services.keys import Caller, KeySheet, NewKey, make_key, open_door, revoke_key
from linli.clients.services.topics import register_topics
from linli.clients.services.webhooks import (
    NewSecret,
    WebhookSheet,
    add_webhook,
    change_webhook,
    end_webhook,
    pause_webhook,
    resume_webhook,
    rotate_secret,
    try_webhook,
)

__all__ = [
    "Caller",
    "KeySheet",
    "NewKey",
    "NewSecret",
    "WebhookSheet",
    "add_webhook",
    "change_webhook",
    "end_webhook",
    "hand_out",
    "make_key",
    "open_door",
    "pause_webhook",
    "register_topics",
    "resume_webhook",
    "revoke_key",
    "rotate_secret",
    "try_webhook",
]
