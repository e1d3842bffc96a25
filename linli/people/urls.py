"""The addresses of the room's pages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.kernel.web import NavItem, register_nav
from linli.people.views import desk, entry, me, resident

app_name = "people"

urlpatterns = [
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/code/", entry.confirm, name="confirm"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("resident/sign-in/", resident.sign_in, name="resident_sign_in"),
    path("resident/sign-in/code/", resident.enter, name="resident_enter"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/totp/", me.totp, name="totp"),
    path("me/sessions/", me.sessions, name="sessions"),
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
