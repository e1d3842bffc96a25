"""The addresses of the room's pages."""

from django.urls import URLPattern, URLResolver

app_name = "field"
urlpatterns: list[URLPattern | URLResolver] = []
