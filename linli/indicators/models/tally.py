"""What is counted: a fact for each case, sums of facts for each day and place."""

from django.db import models
from django.db.models import Q

from linli.indicators.rules.measures import CODES
from linli.kernel.tenancy import TenantModel


class CaseFact(TenantModel):
    """What one case adds to the figures now. Its id is the case's: to change a sum, take the old fact
    away and add the new one. Pages find the rows behind a number here.
    """

    is_confidential = models.BooleanField(default=False)
    area_path = models.CharField(max_length=120)
    category = models.CharField(max_length=40)  # its code
    organisation = models.CharField(max_length=32, default="", blank=True)  # the handler's id
    took = models.CharField(max_length=5, default="", blank=True)
    reported_on = models.DateField()
    resolved_on = models.DateField(null=True)
    missed_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    rated_on = models.DateField(null=True)
    official_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            # The rows behind a number: of a day that the tallies name, in an area.
            models.Index(fields=["tenant_id", "reported_on", "area_path"], name="fact_reported"),
            *(
                models.Index(
                    fields=["tenant_id", f"{name}_on", "area_path"],
                    name=f"fact_{name}",
                    condition=Q(**{f"{name}_on__isnull": False}),
                )
                for name in ("resolved", "missed", "closed", "rated", "official")
            ),
            # What is open now, newest first.
            models.Index(
                fields=["tenant_id", "-id", "area_path"],
                name="fact_open_newest",
                condition=Q(in_hand__gt=0),
            ),
        ]


class Tally(TenantModel):
    """How much of everything counts for a day in an area, as a whole or through one cut: a category,
    a handler, a step of time. Areas above have rows of their own.

    `edition`: a rebuilding writes beside what is read, until it is complete.
    """

    edition = models.PositiveIntegerField()
    area_path = models.CharField(max_length=120)
    cut = models.CharField(max_length=12, default="", blank=True)
    key = models.CharField(max_length=40, default="", blank=True)
    day = models.DateField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "area_path", "cut", "day", "key", "edition"],
                name="tally_once",
            ),
        ]
        indexes = [
            # What is open now: few days of all.
            models.Index(
                fields=["tenant_id", "area_path", "cut", "key"],
                name="tally_open",
                condition=Q(in_hand__gt=0),
            ),
        ]


class TallyState(TenantModel):
    """Which edition of the tallies is read, and how far a new one is. Locked by whoever counts."""

    edition = models.PositiveIntegerField(default=1)
    building = models.PositiveIntegerField(null=True)
    built_to = models.UUIDField(null=True)  # cases up to this one are in the edition being built
    built_at = models.DateTimeField(null=True)  # when the edition that is read was complete

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id"], name="tally_state_once"),
        ]


# One column for each measure, so that the tables have what the rules count and nothing else.
for _code in CODES:
    CaseFact.add_to_class(_code, models.SmallIntegerField(default=0))
    Tally.add_to_class(_code, models.IntegerField(default=0))
