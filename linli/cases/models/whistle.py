"""Whistles (吹哨报到): one case, a lead department and assisting ones, each with its own clock and result."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.cases.models.category import Unit
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class WhistleLimit(TenantModel):
    """How long departments may take, all counted from the whistle: to report in, to arrive, to finish."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    report_amount = models.PositiveSmallIntegerField()
    report_unit = models.CharField(max_length=10, choices=Unit)
    arrive_amount = models.PositiveSmallIntegerField()
    arrive_unit = models.CharField(max_length=10, choices=Unit)
    finish_amount = models.PositiveSmallIntegerField()
    finish_unit = models.CharField(max_length=10, choices=Unit)
    is_urgent = models.BooleanField(default=False)  # what an urgent case is offered first
    order = models.PositiveSmallIntegerField(default=100)
    source = models.CharField(max_length=120, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="whistle_limit_code")
        ]

    def __str__(self) -> str:
        return self.name


class WhistlePlan(TenantModel):
    """Which organisation a whistle on a category usually calls: one row per organisation (预案)."""

    category = TenantForeignKey("cases.Category", models.CASCADE, related_name="+")
    organisation = TenantForeignKey("posts.Organisation", models.CASCADE, related_name="+")
    is_lead = models.BooleanField(default=False)
    limit = TenantForeignKey(WhistleLimit, models.SET_NULL, null=True, related_name="+")
    # Owners whistle, the window reports in: a report of the category is a whistle by itself.
    is_automatic = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "category", "organisation"], name="whistle_plan_once"
            ),
        ]


class WhistleState(models.TextChoices):
    """How far a whistle is."""

    OPEN = "open", _("办理中")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤哨")
    ENDED = "ended", _("随工单结束")


class Whistle(TenantModel):
    """One whistle on one case. The case stays the lead's until all parts have a result, or a named
    reason for having none.
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="whistles")
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=WhistleState, default=WhistleState.OPEN)
    words = models.TextField()  # what departments have to know; staff only
    limit_name = models.CharField(max_length=40)
    blown_by = models.UUIDField(null=True)  # None: by itself, from a resident's report
    blown_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ending = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "case"], condition=Q(state="open"), name="whistle_open_once"
            ),
            models.CheckConstraint(
                name="whistle_ended_at_some_time",
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            # The desk's list: a community's whistles, newest first; the open ones alone.
            models.Index(fields=["tenant_id", "community", "-id"], name="whistle_by_community"),
            models.Index(
                fields=["tenant_id", "community", "-id"],
                name="whistle_open",
                condition=Q(state="open"),
            ),
        ]


class PartState(models.TextChoices):
    """How far one organisation's part is."""

    CALLED = "called", _("待报到")
    REPORTED = "reported", _("已报到")
    ARRIVED = "arrived", _("已到场")
    DONE = "done", _("已办完")
    REFUSED = "refused", _("推辞待裁定")
    RELEASED = "released", _("裁定不归它办")
    MISSING = "missing", _("没有结果")
    ENDED = "ended", _("已撤哨")


class WhistlePart(TenantModel):
    """One organisation's part: its three promises, what it did, what it leaves as a result.

    `due_at` is the promise that runs now, `check_at` the worker's next look, `rung` how far up the
    ladder a late part was shown.
    """

    whistle = TenantForeignKey(Whistle, models.CASCADE, related_name="parts")
    organisation = TenantForeignKey("posts.Organisation", models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)
    task = models.CharField(max_length=300, default="", blank=True)
    state = models.CharField(max_length=10, choices=PartState, default=PartState.CALLED)
    called_at = models.DateTimeField()
    # Where its clock starts: the call, or the ruling that it has to do it after all.
    clock_started_at = models.DateTimeField()
    report_due_at = models.DateTimeField()
    arrive_due_at = models.DateTimeField()
    finish_due_at = models.DateTimeField()
    first_finish_due_at = models.DateTimeField(null=True)  # before an extension moved it
    extension_reason = models.CharField(max_length=300, default="", blank=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.UUIDField(null=True)
    reported_place = models.CharField(max_length=80, default="", blank=True)
    reported_lat = models.FloatField(null=True)
    reported_lon = models.FloatField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.UUIDField(null=True)
    result = models.TextField(default="", blank=True)
    missing_reason = models.CharField(max_length=300, default="", blank=True)
    due_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    lateness = models.PositiveSmallIntegerField(default=0)  # cases.Lateness
    was_late = models.BooleanField(default=False)
    rung = models.CharField(max_length=12, default="", blank=True)
    # The community's word on the department, and the department's on the whistle: 1 to 3.
    score = models.PositiveSmallIntegerField(null=True)
    score_words = models.CharField(max_length=300, default="", blank=True)
    scored_by = models.UUIDField(null=True)
    return_score = models.PositiveSmallIntegerField(null=True)
    return_words = models.CharField(max_length=300, default="", blank=True)
    returned_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "whistle", "organisation"], name="whistle_part_once"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "whistle"],
                condition=Q(is_lead=True),
                name="whistle_has_one_lead",
            ),
            models.CheckConstraint(
                name="whistle_part_done_with_a_result",
                condition=~Q(state="done") | (Q(finished_at__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="whistle_part_missing_with_a_reason",
                condition=~Q(state="missing") | ~Q(missing_reason=""),
            ),
        ]
        indexes = [
            # What the worker looks at next.
            models.Index(
                fields=["tenant_id", "check_at"],
                name="whistle_part_to_check",
                condition=Q(check_at__isnull=False),
            ),
            # What an organisation has to do, by promise.
            models.Index(
                fields=["tenant_id", "organisation", "due_at"],
                name="whistle_part_of_org",
                condition=Q(due_at__isnull=False),
            ),
            # The rates of organisations over a span of days.
            models.Index(fields=["tenant_id", "called_at"], name="whistle_part_by_call"),
        ]


class PartStep(models.TextChoices):
    """What a photo of a part belongs to."""

    REPORTED = "reported", _("报到")
    ARRIVED = "arrived", _("到场")
    BEFORE = "before", _("处理前")
    AFTER = "after", _("处理后")


class PartPhoto(TenantModel):
    """Which photo of the case belongs to which part, and to which of its steps."""

    part = TenantForeignKey(WhistlePart, models.CASCADE, related_name="photos")
    photo = TenantForeignKey("cases.Photo", models.CASCADE, related_name="+")
    step = models.CharField(max_length=10, choices=PartStep)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "photo"], name="part_photo_once"),
        ]
        indexes = [models.Index(fields=["tenant_id", "part"], name="part_photo_of_part")]
