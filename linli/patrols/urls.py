"""The addresses of the room's pages."""

from django.urls import URLPattern, URLResolver

app_name = "patrols"
urlpatterns: list[URLPattern | URLResolver] = []
