"""What an address asks for, read so that nonsense is the same as nothing."""

from uuid import UUID

from linli.kernel.web import Request


def asked_id(request: Request, name: str) -> UUID | None:
    """Return an id from the form or the address, None when there is none."""
    try:
        return UUID(request.POST.get(name) or request.GET.get(name, ""))
    except ValueError:
        return None


def asked_choice(request: Request, name: str, choices: list[str]) -> str:
    """Return one of the choices from the address, "" when it asks for none of them."""
    given = request.GET.get(name, "")
    return given if given in choices else ""
