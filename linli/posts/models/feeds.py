"""Calendar addresses: what one account's calendar program may fetch, until it is taken back."""

from django.db import models
from django.db.models import Q

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class CalendarFeed(TenantModel):
    """A secret address of somebody's own turns, or of a whole station's; taken back it is deleted."""

    account = TenantForeignKey("people.Account", models.CASCADE, related_name="+")
    station = TenantForeignKey("posts.Station", models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account", "station"], name="calendar_feed_of_station"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "account"],
                condition=Q(station=None),
                name="calendar_feed_of_own",
            ),
        ]
