"""What of figures takes long: a report, and counting everything anew."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.indicators.selectors import reports
from linli.indicators.services import rebuilding, report_file, reporting
from linli.kernel import runs


@runs.work(reporting.KIND)
def issue_report(run: runs.Running) -> None:
    """Issue the report once, however often its worker dies, and write its file."""
    if run.cursor is None:
        with transaction.atomic():
            report = reporting.issue_report(
                area_id=UUID(run.data["area_id"]),
                period_name=run.data["period"],
                reason=run.data["reason"],
                actor=run.actor,
                now=run.now,
            )
            run.keep(str(report.pk), done=1)
    report = reports.get_report(UUID(run.cursor), run.actor)
    run.result(
        report_file.name_of(report), report_file.CONTENT_TYPE, [report_file.spreadsheet(report)]
    )
    run.say(_("报告已出，数字不再变。"), link=reporting.link_of(report))


@runs.work(rebuilding.KIND)
def rebuild(run: runs.Running) -> None:
    """Count the tenant's cases anew."""
    rebuilding.rebuild_tallies(now=run.now, progress=run.progress)
