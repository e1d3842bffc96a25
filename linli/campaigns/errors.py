"""What campaigns may say no to."""

from linli.kernel.errors import Conflict, DomainError


class IllegalMove(DomainError):
    """A campaign, an entry or a matter can't go from here to there."""

    code = "illegal_move"


class SettledAlready(Conflict):
    """Somebody else was faster with the same entry."""

    code = "settled_already"
