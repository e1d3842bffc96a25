"""Reports: the numbers of a period, as they stood when they were issued."""

from django.db import models
from django.db.models import Q

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Report(TenantModel):
    """The report of an area over a month, quarter or year, frozen when it was issued.

    `content` is the document as it was issued, with names and definitions (services/reporting.py says
    its shape): what is corrected later changes the next issue, never this one. The newest `number`
    of a period stands; earlier ones are kept and say so.
    """

    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    span = models.CharField(max_length=8)
    first_day = models.DateField()
    last_day = models.DateField()
    number = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=200, default="", blank=True)  # why it was issued again
    version = models.PositiveSmallIntegerField()  # of the definitions
    content = models.JSONField()
    issued_by = models.UUIDField(null=True)
    issued_name = models.CharField(max_length=40, default="", blank=True)
    issued_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "area", "span", "first_day", "number"], name="report_once"
            ),
            models.CheckConstraint(
                name="report_again_with_a_reason", condition=Q(number=1) | ~Q(reason="")
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "area", "-id"], name="report_of_area")]
