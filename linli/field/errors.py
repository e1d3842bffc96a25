"""Refusals of the field."""

from linli.kernel.errors import BadInput, Conflict, DomainError


class OtherContent(Conflict):
    """The id came before, with other content."""

    code = "other_content"


class PhotosMissing(BadInput):
    """A submission names photos that have not come in whole yet: send those first."""

    code = "photos_missing"


class WrongOffset(Conflict):
    """A piece does not begin where the last one ended; `offset` says where to go on."""

    code = "wrong_offset"

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class BrokenUpload(BadInput):
    """What came in is not what was announced: the phone begins anew."""

    code = "broken_upload"


class UnknownPhone(DomainError):
    """The token is of no phone of ours."""

    status = 401
    code = "unknown_phone"


class SignInAgain(UnknownPhone):
    """Its account's sessions were ended meanwhile: whoever has it signs in once, then it goes on."""

    code = "sign_in_again"


class ClientEnded(DomainError):
    """A form client has shown who it is, and may read no more."""

    status = 403
    code = "client_ended"
