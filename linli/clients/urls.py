"""The addresses of the room clients."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
