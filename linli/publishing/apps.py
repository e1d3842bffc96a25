"""The room `publishing` as a Django app."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.publishing"
    label = "publishing"
