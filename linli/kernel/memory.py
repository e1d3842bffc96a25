"""Answers kept in the process for a short while, per tenant: settings that every report reads.

Two processes agree after the time to live at the latest; the one that changed something forgets at once.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from linli.kernel import tenancy

P = ParamSpec("P")
R = TypeVar("R")
SECONDS = 20.0
_all: list["Remembered[..., Any]"] = []
_others: list[Callable[[], None]] = []


class Remembered(Generic[P, R]):
    """A function whose answers are kept per tenant and arguments."""

    def __init__(
        self,
        function: Callable[P, R],
        seconds: float,
        *,
        is_per_tenant: bool = True,
        most: int = 5_000,
    ) -> None:
        self._function = function
        self._seconds = seconds
        self._most = most  # whole pages are large: fewer of them
        self._is_per_tenant = is_per_tenant
        self._kept: dict[Any, tuple[float, R]] = {}
        wraps(function)(self)
        _all.append(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return the kept answer, or ask again when it is too old."""
        tenant_id = tenancy.current_tenant_id() if self._is_per_tenant else 0
        key = (tenant_id, args, tuple(sorted(kwargs.items())))
        found = self._kept.get(key)
        if found is not None and found[0] > time.monotonic():
            return found[1]
        answer = self._function(*args, **kwargs)
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[key] = (time.monotonic() + self._seconds, answer)
        return answer

    def forget(self) -> None:
        """Ask again next time."""
        self._kept.clear()


def remember(function: Callable[P, R]) -> Remembered[P, R]:
    """Keep a function's answers for a few seconds; the arguments must be hashable."""
    return Remembered(function, SECONDS)


def remember_globally(function: Callable[P, R]) -> Remembered[P, R]:
    """Keep a function's answers that belong to no tenant: which tenants there are."""
    return Remembered(function, SECONDS, is_per_tenant=False)


def forget_too(forget: Callable[[], None]) -> None:
    """Let something else that keeps answers forget them when everything is forgotten."""
    _others.append(forget)


def forget_all() -> None:
    """Forget everything: after an import, and between tests."""
    for remembered in _all:
        remembered.forget()
    for forget in _others:
        forget()
