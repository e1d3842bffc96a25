"""The three lists (问题、责任、整改) of a meeting, a campaign or an inspection, carried to the next one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.campaigns.models.campaign import Campaign
from linli.campaigns.models.entry import Entry, StagedPhoto
from linli.campaigns.states import MatterState
from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class DocketKind(models.TextChoices):
    """Where the lists come from."""

    MEETING = "meeting", _("会议")
    CAMPAIGN = "campaign", _("整治行动")
    INSPECTION = "inspection", _("检查")


class Docket(TenantModel):
    """One meeting, campaign or inspection whose matters are followed until they are closed."""

    kind = models.CharField(max_length=10, choices=DocketKind)
    series = models.CharField(max_length=40)  # 三方联席会: what is open goes on to the next of it
    title = models.CharField(max_length=60)
    held_on = models.DateField()
    next_on = models.DateField(null=True)  # when the same people meet again
    place = models.CharField(max_length=80, default="", blank=True)
    people = models.CharField(max_length=300, default="", blank=True)  # who took part, by body
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, related_name="+")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "community", "series", "held_on"], name="docket_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "campaign"],
                condition=Q(campaign__isnull=False),
                name="docket_of_campaign_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "community", "-held_on"], name="docket_list"),
        ]

    def __str__(self) -> str:
        return self.title


class WordBy(models.TextChoices):
    """How whoever raised a matter gave their word."""

    NOBODY = "", _("还没有确认")
    ACCOUNT = "account", _("本人登录确认")
    LINK = "link", _("本人在链接里确认")
    RATING = "rating", _("本人评价工单时确认")
    WRITTEN = "written", _("工作人员代记，另一人复核")


class Matter(TenantModel):
    """One problem: who answers for it, what is done by when, what shows it, whose word closes it."""

    PERSONAL: ClassVar = {"raised_name": "name", "word_name": "name"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "docket", "series_key", "community", "area_path", "problem", "key", "case",
        "case_number", "entry", "raised_by", "link_version", "organisation", "post", "measure",
        "due_on", "state", "evidence", "shown_by", "shown_at", "word_by", "word", "written_by",
        "checked_by", "closed_at", "returned", "created_by", "created_at", "version",
    }  # fmt: skip

    docket = TenantForeignKey(Docket, models.PROTECT, related_name="matters")  # where it was raised
    series_key = models.CharField(max_length=60)  # community and series: what is carried on
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    problem = models.CharField(max_length=300)
    key = models.CharField(max_length=80)
    case = TenantForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    case_number = models.CharField(max_length=20, default="", blank=True)
    entry = TenantForeignKey(Entry, models.PROTECT, null=True, related_name="+")

    # Who raised it: somebody with an account, the reporter of the case, or a person by name.
    raised_by = models.UUIDField(null=True)
    raised_name = EncryptedTextField(default="", blank=True)
    link_version = models.PositiveSmallIntegerField(default=1)

    # Who answers for it, what, by when.
    organisation = TenantForeignKey(
        "posts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=300, default="", blank=True)
    due_on = models.DateField(null=True)

    # What shows that it is done.
    state = models.CharField(max_length=6, choices=MatterState, default=MatterState.OPEN)
    evidence = models.CharField(max_length=500, default="", blank=True)
    shown_by = models.UUIDField(null=True)
    shown_at = models.DateTimeField(null=True)

    # The word of who raised it.
    word_by = models.CharField(max_length=8, choices=WordBy, default=WordBy.NOBODY, blank=True)
    word = models.CharField(max_length=300, default="", blank=True)
    word_name = EncryptedTextField(default="", blank=True)  # who said so
    written_by = models.UUIDField(null=True)  # who wrote it down for them
    checked_by = models.UUIDField(null=True)  # the second person
    closed_at = models.DateTimeField(null=True)
    returned = models.PositiveSmallIntegerField(default=0)  # how often the word was no
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "docket", "key"], name="matter_once"),
            models.CheckConstraint(
                name="matter_closed_on_evidence_and_a_word",
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False) & ~Q(evidence="") & ~Q(word_by="")),
            ),
            models.CheckConstraint(
                name="matter_written_word_by_two_people",
                condition=~Q(state="closed", word_by="written")
                | (
                    Q(written_by__isnull=False, checked_by__isnull=False)
                    & ~Q(written_by=models.F("checked_by"))
                ),
            ),
        ]
        indexes = [
            # What is open of a series, for the next meeting; and overdue.
            models.Index(
                fields=["tenant_id", "series_key", "due_on"],
                name="matter_open",
                condition=~Q(state="closed"),
            ),
            models.Index(
                fields=["tenant_id", "case"], name="matter_of_case", condition=Q(case__isnull=False)
            ),
            models.Index(
                fields=["tenant_id", "entry"],
                name="matter_of_entry",
                condition=Q(entry__isnull=False),
            ),
        ]

    @property
    def is_raised_by_case(self) -> bool:
        """Tell whether the reporter of the case raised it: their answer there is the word here."""
        return self.case_id is not None and self.raised_by is None and not self.raised_name


class Listing(TenantModel):
    """A matter on the lists of a docket: raised there, or carried over from before."""

    docket = TenantForeignKey(Docket, models.CASCADE, related_name="listings")
    matter = TenantForeignKey(Matter, models.CASCADE, related_name="listings")
    number = models.PositiveSmallIntegerField()
    is_carried = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "docket", "matter"], name="listing_once"),
            models.UniqueConstraint(
                fields=["tenant_id", "docket", "number"], name="listing_number"
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "matter"], name="listing_of_matter")]


class MatterPhoto(StagedPhoto):
    """A photo that shows a matter: how it was, how it is now."""

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="photos")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "matter", "stage", "sha256"], name="matter_photo_once"
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "matter", "id"], name="matter_photo_of")]
