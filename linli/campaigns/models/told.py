"""What each of a team was told of its campaign, so that a change is told once and to whom it concerns."""

from django.db import models

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Told(TenantModel):
    """Somebody was told when, where and with whom; `plan` is a fingerprint of what was said."""

    campaign = TenantForeignKey("campaigns.Campaign", models.CASCADE, related_name="told")
    account = TenantForeignKey("people.Account", models.CASCADE, related_name="+")
    plan = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "campaign", "account"], name="campaign_told_once"
            )
        ]
