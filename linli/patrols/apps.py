"""The room `patrols` as a Django app."""

from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.patrols"
    label = "patrols"
