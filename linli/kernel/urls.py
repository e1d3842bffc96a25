"""The kernel's own addresses: type size, health, components."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.kernel import views
from linli.kernel.views import calendar, runs
from linli.kernel.web import NavItem, register_nav

app_name = "kernel"

urlpatterns = [
    path("display/", views.display_size, name="display"),
    path("大字版/", views.large_type, name="large"),
    path("长辈版/", views.large_type),
    path("关怀版/", views.large_type),
    path("health/", views.health, name="health"),
    path("design/", views.design, name="design"),
    path("desk/runs/", runs.run_list, name="runs"),
    path("desk/runs/<uuid:run_id>/", runs.run, name="run"),
    path("desk/runs/<uuid:run_id>/cancel/", runs.run_cancel, name="run_cancel"),
    path("desk/runs/<uuid:run_id>/result/", runs.run_result, name="run_result"),
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
register_nav(
    "desk",
    NavItem(label=_("后台任务"), url_name="kernel:runs", icon="files", order=650, group=_("管理")),
)
