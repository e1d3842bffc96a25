"""The list gathered before (整治清单): each entry with what it is, where, before and after."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.campaigns.models.campaign import Campaign, Part
from linli.campaigns.models.kind import Kind
from linli.campaigns.states import EntryState
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Gathered(models.TextChoices):
    """How an entry came onto the list."""

    CASE = "case", _("来自工单")
    PATROL = "patrol", _("巡查发现")
    HAND = "hand", _("登记")
    IMPORT = "import", _("表格导入")
    SITE = "site", _("现场发现")


class Entry(TenantModel):
    """One thing to clear; settled with after photos, handed to a case, or not possible this time."""

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="entries")
    part = TenantForeignKey(Part, models.SET_NULL, null=True, related_name="+")
    number = models.PositiveIntegerField()  # on the printed list
    kind = TenantForeignKey(Kind, models.PROTECT, related_name="+")
    text = models.CharField(max_length=300, default="", blank=True)
    gathered = models.CharField(max_length=8, choices=Gathered)
    key = models.CharField(max_length=80)  # of the form, the row of a file, the case: once

    # Where.
    area_path = models.CharField(max_length=120)  # of the grid, or of the community
    building = TenantForeignKey("places.Building", models.PROTECT, null=True, related_name="+")
    place_label = models.CharField(max_length=160)
    lat = models.FloatField(null=True)  # WGS-84
    lon = models.FloatField(null=True)

    # What came of it.
    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.OPEN)
    count = models.PositiveSmallIntegerField(default=1)  # one entry, three cars
    result = models.CharField(max_length=300, default="", blank=True)
    case = TenantForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    case_number = models.CharField(max_length=20, default="", blank=True)
    is_settled_by_case = models.BooleanField(default=False)
    settled_by = models.UUIDField(null=True)  # the account
    settled_key = models.CharField(max_length=80, default="", blank=True)  # of what was sent
    settled_at = models.DateTimeField(null=True)  # when it happened, on site
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "campaign", "key"], name="campaign_entry_once"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "campaign", "number"], name="campaign_entry_number"
            ),
            models.CheckConstraint(
                name="entry_not_possible_with_a_reason",
                condition=~Q(state="impossible") | ~Q(result=""),
            ),
            models.CheckConstraint(
                name="entry_handed_to_a_case",
                condition=~Q(state="handed") | Q(case__isnull=False),
            ),
            models.CheckConstraint(
                name="entry_settled_at_some_time",
                condition=~Q(state="settled") | Q(settled_at__isnull=False),
            ),
        ]
        indexes = [
            # The list, its tabs and its counts.
            models.Index(
                fields=["tenant_id", "campaign", "state", "kind", "number"],
                name="campaign_entry_by_state",
            ),
            # What follows a case.
            models.Index(
                fields=["tenant_id", "case"],
                name="campaign_entry_of_case",
                condition=Q(case__isnull=False),
            ),
        ]


class Stage(models.TextChoices):
    """When a photo was taken."""

    BEFORE = "before", _("整治前")
    AFTER = "after", _("整治后")


class StagedPhoto(TenantModel):
    """What a photo of before or after holds; files as kernel.pictures stores them."""

    stage = models.CharField(max_length=6, choices=Stage)
    path = models.CharField(max_length=200)
    thumb_path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    account_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = True


class EntryPhoto(StagedPhoto):
    """A photo of an entry."""

    entry = TenantForeignKey(Entry, models.CASCADE, related_name="photos")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "entry", "stage", "sha256"], name="campaign_photo_once"
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "entry", "id"], name="campaign_photo_of_entry")
        ]


class ImportState(models.TextChoices):
    """How far a file is."""

    WAITING = "waiting", _("等待确认")
    TAKEN = "taken", _("已导入")
    DISCARDED = "discarded", _("已放弃")


class EntryImport(TenantModel):
    """A file that waits to be confirmed: its rows as read, and why some can't be taken."""

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    rows = models.JSONField(default=list)  # [{row, kind, place, text, count, building, error}]
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "campaign", "-id"], name="campaign_import_list"),
        ]
