"""Every address of the product: its name, what it carries, whether it needs no sign-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver, reverse


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the URLconf: its name, what it carries, whether it needs no sign-in."""

    name: str
    parts: tuple[str, ...]
    is_public: bool
    pattern: str

    def address(self, things: dict[str, Any]) -> str:
        """Return the address with real ids in it. Errors: KeyError when nobody says what goes there."""
        own = things | things.get(self.name, {})
        return reverse(self.name, kwargs={part: own[part] for part in self.parts}) + own.get(
            f"?{self.name}", ""
        )


def routes() -> list[Route]:
    """Return every named route of the product."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: Any, prefix: str, space: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        if not isinstance(one, URLPattern):
            yield from _walk(one, prefix + str(one.pattern), one.namespace or space)
        elif one.name:
            is_public = getattr(one.callback, "is_public", False)
            parts = tuple(one.pattern.converters)
            yield Route(f"{space}:{one.name}", parts, is_public, prefix + str(one.pattern))
