"""What the posts room refuses."""

from linli.kernel.errors import BadInput, Conflict


class BeyondOwnRights(BadInput):
    """Somebody would hand out a right that they do not hold themselves."""

    code = "beyond_own_rights"


class OfficesApart(Conflict):
    """System, security and audit are three offices; nobody holds two of them."""

    code = "offices_apart"


class LastManager(Conflict):
    """After this nobody could fill posts here; it has to be confirmed."""

    code = "last_manager"


class PostEnded(Conflict):
    """The post or the organisation has ended; it can't be changed any more."""

    code = "post_ended"
