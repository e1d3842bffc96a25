"""The room `blueprints` as a Django app."""

from django.apps import AppConfig


class BlueprintsConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.blueprints"
    label = "blueprints"
