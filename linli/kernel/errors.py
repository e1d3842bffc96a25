"""Refusals: what the product may say no to, in words that somebody can act on.

Services and selectors raise them; views do not catch. One middleware shows them (RefusalMiddleware).
"""

from datetime import timedelta


class DomainError(Exception):
    """A foreseen refusal. `status` is for HTTP, `code` for programs, the message for people (Chinese).

    wait: after how long trying again makes sense, where time alone mends it.
    """

    status = 409
    code = "refused"

    def __init__(self, message: str, *, field: str = "", wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.wait = wait


class NotFound(DomainError):
    """Absent, or another community's, or not for this post: the answer is the same."""

    status = 404
    code = "not_found"


class NotAllowed(NotFound):
    """A duty is missing. It looks like absence, because what is not granted looks absent (house.md, 6)."""

    code = "not_found"


class NotSignedIn(DomainError):
    """Somebody must sign in first."""

    status = 403
    code = "sign_in_first"


class BadInput(DomainError):
    """What was sent can't be used; the message says what to do, `field` where."""

    status = 422
    code = "bad_input"


class TooMany(DomainError):
    """Too much from one place in too short a time."""

    status = 429
    code = "too_many"


class Conflict(DomainError):
    """Somebody else was faster, or the same key came with other content."""

    code = "conflict"


class Busy(DomainError):
    """The database is kept by others for longer than anybody waits; nothing was kept."""

    status = 503
    code = "busy"


class NoSpace(DomainError):
    """The disk is full; nothing was kept."""

    status = 507
    code = "no_space"
