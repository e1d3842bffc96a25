"""What the people room refuses."""

from linli.kernel.errors import BadInput, Conflict, DomainError, TooMany


class WrongSignIn(DomainError):
    """Login, password or code do not fit, or the account waits; the words are the same for all of them."""

    status = 422
    code = "wrong_sign_in"


class WeakPassword(BadInput):
    """A password that others would guess."""

    code = "weak_password"


class LoginTaken(Conflict):
    """Somebody signs in with that name already."""

    status = 422
    code = "login_taken"


class CodeTooSoon(TooMany):
    """A code was sent a moment ago, or too many were sent today."""

    code = "code_too_soon"


class AccountEnded(Conflict):
    """The account has ended; it can't be changed any more."""

    code = "account_ended"


class AlreadyRegistered(Conflict):
    """The identity number is somebody's already; the message says where, if the actor may know."""

    code = "already_registered"


class ChangedMeanwhile(Conflict):
    """The record is not the one that the form showed any more."""

    code = "changed_meanwhile"


class IsGone(Conflict):
    """Somebody has died, or was merged into another record: no more changes of that kind."""

    code = "is_gone"
