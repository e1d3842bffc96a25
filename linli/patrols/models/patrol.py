"""A walk along a route: which points were looked at, how, and who signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.patrols.models.route import Point, Route


class PatrolState(models.TextChoices):
    """Where a walk stands."""

    WALKING = "walking", _("在走")
    SIGNING = "signing", _("等会签")  # a joint one that only one side has signed
    DONE = "done", _("走完了")
    BROKEN_OFF = "broken_off", _("没走完")


class Patrol(TenantModel):
    """One walk of one account along a route on one day; everything it did hangs on it."""

    route = TenantForeignKey(Route, models.PROTECT, related_name="patrols")
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    day = models.DateField()
    account_id = models.UUIDField()
    post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=PatrolState, default=PatrolState.WALKING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_joint = models.BooleanField(default=False)
    point_count = models.PositiveSmallIntegerField(default=0)  # of the route, on that day
    seen_count = models.PositiveSmallIntegerField(default=0)
    skipped_count = models.PositiveSmallIntegerField(default=0)
    finding_count = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            # Started twice, on the page and by what was kept offline: it is one walk.
            models.UniqueConstraint(
                fields=["tenant_id", "route", "account_id", "day"], name="patrol_of_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "community", "-day", "-id"], name="patrol_of_community"
            ),
            # Joint ones that wait for the other side.
            models.Index(
                fields=["tenant_id", "community"],
                name="patrol_to_sign",
                condition=Q(state="signing"),
            ),
        ]


class How(models.TextChoices):
    """How it is known that somebody stood there."""

    SCAN = "scan", _("扫码")
    NEAR = "near", _("定位在点上")
    FAR = "far", _("定位不在点上")
    TAP = "tap", _("手点，没有定位")


class Check(TenantModel):
    """A point was looked at, or passed over with a reason; once per walk."""

    patrol = TenantForeignKey(Patrol, models.CASCADE, related_name="checks")
    point = TenantForeignKey(Point, models.PROTECT, related_name="checks")
    key = models.CharField(max_length=60, default="", blank=True)  # of the submission, if any
    at = models.DateTimeField()  # when somebody stood there
    noted_at = models.DateTimeField()  # when we learnt it
    how = models.CharField(max_length=4, choices=How, default=How.TAP)
    metres = models.PositiveIntegerField(null=True)  # from the point, when there was a position
    answers = models.JSONField(default=dict, blank=True)
    is_fine = models.BooleanField(default=True)
    skip_reason = models.CharField(max_length=80, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "patrol", "point"], name="check_once"),
            models.UniqueConstraint(
                fields=["tenant_id", "key"], condition=~Q(key=""), name="check_of_submission"
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "point", "-at"], name="check_of_point")]


class Side(models.TextChoices):
    """Who signs a joint walk."""

    COMMUNITY = "community", _("社区")
    PARTNER = "partner", _("物业")


class Signature(TenantModel):
    """One side says that the walk was as written."""

    patrol = TenantForeignKey(Patrol, models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    account_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "patrol", "side"], name="signed_once"),
            models.UniqueConstraint(
                fields=["tenant_id", "patrol", "account_id"], name="signed_for_one_side"
            ),
        ]
