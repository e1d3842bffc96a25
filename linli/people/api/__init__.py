"""People for other systems: accounts, and the register with the same services and masks as its pages."""

from ninja import Router

from linli.people.api import accounts, homes, lists, persons, twins

router = Router()
for one in (accounts, homes, persons, twins, lists):
    router.add_router("", one.router)

__all__ = ["router"]
