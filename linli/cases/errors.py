"""What the cases room refuses."""

from linli.kernel.errors import BadInput, DomainError


class IllegalMove(DomainError):
    """The table of states has no such step."""

    code = "illegal_move"


class StaleCase(DomainError):
    """Somebody changed the case after the page was opened."""

    code = "stale_case"


class PhotoRequired(BadInput):
    """The category asks for a photo."""

    code = "photo_required"


class NothingToUndo(DomainError):
    """The bulk action is too old, or was undone."""

    code = "nothing_to_undo"
