"""What campaigns do by the clock: teams are told of changes, and of tomorrow."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from linli.campaigns.services import telling
from linli.kernel import clock, jobs

if TYPE_CHECKING:
    from linli.kernel.models import Job


@jobs.task("campaigns.tell")
def tell_team(job: "Job") -> None:
    """Tell the team of a campaign what has become of it."""
    telling.tell_team(
        campaign_id=UUID(job.data["campaign"]), version=job.data["version"], now=clock.now()
    )


@jobs.sweep("campaigns.tomorrow", every=timedelta(hours=1))
def tell_tomorrow(now: datetime) -> None:
    """Tell everybody who is on site tomorrow."""
    telling.tell_tomorrow(now)
