"""The addresses of the room's pages: the walker's phone, the desk's coverage, routes, rounds, roots."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.kernel import web
from linli.patrols.selectors.access import VIEW
from linli.patrols.selectors.roots import count_roots
from linli.patrols.views import coverage, desk, field, field_more, roots, routes

app_name = "patrols"

_F = "field/patrols/"
_D = "desk/patrols/"
_WALK = f"{_F}walks/<uuid:patrol_id>/"
_POINT = f"{_F}points/<uuid:point_id>/"
_ROUTE = f"{_D}routes/<uuid:route_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_F, field.index, name="field_index"),
    path(f"{_F}scan/", field.scan, name="field_scan"),
    path(f"{_F}persuasions/", field_more.persuade, name="field_persuade"),
    path(f"{_F}rounds/<uuid:round_id>/", field_more.take_round, name="field_round"),
    path(f"{_F}routes/<uuid:route_id>/", field.route, name="field_route"),
    path(f"{_F}routes/<uuid:route_id>/walk/", field.start, name="field_start"),
    path(_WALK, field.walk, name="field_walk"),
    path(f"{_WALK}points/<uuid:point_id>/fine/", field.fine, name="field_fine"),
    path(f"{_WALK}finish/", field.finish, name="field_finish"),
    path(f"{_WALK}signature/", field.sign, name="field_sign"),
    path(_POINT, field.point, name="field_point"),
    path(f"{_POINT}skip/", field.skip, name="field_skip"),
    path(_D, coverage.index, name="coverage"),
    path(f"{_D}coverage.xlsx", coverage.export, name="coverage_export"),
    path(f"{_D}plan/", coverage.plan, name="plan"),
    path(f"{_D}walks/", desk.walks, name="walks"),
    path(f"{_D}walks/<uuid:patrol_id>/", desk.walk, name="walk"),
    path(f"{_D}covenant/", desk.covenant_page, name="covenant"),
    path(f"{_D}rounds/", desk.rounds_list, name="rounds"),
    path(f"{_D}rounds/new/", desk.new_round, name="round_new"),
    path(f"{_D}rounds/<uuid:round_id>/", desk.round_page, name="round"),
    path(f"{_D}rounds/<uuid:round_id>/end/", desk.end_round, name="round_end"),
    path(f"{_D}roots/", roots.index, name="roots"),
    path(f"{_D}roots/<uuid:root_id>/", roots.root, name="root"),
    path(f"{_D}roots/<uuid:root_id>/dismissal/", roots.dismiss, name="root_dismiss"),
    path(f"{_D}routes/", routes.index, name="routes"),
    path(f"{_D}routes/new/", routes.new, name="route_new"),
    path(_ROUTE, routes.route, name="route"),
    path(f"{_ROUTE}edit/", routes.edit, name="route_edit"),
    path(f"{_ROUTE}points/", routes.points, name="route_points"),
    path(f"{_ROUTE}order/", routes.order, name="route_order"),
    path(f"{_ROUTE}end/", routes.end, name="route_end"),
    path(f"{_D}points/<uuid:point_id>/end/", routes.end_point, name="point_end"),
]

web.register_nav(
    "desk",
    web.NavItem(
        label=_("巡查"), url_name="patrols:coverage", icon="route", duty=VIEW, order=320,
        count=count_roots, group=_("一线"),
    ),
)  # fmt: skip
