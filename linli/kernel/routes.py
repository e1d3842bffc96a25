"""Rooms' addresses, found by how they begin: a request asks a few routes, not every one there is.

Django tries route after route; with hundreds of them that cost a page a twentieth of its time.
"""

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any, Final
from uuid import UUID

from django.urls import URLPattern, URLResolver, include, reverse
from django.urls.exceptions import Resolver404
from django.urls.resolvers import ResolverMatch, RoutePattern

DEPTH: Final = 2  # how many parts of an address are looked at: "desk/cases"
_Head = tuple[str, ...]


def room(urls: str) -> URLResolver:
    """Return the addresses of a room's `urls` module, as `path("", include(urls))` would."""
    module, app_name, namespace = include(urls)
    return RoomResolver(RoutePattern(""), module, app_name=app_name, namespace=namespace)


class RoomResolver(URLResolver):
    """A resolver of whole addresses that knows with which parts each of its routes begins."""

    def resolve(self, path: str) -> ResolverMatch:
        """Return the match of the first route that fits, in their order. Errors: Resolver404."""
        path = str(path)
        for pattern in self._routes_of(path):
            try:
                found = pattern.resolve(path)
            except Resolver404:
                continue
            if found:
                return ResolverMatch(
                    found.func,
                    found.args,
                    found.kwargs,
                    found.url_name,
                    [self.app_name, *found.app_names],
                    [self.namespace, *found.namespaces],
                    found.route,
                    [],
                    captured_kwargs=found.captured_kwargs,
                    extra_kwargs=found.extra_kwargs,
                )
        raise Resolver404({"tried": [[one] for one in self.url_patterns], "path": path})

    def _routes_of(self, path: str) -> list[Any]:
        heads, known = self._index
        parts = path.split("/", DEPTH)[:DEPTH]
        head = tuple(part if part in known else "" for part in parts)
        found = heads.get(head)
        return self._remember(head) if found is None else found

    def _remember(self, head: _Head) -> list[Any]:
        # Heads are made of known parts only, so that strange addresses do not fill the memory.
        heads, _known = self._index
        heads[head] = [one for one in self.url_patterns if _may_fit(_literal(one), head)]
        return heads[head]

    @cached_property
    def _index(self) -> tuple[dict[_Head, list[Any]], frozenset[str]]:
        parts = (part for one in self.url_patterns for part in _literal(one))
        return {}, frozenset(parts)


def _literal(pattern: URLPattern | URLResolver) -> _Head:
    """Return the whole parts with which every address of a route begins; () when they vary."""
    route = pattern.pattern
    if not isinstance(route, RoutePattern):
        return ()
    found: list[str] = []
    parts = str(route).split("/")
    for part in parts[:-1]:  # what comes after the last "/" may go on, in an included list
        if "<" in part or len(found) == DEPTH:
            break
        found.append(part)
    return tuple(found)


def _may_fit(literal: Iterable[str], head: _Head) -> bool:
    return all(one == other for one, other in zip(literal, head, strict=False))


def address(name: str, *ids: UUID) -> str:
    """Return `reverse(name, args=ids)`; the address of a name is worked out once, the ids put in."""
    parts = _parts(name, len(ids))
    return "".join((parts[0], *(f"{one}{part}" for one, part in zip(ids, parts[1:], strict=True))))


@cache
def _parts(name: str, count: int) -> list[str]:
    """Return what stands before, between and after the ids of an address."""
    marks = [UUID(int=(1 << 127) + number) for number in range(count)]
    rest, parts = reverse(name, args=marks), []
    for mark in marks:
        before, _mark, rest = rest.partition(str(mark))
        parts.append(before)
    return [*parts, rest]
