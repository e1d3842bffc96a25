"""The addresses of the room indicators."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.indicators.views import figures, rows
from linli.kernel.web import NavItem, register_nav

app_name = "indicators"

_D = "desk/figures/"
urlpatterns = [
    path(_D, figures.index, name="index"),
    path(f"{_D}<uuid:area_id>/", figures.area, name="area"),
    path(f"{_D}<uuid:area_id>/rows/<slug:figure>/", rows.rows, name="rows"),
]

register_nav(
    "desk",
    NavItem(
        label=_("数字"), url_name="indicators:index", icon="chart-line", duty="cases.view", order=30
    ),
)
