"""The addresses of the room indicators."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
