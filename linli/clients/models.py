"""The tables of clients: keys with their duties and places."""

from django.db import models
from django.db.models import F, Q

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class ApiKey(TenantModel):
    """What another system acts with. The key itself is shown once; here is only its hash.

    Its rights never change: who needs others gets another key.
    """

    name = models.CharField(max_length=60)  # which system it is for
    prefix = models.CharField(max_length=12)  # the head of the key, by which it is found
    hash = models.CharField(max_length=64)
    # Set: only what is in this organisation's hands, as with a confined post.
    organisation = TenantForeignKey(
        "posts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    per_minute = models.PositiveIntegerField(default=120)
    note = models.CharField(max_length=300, default="", blank=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  # to the minute: see services.keys
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "prefix"], name="api_key_prefix"),
            models.CheckConstraint(
                name="api_key_expires_after_start", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]


class KeyDuty(TenantModel):
    """A named right that a key holds over all of its places."""

    key = TenantForeignKey(ApiKey, models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "key", "duty"], name="key_duty_once")
        ]


class KeyPlace(TenantModel):
    """An area, with all below it, over which a key holds its duties."""

    key = TenantForeignKey(ApiKey, models.CASCADE, related_name="places")
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "key", "area"], name="key_place_once")
        ]
