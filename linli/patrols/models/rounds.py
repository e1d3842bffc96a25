"""One-off rounds: a notice taken to every entrance, ticked off door by door."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Round(TenantModel):
    """Something to take round once, to so many entrances, by a day."""

    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)  # of the grid or the community that it covers
    title = models.CharField(max_length=60)
    text = models.CharField(max_length=500, default="", blank=True)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    stop_count = models.PositiveSmallIntegerField(default=0)
    done_count = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)  # all done, or called off

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "community", "-id"], name="round_of_community"),
            models.Index(
                fields=["tenant_id", "due_on"], name="round_open", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.TextChoices):
    """What was done at a door."""

    GIVEN = "given", _("送到了")
    POSTED = "posted", _("贴门口了")
    CLOSED = "closed", _("进不去")


class Stop(TenantModel):
    """An entrance of a round."""

    round = TenantForeignKey(Round, models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField()
    area_path = models.CharField(max_length=120)  # of the grid that lists its building
    building = TenantForeignKey("places.Building", models.PROTECT, related_name="+")
    entrance = TenantForeignKey("places.Entrance", models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=120)
    outcome = models.CharField(max_length=8, choices=Delivery, default="", blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "round", "building", "entrance"], name="stop_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "round", "order"], name="stop_in_order")]
