"""The kernel's own addresses: type size, health, components."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.kernel import views
from linli.kernel.views import calendar
from linli.kernel.web import NavItem, register_nav

app_name = "kernel"

urlpatterns = [
    path("display/", views.display_size, name="display"),
    path("大字版/", views.large_type, name="large"),
    path("长辈版/", views.large_type),
    path("关怀版/", views.large_type),
    path("health/", views.health, name="health"),
    path("design/", views.design, name="design"),
    path("desk/settings/calendar/", calendar.year, name="calendar"),
    path("desk/settings/calendar/days/", calendar.day, name="calendar_day"),
    path("desk/settings/calendar/hours/", calendar.hours, name="calendar_hours"),
    path("desk/settings/calendar/<int:year>/install/", calendar.install, name="calendar_install"),
    path("desk/settings/calendar/<int:year>/import/", calendar.import_file, name="calendar_import"),
    path(
        "desk/settings/calendar/<int:year>/import/confirmation/",
        calendar.import_confirm,
        name="calendar_confirm",
    ),
]

register_nav(
    "desk",
    NavItem(
        label=_("工作日历"),
        url_name="kernel:calendar",
        icon="calendar-days",
        duty="kernel.calendar",
        order=720,
        group=_("设置"),
    ),
)
