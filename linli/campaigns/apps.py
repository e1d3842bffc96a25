"""The room `campaigns` as a Django app."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.campaigns"
    label = "campaigns"
