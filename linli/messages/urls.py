"""The addresses of the room's pages, and their places on the rails."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.kernel import web
from linli.kernel.actor import Actor
from linli.messages import selectors
from linli.messages.views import log, notices, settings, templates

app_name = "messages"


def _at(door: str) -> list[URLPattern | URLResolver]:
    """The same four pages at a staff door."""
    return [
        path(f"{door}/notices/", notices.notices, name=f"{door}_notices"),
        path(f"{door}/notices/read/", notices.read_all, name=f"{door}_notices_read"),
        path(f"{door}/notices/preferences/", notices.preferences, name=f"{door}_preferences"),
        path(f"{door}/notices/<uuid:notice_id>/", notices.notice, name=f"{door}_notice"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    *_at("desk"),
    *_at("field"),
    path("desk/messages/", log.log, name="log"),
    path("desk/messages/export/", log.export, name="export"),
    path("desk/messages/<uuid:delivery_id>/again/", log.again, name="again"),
    path("desk/messages/templates/", templates.templates, name="templates"),
    path(
        "desk/messages/templates/<str:event_name>/<str:audience>/<str:channel>/",
        templates.template,
        name="template",
    ),
    path("desk/messages/quiet/", settings.quiet, name="quiet"),
    path("desk/messages/robots/", settings.robots, name="robots"),
    path("desk/messages/robots/new/", settings.robot, name="robot_new"),
    path("desk/messages/robots/<uuid:robot_id>/", settings.robot, name="robot"),
    path("desk/messages/robots/<uuid:robot_id>/trial/", settings.trial, name="trial"),
]


def _unread(actor: Actor) -> int:
    return selectors.unread_count(actor.account_id) if actor.account_id else 0


for _door, _order in (("desk", 60), ("field", 40)):
    web.register_nav(
        _door,
        web.NavItem(
            label=_("通知"), url_name=f"messages:{_door}_notices", icon="bell", order=_order,
            count=_unread,
        ),
    )  # fmt: skip
web.register_nav(
    "desk",
    web.NavItem(
        label=_("发送记录"), url_name="messages:log", icon="send", duty="messages.manage",
        order=660, group=_("管理"),
    ),
)  # fmt: skip
