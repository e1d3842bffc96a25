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
    """When each of several deliveries leaves; what waits already is asked for once.

    ways: those that may join what waits for the same address. now: the first moment that is told of.
    """

    def __init__(self, ways: Iterable[Way], now: datetime | None) -> None:
        hashes = {hash_address(one.channel, one.address) for one in ways}
        self._joined = selectors.waiting_until(hashes, now) if hashes and now else {}

    def of(self, way: Way, *, area_path: str, is_urgent: bool, now: datetime) -> datetime:
        """Return the moment for one way, never in the quiet time unless urgent; the next one to the
        same address may join it.
        """
        if is_urgent:
            return now
        quiet = selectors.quiet_hours_of(area_path)
        address = hash_address(way.channel, way.address)
        joined = self._joined.get(address)
        latest = quiet.after(now + (_DAILY if way.is_daily else way.window))
        if joined is not None and now < joined <= latest:
            return joined
        due_at = quiet.next_end(now) if way.is_daily else latest
        self._joined[address] = min(due_at, joined) if joined and joined > now else due_at
        return due_at
