"""The room `messages` as a Django app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.messages"
    label = "messages"
