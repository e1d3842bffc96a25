"""The desk's addresses for other systems. The API itself is put together in config/api.py."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.clients.views import keys
from linli.kernel.web import NavItem, register_nav

app_name = "clients"

urlpatterns = [
    path("desk/clients/", keys.keys, name="keys"),
    path("desk/clients/new/", keys.new_key, name="new_key"),
    path("desk/clients/<uuid:key_id>/ending/", keys.key_ending, name="key_ending"),
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
