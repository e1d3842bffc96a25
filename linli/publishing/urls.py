"""The addresses of the room publishing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
