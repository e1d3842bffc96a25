"""The addresses of places, all at the desk."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.kernel.web import NavItem, register_nav
from linli.places.views import areas, codes, desk, facilities, grids, houses, imports, planning

app_name = "places"

_D = "desk/places/"
_C = f"{_D}<uuid:community_id>/"
urlpatterns = [
    path(_D, desk.index, name="index"),
    path(f"{_D}areas/", areas.areas, name="areas"),
    path(f"{_D}areas/new/", areas.new_area, name="area_new"),
    path(f"{_D}areas/<uuid:area_id>/", areas.area, name="area"),
    path(f"{_D}areas/<uuid:area_id>/end/", areas.end_area, name="area_end"),
    path(_C, desk.community, name="community"),
    path(f"{_C}edit/", desk.edit_community, name="community_edit"),
    path(f"{_C}estates/new/", desk.new_estate, name="estate_new"),
    path(f"{_C}standalone/", desk.standalone, name="standalone"),
    path(f"{_D}estates/<uuid:estate_id>/", desk.estate, name="estate"),
    path(f"{_D}estates/<uuid:estate_id>/edit/", desk.edit_estate, name="estate_edit"),
    path(f"{_D}estates/<uuid:estate_id>/end/", desk.end_estate, name="estate_end"),
    path(f"{_C}buildings/new/", houses.new_building, name="building_new"),
    path(f"{_D}buildings/<uuid:building_id>/", houses.building, name="building"),
    path(f"{_D}buildings/<uuid:building_id>/entrances/", houses.add_entrances, name="entrances"),
    path(f"{_D}buildings/<uuid:building_id>/end/", houses.end_building, name="building_end"),
    path(f"{_D}entrances/<uuid:entrance_id>/", houses.entrance, name="entrance"),
    path(f"{_D}entrances/<uuid:entrance_id>/homes/", houses.add_homes, name="homes"),
    path(f"{_D}entrances/<uuid:entrance_id>/end/", houses.end_entrance, name="entrance_end"),
    path(f"{_C}grids/", grids.grids, name="grids"),
    path(f"{_C}grids/new/", grids.new_grid, name="grid_new"),
    path(f"{_D}grids/<uuid:area_id>/", grids.grid, name="grid"),
    path(f"{_D}grids/<uuid:area_id>/boundary/", grids.boundary, name="boundary"),
    path(f"{_D}grids/<uuid:area_id>/buildings/", grids.grid_buildings, name="grid_buildings"),
    path(f"{_D}grids/<uuid:area_id>/end/", grids.end_grid, name="grid_end"),
    path(f"{_C}plans/", planning.plans, name="plans"),
    path(f"{_D}plans/<uuid:plan_id>/", planning.plan, name="plan"),
    path(f"{_D}plans/<uuid:plan_id>/buildings/", planning.move, name="plan_move"),
    path(f"{_D}plans/<uuid:plan_id>/grids/<uuid:planned_id>/", planning.name, name="plan_grid"),
    path(f"{_D}plans/<uuid:plan_id>/schedule/", planning.schedule, name="plan_schedule"),
    path(f"{_D}plans/<uuid:plan_id>/withdrawal/", planning.withdraw, name="plan_withdraw"),
    path(f"{_D}plans/<uuid:plan_id>/discard/", planning.discard, name="plan_discard"),
    path(f"{_C}codes/", codes.codes, name="codes"),
    path(f"{_C}codes/new/", codes.make_codes, name="codes_new"),
    path(f"{_C}codes/spot/", codes.make_spot_code, name="code_spot"),
    path(f"{_D}codes/stickers.pdf", codes.stickers, name="stickers"),
    path(f"{_D}codes/<uuid:code_id>/", codes.code, name="code"),
    path(f"{_D}codes/<uuid:code_id>/end/", codes.end_code, name="code_end"),
    path(f"{_D}codes/<uuid:code_id>/replacement/", codes.replace_code, name="code_replacement"),
    path(f"{_D}codes/<uuid:code_id>/poster.pdf", codes.poster, name="poster"),
    path(f"{_C}facilities/", facilities.facilities, name="facilities"),
    path(f"{_C}facilities/new/", facilities.new_facility, name="facility_new"),
    path(f"{_C}facilities/targets/", facilities.targets, name="facility_targets"),
    path(f"{_D}facilities/<uuid:facility_id>/", facilities.facility, name="facility"),
    path(
        f"{_D}facilities/<uuid:facility_id>/edit/", facilities.edit_facility, name="facility_edit"
    ),
    path(
        f"{_D}facilities/<uuid:facility_id>/code/", facilities.code_facility, name="facility_code"
    ),
    path(f"{_D}facilities/<uuid:facility_id>/end/", facilities.end_facility, name="facility_end"),
    path(f"{_C}imports/", imports.imports, name="imports"),
    path(f"{_D}imports/<uuid:import_id>/", imports.preview, name="import"),
    path(
        f"{_D}imports/<uuid:import_id>/confirmation/", imports.confirm_import, name="import_confirm"
    ),
    path(f"{_D}imports/<uuid:import_id>/discard/", imports.discard_import, name="import_discard"),
    path(f"{_C}tables/<slug:what>/", imports.table, name="table"),
    path(f"{_C}export/<slug:what>.<slug:kind>", imports.export, name="export"),
]

register_nav(
    "desk",
    NavItem(
        label=_("小区与点位码"),
        url_name="places:index",
        icon="map-pinned",
        duty="places.manage",
        order=640,
        group=_("管理"),
    ),
)
