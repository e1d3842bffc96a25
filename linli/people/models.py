"""The tables of people. Each model says which columns are personal and how they are masked (`PERSONAL`)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantModel


class Contact(TenantModel):
    """How to reach somebody who brought a case: a name, a phone, or neither.

    `phone_hash` finds the same phone again; `phone_tail` lets a reporter find a case by number and tail.
    """

    PERSONAL: ClassVar = {"name": "name", "phone": "phone", "address": "address"}

    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_hash = models.CharField(max_length=64, default="", blank=True)
    phone_tail = models.CharField(max_length=4, default="", blank=True)
    address = EncryptedTextField(default="", blank=True)
    # What the person agreed to: the wording's version and when; None for what staff took down by word of mouth.
    consent_version = models.CharField(max_length=20, default="", blank=True)
    consented_at = models.DateTimeField(null=True)
    account_id = models.UUIDField(null=True)  # the resident's account, when signed in
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "phone_hash"], name="contact_by_phone"),
            models.Index(fields=["tenant_id", "account_id"], name="contact_of_account"),
        ]


class AccountKind(models.TextChoices):
    """Whose account it is."""

    STAFF = "staff", _("工作人员")
    RESIDENT = "resident", _("居民")


class Account(TenantModel):
    """Somebody who signs in: staff with a password and, if set up, one-time codes; residents with a
    phone and a code by message. Accounts are deactivated, never deleted."""

    PERSONAL: ClassVar = {"name": "name", "phone": "phone", "totp_secret": "secret"}

    kind = models.CharField(max_length=10, choices=AccountKind)
    name = models.CharField(max_length=30)
    phone = EncryptedTextField(default="", blank=True)
    phone_hash = models.CharField(max_length=64, default="", blank=True)
    email = EncryptedTextField(default="", blank=True)
    password = models.CharField(max_length=128, default="", blank=True)
    must_change_password = models.BooleanField(default=False)
    totp_secret = EncryptedTextField(default="", blank=True)
    totp_last_step = models.PositiveBigIntegerField(default=0)  # a code works once
    failed_count = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    # Raised to end every session of the account at once.
    session_round = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "phone_hash"], name="account_by_phone")]

    def __str__(self) -> str:
        return self.name


class LoginIdentity(models.Model):
    """The name that somebody signs in with, unique over all tenants, and whose account it opens."""

    login = models.CharField(max_length=40, unique=True)
    tenant_id = models.BigIntegerField()
    account_id = models.UUIDField()


class OneTimeCode(TenantModel):
    """A code sent to a phone: works once, for a few minutes, for a few attempts."""

    PERSONAL: ClassVar = {"phone_hash": "hash"}

    phone_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failed_count = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "phone_hash", "-created_at"], name="code_by_phone")]


