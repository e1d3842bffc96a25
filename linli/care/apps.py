"""The room `care` as a Django app."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.care"
    label = "care"
