"""What the outside world is given, and how it can answer."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One text for one address. `key` is the same at every attempt, so that it arrives once."""

    channel: str
    address: str
    text: str
    key: str
    title: str = ""
    robot_kind: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side took it, under its own number; or none is configured and nothing left."""

    is_sent: bool
    reference: str = ""


RECORDED = Receipt(is_sent=False)


class Refused(Exception):
    """This letter will never be taken. The reason is for staff, in Chinese, without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(Exception):
    """The line does not work now.

    is_untouched: the letter certainly did not leave. wait: how long the other side asks to wait.
    """

    def __init__(
        self, reason: str, *, is_untouched: bool = False, wait: timedelta | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_untouched = is_untouched
        self.wait = wait
