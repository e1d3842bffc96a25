"""Old mailboxes that come in: a file that waits, and which of its messages became which case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class MailboxState(models.TextChoices):
    """How far a file is."""

    WAITING = "waiting", _("对应各列")
    CHECKED = "checked", _("等待确认")
    STARTED = "started", _("已导入")
    DISCARDED = "discarded", _("已放弃")


class MailboxFile(TenantModel):
    """A file of messages: kept until it is imported or thrown away, and what its columns mean.

    columns: {field: number of its column from 0}; found: what checking counted.
    """

    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    category = TenantForeignKey("cases.Category", models.PROTECT, null=True, related_name="+")
    source_name = models.CharField(max_length=40)  # 书记信箱; with a row's own number it is the key
    file_name = models.CharField(max_length=120)
    path = models.CharField(max_length=200, default="", blank=True)  # "" once it is gone
    header = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=MailboxState, default=MailboxState.WAITING)
    found = models.JSONField(default=dict)
    check_run_id = models.UUIDField(null=True)
    import_run_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(name="mailbox_has_a_name", condition=~Q(source_name="")),
        ]
        indexes = [
            # The list of a community's imports, newest first.
            models.Index(fields=["tenant_id", "community", "-id"], name="mailbox_by_community"),
        ]


class ImportedMessage(TenantModel):
    """A message that became a case: the same one again becomes no other, whenever it comes."""

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # the row's own number, or a hash of its content
    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "source", "key"], name="imported_message_once"
            ),
        ]
