"""What the clients room refuses."""

from linli.kernel.errors import Conflict, DomainError, TooMany


class BadKey(DomainError):
    """No key, or one that is unknown, expired or revoked; which of these is not told."""

    status = 401
    code = "bad_key"


class TooManyRequests(TooMany):
    """A key asked more often in a minute than it may."""


class KeyEnded(Conflict):
    """The key was revoked already."""

    code = "key_ended"


class TooLarge(DomainError):
    """More was sent than anything here takes."""

    status = 413
    code = "too_large"


class LengthMissing(DomainError):
    """How much is coming was not said, so it can't be taken."""

    status = 411
    code = "length_missing"
