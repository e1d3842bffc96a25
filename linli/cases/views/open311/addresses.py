"""The addresses of Open311, which the room's URLs include."""

from django.urls import URLPattern, URLResolver, path

from linli.cases.views.open311 import catalogue, requests, updates

# The jurisdiction stands in the query, or in the path for clients that can't send it.
_V2 = ("open311/v2/", "")
_V2_AT = ("open311/at/<str:jurisdiction>/v2/", "_at")
OPEN311: list[URLPattern | URLResolver] = [
    path(f"{base}{address}", view, name=f"open311_{name}{mark}")
    for base, mark in (_V2, _V2_AT)
    for address, view, name in (
        ("discovery.<str:ext>", catalogue.discovery, "discovery"),
        ("services.<str:ext>", catalogue.services, "services"),
        ("services/<str:service_code>.<str:ext>", catalogue.definition, "definition"),
        ("requests.<str:ext>", requests.requests, "requests"),
        ("requests/<str:request_id>.<str:ext>", requests.request, "request"),
        ("tokens/<str:token_id>.<str:ext>", requests.token, "token"),
        ("servicerequestupdates.<str:ext>", updates.service_request_updates, "updates"),
    )
]
OPEN311.append(path("open311/photos/<str:signed>.jpg", requests.photo, name="open311_photo"))
