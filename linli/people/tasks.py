"""What the register does by the clock and in long runs."""

from datetime import datetime, timedelta

from linli.kernel import actor, runs, tenancy
from linli.kernel.jobs import sweep
from linli.people.services import compiling, exporting, forgetting, import_taking, importing


@runs.work(importing.CHECK)
def check_list(run: runs.Running) -> None:
    """Look at every row of a list of people."""
    import_taking.check_rows(run)


@runs.work(importing.IMPORT)
def take_list(run: runs.Running) -> None:
    """Take a list of people in."""
    import_taking.take_rows(run)


@sweep("people.forget_imports", every=timedelta(hours=6))
def forget_imports(now: datetime) -> None:
    """Throw away the lists that nobody confirmed."""
    importing.discard_forgotten(actor=actor.system(tenancy.current_tenant_id()), now=now)


@sweep("people.retention", every=timedelta(hours=6))
def keep_to_retention(now: datetime) -> None:
    """Delete or anonymise what is older than its rule allows."""
    forgetting.keep_to_rules(now=now)


@runs.work(exporting.EXPORT)
def export_list(run: runs.Running) -> None:
    """Write the register as a list."""
    exporting.carry_export(run)


@runs.work(compiling.COMPILE)
def compile_form(run: runs.Running) -> None:
    """Compile a form from above."""
    compiling.carry_compiling(run)
