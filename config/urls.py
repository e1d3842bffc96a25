"""Every room's pages, under the doors of their audiences; each room names its full addresses itself."""

from django.urls import re_path

from config import doors
from linli.kernel.routes import room

urlpatterns = [
    room("linli.kernel.urls"),
    room("linli.field.urls"),
    room("linli.places.urls"),
    room("linli.people.urls"),
    room("linli.posts.urls"),
    room("linli.messages.urls"),
    room("linli.clients.urls"),
    room("linli.cases.urls"),
    room("linli.care.urls"),
    room("linli.patrols.urls"),
    room("linli.campaigns.urls"),
    room("linli.indicators.urls"),
    room("linli.publishing.urls"),
    room("linli.portals.urls"),
    re_path(r"^api/(?P<rest>.*)$", doors.api),
]

handler400 = "linli.kernel.views.bad_request"
handler403 = "linli.kernel.views.permission_denied"
handler404 = "linli.kernel.views.not_found"
handler500 = "linli.kernel.views.server_error"
