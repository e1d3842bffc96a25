"""The demo's accounts for the sign-in page; whoever makes the demo names them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from linli.people.rules.identity import check_digit


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account that anybody may try in the demo. `group` is a heading, a community's name."""

    group: str
    label: str
    login: str
    password: str


DemoSource = Callable[[], Iterable[DemoAccount]]
_sources: list[DemoSource] = []


def register_demo_accounts(source: DemoSource) -> None:
    """Name the function that gives the demo's accounts; it is called without a tenant."""
    if source not in _sources:
        _sources.append(source)


def demo_accounts() -> list[DemoAccount]:
    """Return the accounts to offer on the sign-in page; none outside the demo."""
    return [one for source in _sources for one in source()] if settings.DEMO else []


def unreal_number(born_on: date, order: int) -> str:
    """Return an identity number of an area that there isn't, sound otherwise; odd orders are men."""
    head = f"990000{born_on:%Y%m%d}{order:03}"
    return head + check_digit(head)
