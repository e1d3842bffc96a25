"""The room `clients` as a Django app."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.clients"
    label = "clients"
