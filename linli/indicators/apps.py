"""The room `indicators` as a Django app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.indicators"
    label = "indicators"
