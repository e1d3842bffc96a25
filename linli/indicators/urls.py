"""The addresses of the room indicators."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.indicators.views import figures, recount, reports, rows, screen, targets, whistles
from linli.kernel.web import NavItem, register_nav

app_name = "indicators"

_D = "desk/figures/"
urlpatterns = [
    path(_D, figures.index, name="index"),
    path(f"{_D}<uuid:area_id>/", figures.area, name="area"),
    path(f"{_D}<uuid:area_id>/rows/<slug:figure>/", rows.rows, name="rows"),
    path(f"{_D}<uuid:area_id>/whistles/", whistles.whistles, name="whistles"),
    path(f"{_D}<uuid:area_id>/targets/", targets.targets, name="targets"),
    path(f"{_D}<uuid:area_id>/goals/", targets.keep_goal, name="goal"),
    path(f"{_D}<uuid:area_id>/goals/<uuid:goal_id>/deletion/", targets.drop_goal, name="goal_drop"),
    path(f"{_D}<uuid:area_id>/reports/", reports.reports, name="reports"),
    path(f"{_D}reports/<uuid:report_id>/", reports.report, name="report"),
    path(f"{_D}reports/<uuid:report_id>.xlsx", reports.report_xlsx, name="report_xlsx"),
    path(f"{_D}recount/", recount.recount, name="recount"),
    path("screen/", screen.index, name="screens"),
    path("screen/<uuid:area_id>/", screen.screen, name="screen"),
]

register_nav(
    "desk",
    NavItem(
        label=_("数字"), url_name="indicators:index", icon="chart-line", duty="cases.view", order=30
    ),
)
register_nav(
    "desk",
    NavItem(
        label=_("重新统计"),
        url_name="indicators:recount",
        icon="refresh-cw",
        duty="kernel.operate",
        order=815,
        group=_("运行"),
    ),
)
