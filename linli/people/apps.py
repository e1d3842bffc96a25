"""The room `people` as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.people"
    label = "people"
