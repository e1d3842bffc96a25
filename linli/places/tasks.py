"""What places does by the clock."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from linli.kernel import actor, clock, runs, tenancy
from linli.kernel.jobs import sweep, task
from linli.places import services
from linli.places.services import exporting, long_work, plan_effect, plan_making, planning

if TYPE_CHECKING:
    from linli.kernel.models import Job


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


@runs.work(exporting.KIND)
def export(run: runs.Running) -> None:
    """Write a list of places."""
    exporting.carry_export(run)


@runs.work(plan_making.KIND)
def plan_grids(run: runs.Running) -> None:
    """Search for grids."""
    plan_making.carry_planning(run)


@task(planning.TASK)
def take_effect(job: "Job") -> None:
    """Let a plan of grids take effect on its day."""
    system = actor.system(tenancy.current_tenant_id())
    plan_effect.take_effect(plan_id=UUID(job.data["plan_id"]), actor=system, now=clock.now())
