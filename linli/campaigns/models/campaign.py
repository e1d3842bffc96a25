"""A campaign (整治行动): where, on which days, by whom, and who leads which part of the ground."""

from django.db import models
from django.db.models import F, Q

from linli.campaigns.states import CampaignState
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Campaign(TenantModel):
    """Several organisations clear one list together."""

    title = models.CharField(max_length=60)
    note = models.TextField(default="", blank=True)  # why, and what to bring
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)  # of the community: duties hold over it
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.PLANNED)
    starts_on = models.DateField()
    ends_on = models.DateField()
    summary = models.TextField(default="", blank=True)  # what the result says besides its numbers
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)  # a page sends back what it saw

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="campaign_ended_at_some_time",
                condition=Q(state="ended", ended_at__isnull=False) | ~Q(state="ended"),
            ),
        ]
        indexes = [
            # The list of a community, newest first.
            models.Index(fields=["tenant_id", "community", "-starts_on"], name="campaign_list"),
            # My day: what runs.
            models.Index(fields=["tenant_id", "state", "starts_on"], name="campaign_by_state"),
        ]

    def __str__(self) -> str:
        return self.title


class CampaignDay(TenantModel):
    """A day on site: when and where the teams meet."""

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="days")
    on = models.DateField()
    meet = models.CharField(max_length=80, default="", blank=True)  # 09:00 利源小区西门

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "campaign", "on"], name="campaign_day_once"
            )
        ]


class Part(TenantModel):
    """A part of the ground (片区): an area of the tree, one of the team leads there."""

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="parts")
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=10)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "campaign", "area"], name="campaign_part_once"
            )
        ]


class Member(TenantModel):
    """Who takes part: an organisation or a post; whoever holds it on the day is on the team.

    part: where they work; none: everywhere. is_lead: leads there, or the whole.
    """

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="members")
    part = TenantForeignKey(Part, models.CASCADE, null=True, related_name="members")
    organisation = TenantForeignKey(
        "posts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    is_lead = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="campaign_member_is_one_thing",
                condition=Q(organisation=None, post__isnull=False)
                | Q(organisation__isnull=False, post=None),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "campaign", "part"],
                condition=Q(is_lead=True, part__isnull=False),
                name="campaign_member_leads_a_part_alone",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "campaign"],
                condition=Q(is_lead=True, part=None),
                name="campaign_member_leads_alone",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "organisation"], name="campaign_member_organisation"),
            models.Index(fields=["tenant_id", "post"], name="campaign_member_post"),
        ]
