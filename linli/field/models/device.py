"""A phone that keeps an account's day and hands in what was done without a network."""

from typing import ClassVar

from django.db import models

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantModel


class Device(TenantModel):
    """A phone of an account. Its token only hands in; it reads nothing.

    `acts_as` is who the account was when the phone was last in touch: a post that ends while the phone
    is away leaves behind in whose name its records were made.
    """

    PERSONAL: ClassVar = {"acts_as": "text", "token_hash": "hash"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "account_id", "name", "area_path", "skew_seconds", "session_round",
        "created_at", "seen_at", "ended_at",
    }  # fmt: skip

    account_id = models.UUIDField()
    name = models.CharField(max_length=60)  # what kind of phone, as its owner would say it
    acts_as = EncryptedTextField()
    area_path = models.CharField(max_length=120, default="", blank=True)
    token_hash = models.CharField(max_length=64)
    # How far its clock was off when it was last in touch: ours less its.
    skew_seconds = models.IntegerField(default=0)
    # The account's, when it was let in: signing out everywhere ends it. None: not noted yet.
    session_round = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "token_hash"], name="device_token"),
        ]
        indexes = [
            # My phones, newest first.
            models.Index(fields=["tenant_id", "account_id", "-seen_at"], name="device_of_account"),
        ]

    def __str__(self) -> str:
        return self.name
