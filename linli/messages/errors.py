"""The refusals of messages."""

from linli.kernel.errors import BadInput


class UnknownPlaceholder(BadInput):
    """Words ask for a fact that this message does not have."""

    code = "unknown_placeholder"


class UnsafeAddress(BadInput):
    """A robot's address is not one that we call."""

    code = "unsafe_address"


class MissingFact(RuntimeError):
    """Nothing could be said with the facts given: a mistake of the caller, not of the reader."""


class UnknownMessage(LookupError):
    """No words exist for this event and audience: a mistake of the caller."""
