"""What patrols refuse."""

from linli.kernel.errors import Conflict, DomainError


class AlreadyDone(Conflict):
    """The walk, the round or the decision has ended before."""

    code = "already_done"


class NothingSeen(DomainError):
    """A walk on which no point was looked at is no walk."""

    code = "nothing_seen"


class SamePerson(DomainError):
    """Both sides of a joint walk sign, each for itself."""

    code = "same_person"
