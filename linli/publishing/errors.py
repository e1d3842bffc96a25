"""Refusals of the board: what may not be released, and why."""

from linli.kernel.errors import Conflict, DomainError


class IllegalStep(DomainError):
    """The state of an article does not allow this step."""

    code = "illegal_step"


class OwnWords(DomainError):
    """Whoever wrote a text may not release it while somebody else can."""

    code = "own_words"


class NotForTheBoard(DomainError):
    """A case that may not be shown: confidential, of a category that is not public, or reopened."""

    code = "not_for_the_board"


class Unchecked(DomainError):
    """Something in the text looks personal and nobody has decided about it."""

    status = 422
    code = "unchecked"


class StaleArticle(Conflict):
    """Somebody changed the article after the page was opened."""

    code = "stale_article"
