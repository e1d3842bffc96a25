"""The kernel's own addresses: type size, health, components."""

from django.urls import path

from linli.kernel import views

app_name = "kernel"

urlpatterns = [
    path("display/", views.display_size, name="display"),
    path("大字版/", views.large_type, name="large"),
    path("长辈版/", views.large_type),
    path("关怀版/", views.large_type),
    path("health/", views.health, name="health"),
    path("design/", views.design, name="design"),
]
