"""The addresses of the room's pages, by door."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.cases.views import desk
from linli.kernel import web

app_name = "cases"

_DESK: list[URLPattern | URLResolver] = [
    path("desk/cases/", desk.queue, name="queue"),
    path("desk/cases/assignments/", desk.assign_many, name="assign_many"),
    path("desk/cases/acceptances/", desk.accept_many, name="accept_many"),
    path("desk/cases/actions/<uuid:action_id>/undo/", desk.undo_many, name="undo_many"),
    path("desk/cases/<uuid:case_id>/", desk.case, name="desk_case"),
    path("desk/cases/<uuid:case_id>/contact/", desk.reveal, name="desk_contact"),
    path(
        "desk/cases/<uuid:case_id>/photos/<uuid:photo_id>/<str:size>/",
        desk.photo,
        name="desk_photo",
    ),
    path("desk/cases/<uuid:case_id>/<slug:action>/", desk.act, name="desk_act"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_DESK]

web.register_nav(
    "desk",
    web.NavItem(label=_("工单"), url_name="cases:queue", icon="inbox", duty="cases.view", order=10),
)
