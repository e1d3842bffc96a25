"""When a message leaves: at once when urgent, else soon, with others to the same address, not at night."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linli.kernel import tenancy
from linli.kernel.secrets import lookup_hash
from linli.messages import selectors

_DAILY: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One channel to one address."""

    channel: str
    line: str
    address: str
    window: timedelta
    is_daily: bool = False


def hash_address(channel: str, address: str) -> str:
    """Return what finds the other messages to an address."""
    return lookup_hash(f"messages.{channel}", address, tenancy.current_tenant_id())


class DueTimes:
    """When each of several deliveries leaves; what waits already is asked for once."""

    def __init__(
        self, ways: Iterable[Way], *, area_path: str, is_urgent: bool, now: datetime
    ) -> None:
        self._is_urgent, self._now = is_urgent, now
        self._quiet = selectors.quiet_hours_of(area_path)
        hashes = [] if is_urgent else [hash_address(one.channel, one.address) for one in ways]
        self._joined = selectors.waiting_until(hashes, now) if hashes else {}

    def of(self, way: Way) -> datetime:
        """Return the moment for one way, never in the quiet time unless urgent."""
        if self._is_urgent:
            return self._now
        latest = self._now + (_DAILY if way.is_daily else way.window)
        joined = self._joined.get(hash_address(way.channel, way.address))
        if joined is not None and joined <= self._quiet.after(latest):
            return joined
        if way.is_daily:
            return self._quiet.next_end(self._now)
        return self._quiet.after(self._now + way.window)
