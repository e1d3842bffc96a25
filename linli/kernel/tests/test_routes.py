"""Addresses are found as Django finds them, only sooner."""

from uuid import UUID

from django.template import Context, Template
from django.urls import URLResolver, path, reverse
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from linli.kernel.routes import RoomResolver, address


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
    for one in ASKED * 2:
        assert asked(ours, one) == asked(usual, one), one
    heads, known = ours._index
    assert len(heads) <= (len(known) + 1) ** 2


def test_strange_addresses_do_not_fill_the_memory():
    ours = RoomResolver(RoutePattern(""), ROUTES, app_name="room", namespace="room")
    for number in range(1000):
        asked(ours, f"strange{number}/stranger{number}/")
    assert len(ours._index[0]) == 1


def test_an_address_with_ids_is_what_django_makes_of_it():
    some = (UUID(int=7), UUID(int=9))
    assert address("cases:queue") == reverse("cases:queue")
    assert address("cases:desk_case", some[0]) == reverse("cases:desk_case", args=some[:1])
    assert address("cases:desk_case", some[1]) == reverse("cases:desk_case", args=some[1:])
    shown = Template(
        "{% url 'cases:desk_case' one %} {% url 'cases:queue' %} {% url 'cases:desk_case' text %}"
    )
    words = shown.render(Context({"one": some[0], "text": str(some[1])}))
    assert words.split() == [
        reverse("cases:desk_case", args=some[:1]),
        reverse("cases:queue"),
        reverse("cases:desk_case", args=some[1:]),
    ]
