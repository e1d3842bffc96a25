"""Every room's pages, under the doors of their audiences; each room names its full addresses itself."""

from django.urls import include, path, re_path

from config import doors

urlpatterns = [
    path("", include("linli.kernel.urls")),
    path("", include("linli.field.urls")),
    path("", include("linli.places.urls")),
    path("", include("linli.people.urls")),
    path("", include("linli.posts.urls")),
    path("", include("linli.messages.urls")),
    path("", include("linli.clients.urls")),
    path("", include("linli.cases.urls")),
    path("", include("linli.care.urls")),
    path("", include("linli.patrols.urls")),
    path("", include("linli.campaigns.urls")),
    path("", include("linli.indicators.urls")),
    path("", include("linli.publishing.urls")),
    path("", include("linli.portals.urls")),
    re_path(r"^api/(?P<rest>.*)$", doors.api),
]

handler400 = "linli.kernel.views.bad_request"
handler403 = "linli.kernel.views.permission_denied"
handler404 = "linli.kernel.views.not_found"
handler500 = "linli.kernel.views.server_error"
