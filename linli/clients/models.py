"""The tables of clients: keys with their duties and places, webhooks and what was sent to them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
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


class Webhook(TenantModel):
    """An address of another system that wants to be told (Standard Webhooks).

    While it does not answer, one delivery at a time is tried, after growing pauses (`held_until`); after
    days it is switched off (`paused_at`) and staff are told.
    """

    PERSONAL: ClassVar = {"address": "secret", "secret": "secret", "old_secret": "secret"}

    name = models.CharField(max_length=60)
    address = EncryptedTextField()  # it may carry a password of the other side
    host = models.CharField(max_length=253)  # what pages show of the address
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    secret = EncryptedTextField()
    old_secret = EncryptedTextField(default="", blank=True)  # signs too, for a day after the change
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    paused_at = models.DateTimeField(null=True)
    is_paused_by_itself = models.BooleanField(default=False)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class WebhookTopic(TenantModel):
    """An event that a webhook is told of."""

    webhook = TenantForeignKey(Webhook, models.CASCADE, related_name="topics")
    event_name = models.CharField(max_length=60)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "webhook", "event_name"], name="webhook_topic_once"
            )
        ]


class PostState(models.TextChoices):
    """Where a delivery to a webhook stands."""

    WAITING = "waiting", _("等待发送")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("没有送达")


class WebhookDelivery(TenantModel):
    """One event on its way to one webhook: the log of what reached it. Its id is the message's id.

    A sender claims it by counting an attempt and moving `due_at` ahead; when the sender dies, it comes
    due again by itself.
    """

    webhook = TenantForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = TenantForeignKey("kernel.EventRow", models.PROTECT, null=True, related_name="+")
    event_name = models.CharField(max_length=60)
    state = models.CharField(max_length=9, choices=PostState, default=PostState.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # what the other side answered last
    duration_ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=120, default="", blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "webhook", "event"], name="webhook_told_once"
            ),
            models.CheckConstraint(
                name="webhook_delivery_settled_at_some_time",
                condition=Q(state="waiting", settled_at=None)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            # What the sender takes next.
            models.Index(
                fields=["tenant_id", "due_at"],
                name="webhook_waiting",
                condition=Q(state="waiting"),
            ),
            # The log of one webhook, and what is old enough to be forgotten.
            models.Index(fields=["tenant_id", "webhook", "-id"], name="webhook_log"),
            models.Index(
                fields=["tenant_id", "settled_at"],
                name="webhook_to_forget",
                condition=Q(settled_at__isnull=False),
            ),
        ]
