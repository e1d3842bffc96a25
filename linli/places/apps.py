"""The room `places` as a Django app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.places"
    label = "places"
