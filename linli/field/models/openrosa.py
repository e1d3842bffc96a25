"""Form clients (ODK Collect, KoboCollect): how they sign in, and which forms they were given."""

from typing import Any, ClassVar

from django.db import models

from linli.field.models.device import Device
from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class FormClient(TenantModel):
    """A form client of an account, beside the device that it is. Unlike the token of a phone's own pages
    its secret reads: the forms, and the names (masked) of whom they are about today.

    `ha1` is what HTTP digest compares with (RFC 7616); the secret itself is told once and kept nowhere.
    """

    PERSONAL: ClassVar = {"ha1": "text"}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "device", "username", "created_at"}

    device = TenantForeignKey(Device, models.CASCADE, related_name="form_clients")
    username = models.CharField(max_length=40)  # the tenant's code, a dot, something by chance
    ha1 = EncryptedTextField()
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "username"], name="form_client_username"),
            models.UniqueConstraint(fields=["tenant_id", "device"], name="form_client_of_device"),
        ]

    def __str__(self) -> str:
        return self.username


class NonceUse(TenantModel):
    """A challenge was answered, for the `count`th time: the same answer once more is somebody else's."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "client", "nonce", "count", "at"}

    client = TenantForeignKey(FormClient, models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)  # its hash
    count = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "client", "nonce", "count"], name="nonce_used_once"
            ),
        ]
        indexes = [
            # What is too old to be answered again.
            models.Index(fields=["tenant_id", "at"], name="nonce_use_by_age"),
        ]


class FormVersion(TenantModel):
    """A form as it was given out once; what was filled in on it is read by it, however old it is.

    fields: [{"name": node, "code": item code, "label", "kind", "choices": {code: label}}, …]
    """

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "form_id", "version", "kind", "title", "fields", "has_subjects", "xml",
        "created_at",
    }  # fmt: skip

    form_id = models.CharField(max_length=80)
    version = models.CharField(max_length=20)  # of its content
    kind = models.CharField(max_length=60)  # of the submission that it makes
    title = models.CharField(max_length=60)
    fields = models.JSONField()
    has_subjects = models.BooleanField()
    xml = models.TextField()
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "form_id", "version"], name="form_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def photo_names(self) -> dict[str, str]:
        """The nodes that hold photos, each with the code of its item."""
        found: list[dict[str, Any]] = self.fields
        return {one["name"]: one["code"] for one in found if one["kind"] == "photo"}
