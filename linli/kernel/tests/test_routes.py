"""Addresses are found as Django finds them, only sooner."""

from django.urls import URLResolver, path
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from linli.kernel.routes import RoomResolver


def page(request, **_facts):
    return request


ROUTES = [
    path("", page, name="home"),
    path("desk/", page, name="desk"),
    path("desk/cases/", page, name="cases"),
    path("desk/cases/<int:number>/", page, name="case"),
    path("desk/cases/new/", page, name="never"),
    path("<str:word>/cases/", page, name="any"),
    path("desk/<str:word>/", page, name="desk_any"),
    path("board/<str:word>/<int:number>/", page, name="board"),
]
ASKED = [
    "", "desk", "desk/", "desk/cases", "desk/cases/", "desk/cases/7/", "desk/cases/x/", "desk/other/",
    "field/cases/", "board/a/3/", "board/a/", "nothing/", "/", "//", "desk//", "票/cases/", "desk/cases/new/",
]  # fmt: skip


def asked(resolver, address):
    try:
        found = resolver.resolve(address)
    except Resolver404:
        return None
    return (found.view_name, found.kwargs, found.route)


def test_every_address_leads_where_it_led():
    usual = URLResolver(RoutePattern(""), ROUTES, app_name="room", namespace="room")
    ours = RoomResolver(RoutePattern(""), ROUTES, app_name="room", namespace="room")
    for address in ASKED * 2:
        assert asked(ours, address) == asked(usual, address), address
    heads, known = ours._index
    assert len(heads) <= (len(known) + 1) ** 2


def test_strange_addresses_do_not_fill_the_memory():
    ours = RoomResolver(RoutePattern(""), ROUTES, app_name="room", namespace="room")
    for number in range(1000):
        asked(ours, f"strange{number}/stranger{number}/")
    assert len(ours._index[0]) == 1
