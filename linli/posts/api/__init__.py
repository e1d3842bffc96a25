"""Posts for other systems: organisations, terms, routing, rosters of stations, allowances, handovers."""

from ninja import Router

from linli.posts.api import allowances, handovers, offices, stations

router = Router()
for one in (offices, stations, allowances, handovers):
    router.add_router("", one.router)

__all__ = ["router"]
