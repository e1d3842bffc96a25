"""Every community of every tenant, for whoever comes without a code and chooses where they live."""

import time
from dataclasses import dataclass
from typing import Final

from linli.kernel import tenancy
from linli.kernel.models import Tenant
from linli.places.models import Area, AreaKind

_KEPT_SECONDS: Final = 30.0
_kept: list[tuple[float, list["Door"]]] = []


@dataclass(frozen=True, slots=True)
class Door:
    """A community as the first page shows it; `at` names it in addresses: "wjq-659004003002"."""

    at: str
    name: str
    district: str


def all_communities() -> list[Door]:
    """Return the live communities of all active tenants, tenant by tenant, by code.

    Kept in this process for half a minute: the first page asks for it.
    """
    if _kept and time.monotonic() - _kept[0][0] < _KEPT_SECONDS:
        return _kept[0][1]
    tenants = {one.pk: one for one in Tenant.objects.filter(is_active=True).order_by("name")}
    with tenancy.all_tenants():
        areas = Area.objects.filter(kind=AreaKind.COMMUNITY, ends_on=None).order_by("code", "id")
        rows = list(areas.values_list("tenant_id", "code", "name"))
    found = [
        Door(f"{tenant.code}-{code}", name, tenant.name)
        for tenant in tenants.values()
        for tenant_id, code, name in rows
        if tenant_id == tenant.pk
    ]
    _kept[:] = [(time.monotonic(), found)]
    return found


def forget_doors() -> None:
    """Ask again next time."""
    _kept.clear()
