"""The room `cases` as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.cases"
    label = "cases"
