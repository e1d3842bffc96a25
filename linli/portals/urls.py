"""The addresses of the room's pages."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.kernel import web
from linli.portals.views import desk, door, field, resident

app_name = "portals"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident.choose, name="choose"),
    path("at/<str:community>/", resident.community, name="community"),
    path("s/<str:code>/", resident.place, name="place"),
    path("home/", door.mine, name="mine"),
    path("desk/", desk.home, name="desk"),
    path("field/", field.today, name="field"),
    path("field/day/", field.package, name="field_package"),
    path("field/me/", field.me, name="field_me"),
]

web.register_nav(
    "desk", web.NavItem(label=_("首页"), url_name="portals:desk", icon="house", order=5)
)
web.register_nav(
    "field",
    web.NavItem(
        label=_("今天"), url_name="portals:field", icon="route", order=10, count=field.waiting
    ),
)
web.register_nav(
    "field", web.NavItem(label=_("我的"), url_name="portals:field_me", icon="user-round", order=50)
)
