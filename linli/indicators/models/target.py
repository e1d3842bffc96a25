"""What is to be reached in a year: targets of figures, and goals that are counted by hand."""

from django.db import models
from django.db.models import Q

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Target(TenantModel):
    """What a figure is to reach in a year, in an area and in those below that have none of their own.

    `value` is a share of 1, or days. Source: S4 4.11, targets by year.
    """

    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    figure = models.CharField(max_length=30)  # its code
    value = models.FloatField()
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "area", "year", "figure"], name="target_once"
            ),
            models.CheckConstraint(name="target_is_positive", condition=Q(value__gt=0)),
        ]


class Goal(TenantModel):
    """A target that no case tells of, kept by hand: so many community rooms of 400 square metres.

    What was reached names its day and where the number is from, for nothing here counts it.
    """

    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)
    target = models.FloatField()
    reached = models.FloatField(null=True)
    reached_on = models.DateField(null=True)
    source = models.CharField(max_length=120, default="", blank=True)
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "area", "year", "name"], name="goal_once"),
            models.CheckConstraint(
                name="goal_reached_on_some_day",
                condition=Q(reached=None) | Q(reached_on__isnull=False),
            ),
        ]
