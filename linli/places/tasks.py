"""What places does by the clock."""

from datetime import datetime, timedelta

from linli.kernel import actor, runs, tenancy
from linli.kernel.jobs import sweep
from linli.places import services
from linli.places.services import long_work


@sweep("places.forget_imports", every=timedelta(hours=6))
def forget_imports(now: datetime) -> None:
    """Throw away the lists that nobody confirmed."""
    services.discard_old_imports(actor=actor.system(tenancy.current_tenant_id()), now=now)


@runs.work(long_work.IMPORT)
def import_list(run: runs.Running) -> None:
    """Put a long list in place."""
    long_work.carry_import(run)


@runs.work(long_work.STICKERS)
def draw_stickers(run: runs.Running) -> None:
    """Draw many stickers."""
    long_work.carry_stickers(run)
