"""The addresses of the room's pages: the visitor's day, the desk's lists, family by a link."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.care.selectors.access import VIEW
from linli.care.selectors.lists import count_at_desk
from linli.care.views import alerts, desk, field, plans, resident
from linli.kernel import web

app_name = "care"

_FIELD: list[URLPattern | URLResolver] = [
    path("field/care/", field.day, name="field_day"),
    path("field/care/<uuid:profile_id>/", field.card, name="field_card"),
    path("field/care/<uuid:profile_id>/why/", field.reveal, name="field_reveal"),
    path("field/care/family/<uuid:family_id>/", field.call_family, name="field_family"),
    path("field/care/photos/<uuid:visit_photo_id>/<str:size>/", field.photo, name="photo"),
]

_DESK = "desk/care/"
_ONE = f"{_DESK}<uuid:profile_id>/"
_ALERT = f"{_DESK}alerts/<uuid:alert_id>/"
_STAFF: list[URLPattern | URLResolver] = [
    path(_DESK, desk.people, name="list"),
    path(f"{_DESK}visitors/", desk.visitors, name="visitors"),
    path(f"{_DESK}export/", desk.export, name="export"),
    path(f"{_DESK}new/", plans.pick, name="pick"),
    path(f"{_DESK}new/<uuid:person_id>/", plans.start, name="start"),
    path(_ONE, desk.profile, name="profile"),
    path(f"{_ONE}plan/", plans.change, name="plan"),
    path(f"{_ONE}end/", plans.end, name="end"),
    path(f"{_ONE}why/", desk.reveal, name="reveal"),
    path(f"{_ONE}visit/", desk.visit, name="visit"),
    path(f"{_ONE}family/", plans.add_family, name="family_add"),
    path(f"{_DESK}family/<uuid:family_id>/call/", desk.call_family, name="family_call"),
    path(f"{_DESK}family/<uuid:family_id>/end/", plans.drop_family, name="family_end"),
    path(f"{_DESK}alerts/", alerts.index, name="alerts"),
    path(f"{_DESK}alerts/new/", alerts.new, name="alert_new"),
    path(_ALERT, alerts.board, name="alert"),
    path(f"{_ALERT}end/", alerts.end, name="alert_end"),
    path(f"{_ALERT}hall/", alerts.hall, name="hall"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_FIELD,
    *_STAFF,
    path("care/<str:token>/", resident.family, name="family"),
]

web.register_nav(
    "desk",
    web.NavItem(
        label=_("关怀"),
        url_name="care:list",
        icon="heart-handshake",
        duty=VIEW,
        order=310,
        group=_("一线"),
        count=count_at_desk,
    ),
)
