"""A photo on its way in pieces: what was announced, how far it has come, where the clean one lies."""

from typing import ClassVar

from django.db import models

from linli.kernel.tenancy import TenantModel


class Upload(TenantModel):
    """A photo that comes in pieces and goes on where it stopped. `upload_id` is the phone's own."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "upload_id", "account_id", "size", "sha256", "received", "path",
        "thumb_path", "width", "height", "picture_sha256", "created_at", "touched_at", "finished_at",
        "used_at",
    }  # fmt: skip

    upload_id = models.UUIDField()
    account_id = models.UUIDField()
    size = models.PositiveIntegerField()  # bytes, as announced
    sha256 = models.CharField(max_length=64)  # of all of them, as announced
    received = models.PositiveIntegerField(default=0)
    # Of the cleaned photo, once it is whole.
    path = models.CharField(max_length=200, default="", blank=True)
    thumb_path = models.CharField(max_length=200, default="", blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    picture_sha256 = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)  # a submission has it; its files are that one's now

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "upload_id"], name="upload_by_phones_id"),
        ]
        indexes = [
            # What nobody used, oldest first; how many an account has open.
            models.Index(
                fields=["tenant_id", "touched_at"],
                name="upload_unused",
                condition=models.Q(used_at=None),
            ),
            models.Index(
                fields=["tenant_id", "account_id"],
                name="upload_open",
                condition=models.Q(used_at=None),
            ),
        ]

    @property
    def is_whole(self) -> bool:
        """Tell whether the clean photo is there."""
        return self.finished_at is not None
