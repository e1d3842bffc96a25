"""The addresses of the room's pages."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.kernel.web import NavItem, register_nav
from linli.people.views import (
    desk,
    entry,
    keeping,
    me,
    moving,
    person,
    privacy,
    register,
    resident,
)

app_name = "people"


def _register(door: str, base: str) -> list[Any]:
    """Return the pages of the register at a door: the same ones at the desk and in the field."""
    one = f"{base}persons/<uuid:person_id>/"
    home = f"{base}homes/<uuid:home_id>/"
    building = f"{base}buildings/<uuid:building_id>/"
    return [
        path(base, register.register, name=f"{door}_register"),
        path(f"{base}grids/<uuid:grid_id>/", register.grid, name=f"{door}_grid"),
        path(building, register.building, name=f"{door}_building"),
        path(f"{building}new/", register.new_at_building, name=f"{door}_new_door"),
        path(home, register.home, name=f"{door}_home"),
        path(f"{home}new/", register.new_person, name=f"{door}_new"),
        path(f"{home}check/", register.check, name=f"{door}_check"),
        path(f"{home}arrival/", moving.arrival, name=f"{door}_arrival"),
        path(f"{home}moving/", moving.moving, name=f"{door}_moving"),
        path(one, person.person, name=f"{door}_person"),
        path(f"{one}correction/", person.correction, name=f"{door}_correction"),
        path(f"{one}leaving/", person.leaving, name=f"{door}_leaving"),
        path(f"{one}death/", person.death, name=f"{door}_death"),
        path(f"{one}tags/", person.tags, name=f"{door}_tags"),
        path(f"{one}tags/<slug:code>/ending/", person.untagging, name=f"{door}_untagging"),
        path(f"{one}relatives/", person.relatives, name=f"{door}_relatives"),
        path(
            f"{one}relatives/<uuid:relation_id>/ending/",
            person.unrelating,
            name=f"{door}_unrelating",
        ),
        path(f"{base}merges/<uuid:merge_id>/parting/", keeping.parting, name=f"{door}_parting"),
        path(f"{one}reveal/", person.seeing, name=f"{door}_seeing"),
    ]


urlpatterns = [
    *_register("desk", "desk/people/"),
    *_register("field", "field/people/"),
    path("desk/people/imports/", keeping.imports, name="desk_imports"),
    path("desk/people/imports/<uuid:import_id>/", keeping.import_, name="desk_import"),
    path(
        "desk/people/imports/<uuid:import_id>/confirmation/",
        keeping.import_confirm,
        name="desk_import_confirm",
    ),
    path(
        "desk/people/imports/<uuid:import_id>/discarding/",
        keeping.import_discard,
        name="desk_import_discard",
    ),
    path("desk/people/export/", keeping.export, name="desk_export"),
    path("desk/people/duplicates/", keeping.pairs, name="desk_duplicates"),
    path("desk/people/duplicates/<uuid:pair_id>/", keeping.pair, name="desk_pair"),
    path("desk/people/forms/", keeping.forms, name="desk_forms"),
    path("desk/people/forms/<slug:code>/", keeping.form_compile, name="desk_form"),
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/code/", entry.confirm, name="confirm"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("resident/sign-in/", resident.sign_in, name="resident_sign_in"),
    path("resident/sign-in/code/", resident.enter, name="resident_enter"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/totp/", me.totp, name="totp"),
    path("me/sessions/", me.sessions, name="sessions"),
    path("me/privacy/", privacy.privacy, name="privacy"),
    path("me/privacy/data/", privacy.own_data, name="own_data"),
    path("me/privacy/copy/", privacy.own_copy, name="own_copy"),
    path("me/privacy/consents/<slug:purpose>/", privacy.consent, name="consent"),
    path("desk/people/privacy/<uuid:person_id>/", privacy.person_privacy, name="person_privacy"),
    path(
        "desk/people/privacy/<uuid:person_id>/consents/",
        privacy.person_consent,
        name="person_consent",
    ),
    path("desk/people/privacy/<uuid:person_id>/copy/", privacy.person_copy, name="person_copy"),
    path("desk/people/privacy/<uuid:person_id>/link/", privacy.person_link, name="person_link"),
    path("desk/people/retention/", privacy.retention_rules, name="retention"),
    path("desk/people/retention/<str:kind>/", privacy.retention_rule, name="retention_rule"),
    path("desk/people/accounts/", desk.accounts, name="accounts"),
    path("desk/people/accounts/new/", desk.new_account, name="new_account"),
    path("desk/people/accounts/<uuid:account_id>/", desk.account, name="account"),
    path(
        "desk/people/accounts/<uuid:account_id>/password/", desk.password, name="account_password"
    ),
    path("desk/people/accounts/<uuid:account_id>/unlocking/", desk.unlocking, name="unlocking"),
    path("desk/people/accounts/<uuid:account_id>/ending/", desk.ending, name="ending"),
    path("desk/people/security/", desk.security, name="security"),
    path(
        "desk/people/security/<uuid:account_id>/unlocking/",
        desk.security_unlocking,
        name="security_unlocking",
    ),
]

register_nav(
    "desk",
    NavItem(
        label=_("账号"),
        url_name="people:accounts",
        icon="users",
        duty="people.manage",
        order=620,
        group=_("管理"),
    ),
)
register_nav(
    "desk",
    NavItem(
        label=_("账号安全"),
        url_name="people:security",
        icon="shield-check",
        duty="kernel.security",
        order=820,
        group=_("运行"),
    ),
)
register_nav(
    "desk",
    NavItem(
        label=_("资料保存期限"),
        url_name="people:retention",
        icon="hourglass",
        duty="people.manage",
        order=625,
        group=_("管理"),
    ),
)
register_nav(
    "desk",
    NavItem(
        label=_("居民登记"),
        url_name="people:desk_register",
        icon="users-round",
        duty="people.register",
        order=300,
        group=_("一线"),
    ),
)
