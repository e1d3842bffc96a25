"""Allowances as facts: who gets what a month, worked out by days, frozen when the month is over."""

from django.db import models
from django.db.models import F, Q

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class AllowanceRule(TenantModel):
    """What holders of a role, or of one post, get a month (S4 4.10: 800 yuan, part-time too)."""

    code = models.CharField(max_length=60)  # stable within the tenant; blueprints name it
    label = models.CharField(max_length=30)
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    # Exactly one of the two.
    role = models.CharField(max_length=30, default="", blank=True)
    post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    monthly_fen = models.PositiveIntegerField()
    is_for_part_time = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # end excluded

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="allowance_rule_code"),
            models.CheckConstraint(
                name="allowance_rule_for_role_or_post",
                condition=Q(role="", post__isnull=False) | (~Q(role="") & Q(post=None)),
            ),
            models.CheckConstraint(
                name="allowance_rule_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class AllowanceSheet(TenantModel):
    """A month of a rule that is frozen: what the ledgers take over, and nothing changes any more."""

    rule = TenantForeignKey(AllowanceRule, models.PROTECT, related_name="sheets")
    month_on = models.DateField()  # its first day
    total_fen = models.BigIntegerField()
    line_count = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()
    frozen_by = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "rule", "month_on"], name="allowance_month_once"
            )
        ]


class AllowanceFact(TenantModel):
    """What one holder of one post gets for a month. A correction of an earlier month names that month
    and may be negative.
    """

    sheet = TenantForeignKey(AllowanceSheet, models.PROTECT, related_name="facts")
    post = TenantForeignKey("posts.Post", models.PROTECT, related_name="+")
    account = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    for_month_on = models.DateField()
    days = models.SmallIntegerField()
    days_of_month = models.PositiveSmallIntegerField()
    monthly_fen = models.PositiveIntegerField()
    amount_fen = models.IntegerField()
    is_part_time = models.BooleanField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "sheet", "post", "account", "for_month_on"],
                name="allowance_fact_once",
            )
        ]
