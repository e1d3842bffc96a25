"""Care for other systems: who is due, what a visit found, family, who is reached while an alert is on."""

from ninja import Router

from linli.care.api import alerts, family, profiles

router = Router()
for one in (profiles, family, alerts):
    router.add_router("", one.router)

__all__ = ["router"]
