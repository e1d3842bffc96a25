"""How the register is kept in order: people entered twice, and lists that come in as files."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.people.models.persons import Person


class DuplicateReason(models.TextChoices):
    """Why two records may be one person; the surest first."""

    ID = "id", _("证件号码相同")
    PHONE = "phone", _("姓名和电话相同")
    BUILDING = "building", _("同一栋楼里姓名和生日相同")


class DuplicateState(models.TextChoices):
    """What came of a look at both."""

    OPEN = "open", _("待核对")
    MERGED = "merged", _("是同一人，已合并")
    DIFFERENT = "different", _("不是同一人")


class Duplicate(TenantModel):
    """Two records that may be one person. `first` is the older one."""

    PERSONAL: ClassVar = {"first": "name", "second": "name"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "reason", "state", "found_at", "decided_at", "decided_by",
    }  # fmt: skip

    first = TenantForeignKey(Person, models.PROTECT, related_name="+")
    second = TenantForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=8, choices=DuplicateReason)
    state = models.CharField(max_length=9, choices=DuplicateState, default=DuplicateState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "first", "second"], name="duplicate_once"),
        ]
        indexes = [
            # What waits for a look, newest first.
            models.Index(
                fields=["tenant_id", "-id"], name="duplicate_open", condition=Q(state="open")
            ),
            models.Index(fields=["tenant_id", "second"], name="duplicate_by_second"),
        ]


class Merge(TenantModel):
    """Two records were made one: which rows went over and which columns were taken, so that a
    mistake can be undone. The other record stays as it was, with what could not go over.
    """

    PERSONAL: ClassVar = {"kept": "name", "gone": "name"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "moved", "taken", "gone_state", "made_at", "made_by", "undone_at",
        "undone_by",
    }  # fmt: skip

    kept = TenantForeignKey(Person, models.PROTECT, related_name="+")
    gone = TenantForeignKey(Person, models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)  # ids of rows, by table
    taken = models.JSONField(default=list)  # columns that were empty and were filled
    gone_state = models.CharField(max_length=6)  # what the other one was before
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "kept", "id"], name="merge_into"),
            models.Index(fields=["tenant_id", "gone", "id"], name="merge_of"),
        ]


class ImportState(models.TextChoices):
    """How far an uploaded list is."""

    WAITING = "waiting", _("等待检查")
    CHECKED = "checked", _("已检查，等待确认")
    STARTED = "started", _("已确认")
    DISCARDED = "discarded", _("已放弃")


class PersonImport(TenantModel):
    """An uploaded list of people: columns named, checked row by row, taken in when confirmed.

    path: the encrypted file, "" when it is gone. found: what the check counted.
    """

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "community", "file_name", "path", "header", "columns", "makes_homes", "state",
        "found", "check_run_id", "import_run_id", "created_at", "created_by",
    }  # fmt: skip

    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    path = models.CharField(max_length=200, default="", blank=True)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # name of a field to column
    makes_homes = models.BooleanField(default=False)  # homes that a building lacks are added
    state = models.CharField(max_length=9, choices=ImportState, default=ImportState.WAITING)
    found = models.JSONField(default=dict)
    check_run_id = models.UUIDField(null=True)
    import_run_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "community", "-id"], name="person_import_of"),
            # The sweep that forgets.
            models.Index(fields=["tenant_id", "created_at"], name="person_import_by_age"),
        ]
