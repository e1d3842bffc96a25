"""Who had a case in hand, who follows it, when its clock stood still."""

from django.db import models
from django.db.models import F, Q
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
    """Somebody who met the same thing ("me too"): with a number and a secret link of their own, an
    answer of their own at the end, and their own way out.
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="followers")
    contact = TenantForeignKey("people.Contact", models.PROTECT, null=True, related_name="+")
    key = models.CharField(
        max_length=64
    )  # the phone's keyed hash or the device's key: one follows once
    merged_case = TenantForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    order = models.PositiveSmallIntegerField(null=True)  # DC26111042-2; None: followed before
    link_version = models.PositiveSmallIntegerField(default=1)
    urged_at = models.DateTimeField(null=True)
    is_solved = models.BooleanField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    comment = models.CharField(max_length=500, default="", blank=True)
    rated_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "case", "key"], name="follower_once"),
        ]


class RequestState(models.TextChoices):
    """Where a request that somebody else decides stands."""

    ASKED = "asked", _("待审批")
    APPROVED = "approved", _("已同意")
    REFUSED = "refused", _("未同意")
    ENDED = "ended", _("已结束")


class Extension(TenantModel):
    """A request to move the promise to another day: decided by somebody else, with a reason that
    the reporter can read.
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="extensions")
    reason = models.CharField(max_length=300)
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.ASKED)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "case"],
                condition=Q(state="asked"),
                name="extension_asked_once",
            ),
            models.CheckConstraint(
                name="extension_by_two_people",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "case", "id"], name="extension_of_case")]


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
