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
