"""The desk's addresses for other systems. The API itself is put together in config/api.py."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.clients.views import keys, webhooks
from linli.kernel.web import NavItem, register_nav

app_name = "clients"

_HOOK = "desk/clients/webhooks/<uuid:webhook_id>/"

urlpatterns = [
    path("desk/clients/", keys.keys, name="keys"),
    path("desk/clients/new/", keys.new_key, name="new_key"),
    path("desk/clients/<uuid:key_id>/ending/", keys.key_ending, name="key_ending"),
    path("desk/clients/webhooks/", webhooks.webhooks, name="webhooks"),
    path("desk/clients/webhooks/new/", webhooks.new_webhook, name="new_webhook"),
    path(_HOOK, webhooks.webhook, name="webhook"),
    path(f"{_HOOK}change/", webhooks.webhook_change, name="webhook_change"),
    path(f"{_HOOK}secret/", webhooks.webhook_secret, name="webhook_secret"),
    path(f"{_HOOK}ending/", webhooks.webhook_ending, name="webhook_ending"),
    path(f"{_HOOK}<slug:act>/", webhooks.webhook_act, name="webhook_act"),
]

register_nav(
    "desk",
    NavItem(
        label=_("其他系统"),
        url_name="clients:keys",
        icon="plug",
        duty="clients.manage",
        order=730,
        group=_("设置"),
    ),
)
