"""The room `messages` as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class MessagesConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.messages"
    label = "messages"

    def ready(self) -> None:
        """Say at start when messages would carry links that lead nowhere."""
        checks.register(check_links)


def check_links(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn when something is sent outside without the address under which we are reached."""
    if settings.PUBLIC_URL or not (settings.SMS_URL or settings.MAIL_URL):
        return []
    return [
        checks.Warning(
            "Messages are sent, but their links lead nowhere.",
            hint="Set LINLI_PUBLIC_URL to the address under which residents reach this server.",
            id="messages.W001",
        )
    ]
