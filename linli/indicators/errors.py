"""What the room of figures refuses."""

from linli.kernel.errors import BadInput, DomainError


class NotOver(BadInput):
    """A report is of days that are over."""

    code = "not_over"


class NeedsReason(BadInput):
    """What was issued is issued again only with a reason that stands on it."""

    code = "needs_reason"


class Superseded(DomainError):
    """Somebody began to count anew while we were at it; theirs goes on."""

    code = "superseded"
