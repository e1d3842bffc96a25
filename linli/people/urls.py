"""The addresses of the room's pages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.kernel.web import NavItem, register_nav
from linli.people.views import desk, entry, me, privacy, resident

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
