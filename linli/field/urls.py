"""The addresses of the room's pages: what phones call, what their owners and the desk look at."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.field.views import desk, form_clients, mine, openrosa, shell, sync
from linli.kernel import web

app_name = "field"

# The worker's own file and its pages lie outside /field/: they carry nothing that is anybody's.
_SHELL: list[URLPattern | URLResolver] = [
    path("app/field.js", shell.worker, name="worker"),
    path("app/field.webmanifest", shell.manifest, name="manifest"),
    path("app/shell/", shell.shell, name="shell"),
    path("app/icons/<str:name>", shell.icon, name="app_icon"),
]

_SYNC: list[URLPattern | URLResolver] = [
    path("field/sync/device/", sync.device, name="sync_device"),
    path("field/sync/leaving/", sync.leave, name="sync_leaving"),
    path("field/sync/submissions/", sync.send, name="sync_send"),
    path("field/sync/photos/<uuid:upload_id>/", sync.photo, name="sync_photo"),
]

_MINE: list[URLPattern | URLResolver] = [
    path("field/sent/", mine.sent, name="sent"),
    path("field/sent/<uuid:submission_id>/", mine.one, name="sent_one"),
    path("field/sent/<uuid:submission_id>/decision/", mine.decide, name="sent_decision"),
    path("field/phones/<uuid:device_id>/ending/", mine.end, name="phone_ending"),
]

_DESK: list[URLPattern | URLResolver] = [
    path("desk/handed-in/", desk.waiting, name="waiting"),
    path("desk/handed-in/<uuid:submission_id>/", desk.one, name="desk_one"),
    path("desk/handed-in/<uuid:submission_id>/decision/", desk.decide, name="desk_decision"),
    path("desk/handed-in/<uuid:submission_id>/taking/", desk.take, name="desk_taking"),
    path("desk/handed-in/<uuid:submission_id>/discarding/", desk.discard, name="desk_discarding"),
    path(
        "desk/handed-in/<uuid:submission_id>/photos/<uuid:upload_id>/",
        desk.photo,
        name="desk_photo",
    ),
]

_FORM = "forms/<str:form_id>/<str:version>"

# What ODK Collect and its kin call; their names of the first and the last are fixed.
_OPENROSA: list[URLPattern | URLResolver] = [
    path("openrosa/formList", openrosa.form_list, name="openrosa_form_list"),
    path(f"openrosa/{_FORM}/form.xml", openrosa.form, name="openrosa_form"),
    path(f"openrosa/{_FORM}/manifest.xml", openrosa.manifest, name="openrosa_manifest"),
    path(f"openrosa/{_FORM}/subjects.csv", openrosa.subjects, name="openrosa_subjects"),
    path("openrosa/submission", openrosa.submission, name="openrosa_submission"),
    path("field/phones/forms/", form_clients.form_clients, name="form_clients"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_SHELL, *_SYNC, *_MINE, *_DESK, *_OPENROSA]

web.register_nav(
    "desk",
    web.NavItem(
        label=_("手机交来的"),
        url_name="field:waiting",
        icon="smartphone",
        duty="field.quarantine",
        order=350,
        group=_("一线"),
        count=desk.count,
    ),
)
