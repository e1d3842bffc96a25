"""What places does by the clock."""

from datetime import datetime, timedelta

from linli.kernel import actor, tenancy
from linli.kernel.jobs import sweep
from linli.places import services


@sweep("places.forget_imports", every=timedelta(hours=6))
def forget_imports(now: datetime) -> None:
    """Throw away the lists that nobody confirmed."""
    services.discard_old_imports(actor=actor.system(tenancy.current_tenant_id()), now=now)
