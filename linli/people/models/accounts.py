"""Contacts, accounts and who saw what: how people are reached, sign in and are looked at."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Contact(TenantModel):
    """How to reach somebody who brought a case: a name, a phone, or neither.

    `phone_hash` finds the same phone again; `phone_tail` lets a reporter find a case by number and tail.
    """

    PERSONAL: ClassVar = {
        "name": "name", "phone": "phone", "phone_hash": "hash", "phone_tail": "phone", "address": "address",
    }  # fmt: skip
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "consent_version", "consented_at", "account_id", "created_at",
    }  # fmt: skip

    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_hash = models.CharField(max_length=64, default="", blank=True)
    phone_tail = models.CharField(max_length=4, default="", blank=True)
    address = EncryptedTextField(default="", blank=True)
    # What the person agreed to, the wording's version, and when; empty for what staff took down.
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
    phone and a code by message. Accounts are ended, never deleted.
    """

    PERSONAL: ClassVar = {
        "name": "name", "phone": "phone", "phone_hash": "hash", "email": "text",
        "password": "secret", "totp_secret": "secret",
    }  # fmt: skip
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "kind", "area_path", "must_change_password", "totp_last_step", "failed_count",
        "locked_until", "session_round", "created_at", "signed_in_at", "ended_at",
    }  # fmt: skip

    kind = models.CharField(max_length=10, choices=AccountKind)
    name = models.CharField(max_length=30, default="", blank=True)
    # The area whose people.manage may reset or end it; lifted when the account gets a post above.
    area_path = models.CharField(max_length=120, default="", blank=True)
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
    signed_in_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            # Two first sign-ins with one phone at the same time make one account.
            models.UniqueConstraint(
                fields=["tenant_id", "phone_hash"],
                condition=Q(kind="resident", ended_at=None) & ~Q(phone_hash=""),
                name="account_resident_phone",
            ),
        ]
        indexes = [
            # Signing in by phone.
            models.Index(fields=["tenant_id", "phone_hash"], name="account_by_phone"),
            # The page of staff accounts.
            models.Index(fields=["tenant_id", "kind", "id"], name="account_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_locked(self, now: datetime) -> bool:
        """Tell whether signing in waits because of too many wrong passwords."""
        return self.locked_until is not None and now < self.locked_until

    @property
    def has_totp(self) -> bool:
        """Tell whether signing in also asks for a one-time code."""
        return bool(self.totp_secret)


class LoginIdentity(models.Model):
    """The name that somebody signs in with, unique over all tenants, and whose account it opens.

    A global table: before signing in, nobody knows the tenant. `account_id` is no foreign key,
    because no global table points at a tenant's.
    """

    PERSONAL: ClassVar = {"login": "text"}
    NOT_PERSONAL: ClassVar = {"id", "tenant", "account_id"}

    login = models.CharField(max_length=40, unique=True)  # lower case
    tenant = models.ForeignKey("kernel.Tenant", models.PROTECT, related_name="+")
    account_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.login


class OneTimeCode(TenantModel):
    """A code sent to a phone: works once, for a few minutes, for a few attempts."""

    PERSONAL: ClassVar = {"phone_hash": "hash", "code_hash": "hash"}
    NOT_PERSONAL: ClassVar = {
        "id",
        "tenant_id",
        "created_at",
        "expires_at",
        "failed_count",
        "used_at",
    }

    phone_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failed_count = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            # The newest code of a phone, and how many it was sent lately.
            models.Index(fields=["tenant_id", "phone_hash", "-created_at"], name="code_by_phone"),
        ]


class Purpose(models.TextChoices):
    """Why somebody needs to see a name or a phone in full."""

    VERIFY = "verify", _("联系反映人核实情况")
    VISIT = "visit", _("约时间上门")
    FOLLOW_UP = "follow_up", _("回访")
    EMERGENCY = "emergency", _("紧急情况")
    CORRECT = "correct", _("更正登记信息")
    OTHER = "other", _("其他（写明原因）")


class Reveal(TenantModel):
    """Somebody saw a contact or a person in full: who, why, about which subject. The security office
    reads these, and the person may.

    parts: what was seen of a person: "contact", "id", "facts", in any mixture.
    """

    PERSONAL: ClassVar = {"note": "text"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "contact", "person", "parts", "count", "account_id", "purpose",
        "subject_id", "area_path", "revealed_at",
    }  # fmt: skip

    # None: a list of so many was exported at once.
    contact = TenantForeignKey(Contact, models.PROTECT, null=True, related_name="reveals")
    person = TenantForeignKey("people.Person", models.PROTECT, null=True, related_name="reveals")
    parts = models.CharField(max_length=40, default="", blank=True)
    count = models.PositiveIntegerField(default=1)
    account_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    note = EncryptedTextField(default="", blank=True)  # free words may name people
    subject_id = models.UUIDField(null=True)  # the case it was about, or the run that exported
    area_path = models.CharField(max_length=120, default="", blank=True)
    revealed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [
            # The log of the security office, newest first.
            models.Index(fields=["tenant_id", "-id"], name="reveal_log"),
            models.Index(fields=["tenant_id", "account_id", "-id"], name="reveal_by_account"),
            # Who looked at somebody's record.
            models.Index(
                fields=["tenant_id", "person", "-id"], name="reveal_of_person",
                condition=Q(person__isnull=False),
            ),
        ]  # fmt: skip
