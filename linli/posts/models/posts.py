"""Posts: a post holds duties over a subtree of places or for an organisation, for a term."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class OrganisationKind(models.TextChoices):
    """What kind of body stands behind a post."""

    COMMUNITY = "community", _("社区")
    PROPERTY = "property", _("物业公司")
    DEPARTMENT = "department", _("职能部门")
    COMMITTEE = "committee", _("业主委员会")
    SUBDISTRICT = "subdistrict", _("街道（镇）")
    DISTRICT = "district", _("区县")
    TEAM = "team", _("服务队")


class Organisation(TenantModel):
    """A body that people act for: the community, a property company, a department, an owners' committee."""

    kind = models.CharField(max_length=12, choices=OrganisationKind)
    code = models.CharField(max_length=40)  # stable within the tenant; blueprints name it
    name = models.CharField(max_length=60)
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    phone = models.CharField(max_length=20, default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="organisation_code")
        ]

    def __str__(self) -> str:
        return self.name


class Level(models.TextChoices):
    """The rung of the ladder a post stands on (S2 2.9, S4 4.9)."""

    GRID = "grid", _("网格")
    ESTATE = "estate", _("小区")
    COMMUNITY = "community", _("社区")
    SUBDISTRICT = "subdistrict", _("街道（镇）")
    DISTRICT = "district", _("区县")


class Post(TenantModel):
    """A post (岗): its organisation, its scope, its rung. `role` is what routing asks for."""

    organisation = TenantForeignKey(Organisation, models.PROTECT, related_name="posts")
    code = models.CharField(max_length=60)  # stable within the tenant; blueprints name it
    name = models.CharField(max_length=60)
    role = models.CharField(
        max_length=30
    )  # grid_worker, building_head, desk, lead, property, department …
    level = models.CharField(max_length=12, choices=Level)
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    estate = TenantForeignKey("places.Estate", models.PROTECT, null=True, related_name="+")
    written_duties = models.TextField(default="", blank=True)  # 设岗设责 (S2 2.3)
    # Sees and acts only on what is handed to the organisation (a property company, a department).
    is_confined = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="post_code")]
        indexes = [models.Index(fields=["tenant_id", "role", "area"], name="post_by_role")]

    def __str__(self) -> str:
        return self.name


class PostDuty(TenantModel):
    """A named right that a post holds over its scope: `cases.dispatch`."""

    post = TenantForeignKey(Post, models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "post", "duty"], name="post_duty_once")
        ]


class Holding(TenantModel):
    """Who holds a post, from when until when (end excluded)."""

    post = TenantForeignKey(Post, models.PROTECT, related_name="holdings")
    account = TenantForeignKey("people.Account", models.PROTECT, related_name="holdings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    appointed_by = models.UUIDField(null=True)
    is_part_time = models.BooleanField(default=False)  # 兼职: the allowance says whether it counts
    # The last notice that the term ends: so many days before which end; a moved end is told anew.
    warned_days = models.PositiveSmallIntegerField(null=True)
    warned_ends_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="holding_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "post", "account"],
                condition=Q(ends_at=None),
                name="holding_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "account", "ends_at"], name="holding_of_account"),
            # Terms that end soon or have ended, which the worker looks for.
            models.Index(fields=["tenant_id", "ends_at"], name="holding_by_end"),
        ]


class Substitution(TenantModel):
    """Who stands in for a holder while away: acts in the post between the two moments."""

    post = TenantForeignKey(Post, models.PROTECT, related_name="substitutions")
    absent = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    substitute = TenantForeignKey("people.Account", models.PROTECT, related_name="substitutions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=60, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="substitution_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "substitute", "ends_at"], name="substitution_of_account"
            )
        ]


class RoutingRule(TenantModel):
    """Category and place give a post or an organisation. The most particular rule wins: estate before
    area, a named category before any, the deeper area before the higher one, then `order`.
    """

    category_code = models.CharField(max_length=40, default="", blank=True)  # "" is any category
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    estate = TenantForeignKey("places.Estate", models.PROTECT, null=True, related_name="+")
    estate_kind = models.CharField(
        max_length=12, default="", blank=True
    )  # "" is any kind of estate
    # Exactly one of the three: a role is resolved at the place (the grid worker of the case's grid).
    role = models.CharField(max_length=30, default="", blank=True)
    post = TenantForeignKey(Post, models.PROTECT, null=True, related_name="+")
    organisation = TenantForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="routing_has_one_target",
                condition=(
                    Q(role="", post__isnull=False, organisation=None)
                    | Q(role="", post=None, organisation__isnull=False)
                    | (~Q(role="") & Q(post=None, organisation=None))
                ),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "category_code"], name="routing_by_category")]
