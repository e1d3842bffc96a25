"""Every room's pages, under the doors of their audiences."""

from django.urls import include, path

urlpatterns = [
    path("", include("linli.portals.urls")),
]
