"""Who had a case in hand, who follows it, when its clock stood still."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class EndReason(models.TextChoices):
    """Why an assignment ended."""

    RETURNED = "returned", _("退回")
    REASSIGNED = "reassigned", _("改派")
    RESOLVED = "resolved", _("办结")
    ESCALATED = "escalated", _("上报")
    CLOSED = "closed", _("结束")


class Assignment(TenantModel):
    """A case in the hands of a post or an organisation, from when until when, and how it ended."""

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="assignments")
    post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    organisation = TenantForeignKey(
        "posts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=160, default="", blank=True)
    assigned_by = models.UUIDField(null=True)
    assigned_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=EndReason, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="assignment_has_hands",
                condition=Q(post__isnull=False) | Q(organisation__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "case"],
                condition=Q(ended_at=None),
                name="assignment_open_once",
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "case", "id"], name="assignment_of_case")]


class Follower(TenantModel):
    """Somebody who met the same thing ("me too") and is told how it ends."""

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="followers")
    contact = TenantForeignKey("people.Contact", models.PROTECT, null=True, related_name="+")
    key = models.CharField(
        max_length=64
    )  # the phone's keyed hash or the device's key: one follows once
    merged_case = TenantForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "case", "key"], name="follower_once"),
        ]


class SuspensionState(models.TextChoices):
    """Where a request to stop the clock stands."""

    ASKED = "asked", _("待审批")
    APPROVED = "approved", _("已同意")
    REFUSED = "refused", _("未同意")
    ENDED = "ended", _("已恢复")


class Suspension(TenantModel):
    """A request to stop the clock: approved by somebody else, with a reason that the reporter can
    read.
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="suspensions")
    reason = models.CharField(max_length=300)
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=SuspensionState, default=SuspensionState.ASKED)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "case"],
                condition=Q(state__in=["asked", "approved"]),
                name="suspension_one_at_a_time",
            ),
        ]
