"""Long work of the board."""

from linli.kernel import runs
from linli.publishing.services import exporting


@runs.work(exporting.KIND)
def export(run: runs.Running) -> None:
    """Write the list of articles."""
    exporting.carry_export(run)
