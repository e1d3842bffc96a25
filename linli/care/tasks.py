"""What care does by the clock: alerts that end by themselves, the list as a file."""

from datetime import datetime, timedelta

from linli.care.services import alerts, exporting
from linli.kernel import jobs, runs


@jobs.sweep("care.alerts", every=timedelta(minutes=1))
def end_alerts(now: datetime) -> None:
    """Switch off the alerts whose time is over."""
    alerts.end_due_alerts(now)


@runs.work(exporting.KIND)
def export(run: runs.Running) -> None:
    """Write the file of an export."""
    exporting.carry_export(run)
