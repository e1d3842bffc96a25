"""The addresses of the room's pages."""

from django.urls import URLPattern, URLResolver, path

from linli.portals.views import resident

app_name = "portals"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident.choose, name="choose"),
    path("at/<str:community>/", resident.community, name="community"),
    path("s/<str:code>/", resident.place, name="place"),
]
