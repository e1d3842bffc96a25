"""Refusals of the room: what may not be done with somebody who is looked after."""

from linli.kernel.errors import Conflict, DomainError


class AlreadyCaredFor(Conflict):
    """The person is looked after already."""

    code = "already_cared_for"


class CareEnded(DomainError):
    """The person is not looked after any more."""

    code = "care_ended"


class StaleProfile(Conflict):
    """Somebody changed the profile after the page was opened."""

    code = "stale_profile"
