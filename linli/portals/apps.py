"""The room `portals` as a Django app."""

from django.apps import AppConfig


class PortalsConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.portals"
    label = "portals"
