"""The room `field` as a Django app."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.field"
    label = "field"
