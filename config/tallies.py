"""Counts every tenant's figures anew: `linli rebuild-tallies`."""

import sys
import time

from linli.indicators.services.rebuilding import is_complete, rebuild_tallies
from linli.kernel import clock, tenancy
from linli.kernel.models import Tenant


def count_the_uncounted() -> None:
    """Count the tenants whose cases are older than their figures: after an update from before those."""
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        with tenancy.tenant(tenant.pk):
            is_counted = is_complete()
        if not is_counted:
            _rebuild(tenant)


def rebuild() -> int:
    """Do it tenant by tenant, showing how far it is."""
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        _rebuild(tenant)
    return 0


def _rebuild(tenant: Tenant) -> None:
    begun = time.monotonic()
    with tenancy.tenant(tenant.pk):
        counted = rebuild_tallies(now=clock.now(), progress=_Progress(tenant.name))
    seconds = time.monotonic() - begun
    print(f"\r· {tenant.name}：{counted:,} 件，{seconds:.1f} 秒", flush=True)


class _Progress:
    """Shows the share that is done: on a terminal on one line, else at every tenth."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = 0

    def __call__(self, done: int, total: int) -> None:
        percent = done * 100 // max(total, 1)
        if sys.stdout.isatty():
            print(f"\r· {self._name} {percent} %", end="", flush=True)
        elif percent // 10 > self._shown // 10 and percent < 100:
            print(f"· {self._name} {percent} %", flush=True)
        self._shown = percent
