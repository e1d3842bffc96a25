"""What staff meet on their rounds and report on the spot."""

from dataclasses import replace
from datetime import datetime

from linli.cases.models import Case, Source
from linli.cases.services import intake
from linli.cases.services.intake import Report
from linli.cases.services.photos import Photos
from linli.kernel.actor import Actor


def report_on_patrol(
    *, report: Report, photos: Photos = (), actor: Actor, now: datetime
) -> tuple[Case, bool]:
    """Report what was met on the spot; return the case and whether it is new.

    The duty is to handle or to enter cases at the place. Errors: NotAllowed and those of
    intake.report_case.
    Source: S3 3.1, the grid worker finds and reports; the case then runs like everybody's.
    """
    path = report.where.area_path
    if not actor.can("cases.enter", path):
        actor.require("cases.handle", path)
    on_patrol = replace(report, source=Source.PATROL)
    return intake.report_case(report=on_patrol, photos=photos, actor=actor, now=now)
