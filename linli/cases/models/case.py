"""The case: one matter, from the first word to the resident's last."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.cases.states import OPEN, CaseState
from linli.kernel.tenancy import TenantForeignKey, TenantModel

# Somebody owes something and the clock runs. "Is not null" holds without parameters, so that both
# databases can see that a query fits the index; a list of states, bound as values, they can not.
_RUNNING = Q(due_at__isnull=False)


class Source(models.TextChoices):
    """How a case came in."""

    SCAN = "scan", _("扫码上报")
    WEB = "web", _("网页上报")
    PHONE = "phone", _("电话登记")
    WALK_IN = "walk_in", _("来访登记")
    SNAPSHOT = "snapshot", _("随手拍")
    PATROL = "patrol", _("网格巡查")
    HOTLINE = "hotline", _("12345 转办")
    IMPORT = "import", _("批量导入")
    API = "api", _("其他系统")
    GROUP_CHAT = "group_chat", _("群聊受理")
    WHISTLE = "whistle", _("社区吹哨")


class Lateness(models.IntegerChoices):
    """How late the running promise is; it only rises until the case moves on."""

    IN_TIME = 0, _("按期")
    DUE_SOON = 1, _("临期")
    LATE = 2, _("超时")
    ESCALATED = 3, _("已上报")


class Case(TenantModel):
    """One matter. Deadlines are stored; `due_at` is the promise that runs now, `check_at` the next
    moment at which the worker must look at the case (amber, red, up the ladder, closing by
    silence).
    """

    number = models.CharField(max_length=20)  # DC26111042: what people say on the phone
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.REPORTED)
    category = TenantForeignKey("cases.Category", models.PROTECT, related_name="+")
    title = models.CharField(max_length=60)  # the first words, for lists
    text = models.TextField()
    source = models.CharField(max_length=10, choices=Source)
    is_urgent = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)

    # Where.
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    grid = TenantForeignKey("places.Area", models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=120)  # of the grid, or of the community
    estate = TenantForeignKey("places.Estate", models.PROTECT, null=True, related_name="+")
    building = TenantForeignKey("places.Building", models.PROTECT, null=True, related_name="+")
    entrance = TenantForeignKey("places.Entrance", models.PROTECT, null=True, related_name="+")
    place_label = models.CharField(max_length=120)  # the place in words at the time
    spot = models.CharField(max_length=80, default="", blank=True)  # what the reporter added
    lat = models.FloatField(null=True)  # WGS-84
    lon = models.FloatField(null=True)

    # Who said it.
    reporter = TenantForeignKey("people.Contact", models.PROTECT, null=True, related_name="+")
    entered_by = models.UUIDField(null=True)  # the account that took the call
    link_version = models.PositiveSmallIntegerField(default=1)  # raised to revoke the secret link
    reported_at = models.DateTimeField()

    # Who has it.
    level = models.CharField(max_length=12, default="grid")  # the rung it stands on (posts.Level)
    handler_post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    handler_organisation = TenantForeignKey(
        "posts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    handler_account = TenantForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+"
    )
    handler_reason = models.CharField(max_length=160, default="", blank=True)  # 为什么派给我
    supervised_at = models.DateTimeField(null=True)  # 督办
    is_in_arbitration = models.BooleanField(default=False)

    # The promise.
    service_level = TenantForeignKey("cases.ServiceLevel", models.PROTECT, related_name="+")
    clock_started_at = models.DateTimeField()  # of reporting or reopening; stops move it on
    respond_due_at = models.DateTimeField()
    resolve_due_at = models.DateTimeField()
    # Set once an extension moved it: what was promised at first, for the figures.
    first_resolve_due_at = models.DateTimeField(null=True)
    extension_asked_at = models.DateTimeField(null=True)  # while the request waits
    responded_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    lateness = models.PositiveSmallIntegerField(choices=Lateness, default=Lateness.IN_TIME)
    suspended_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)

    # How it ended.
    is_solved = models.BooleanField(null=True)  # the reporter's first answer
    satisfaction = models.PositiveSmallIntegerField(null=True)  # the second: 1 no, 2 so-so, 3 yes
    rating_comment = models.CharField(max_length=500, default="", blank=True)
    rated_at = models.DateTimeField(null=True)
    is_closed_by_silence = models.BooleanField(default=False)
    decline_reason = models.TextField(default="", blank=True)
    decline_rule = models.CharField(max_length=200, default="", blank=True)
    decline_alternative = models.CharField(max_length=500, default="", blank=True)
    decline_review_on = models.DateField(null=True)
    review_due_at = models.DateTimeField(null=True)  # its day came and nobody looked again yet
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, related_name="merged_cases")

    # Left out of the official rates, by two people and with a reason (`Exclusion`).
    is_excluded = models.BooleanField(default=False)
    reporter_left_at = models.DateTimeField(null=True)  # withdrew; others follow, it goes on

    follower_count = models.PositiveIntegerField(default=0)
    urge_count = models.PositiveSmallIntegerField(default=0)
    urged_at = models.DateTimeField(null=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    photo_count = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(
        default=list, blank=True
    )  # the category's questions as asked: [{text, answer}]
    version = models.PositiveIntegerField(
        default=1
    )  # raised by every change; a page sends back what it saw

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "number"], name="case_number"),
            models.CheckConstraint(
                name="case_closed_at_some_time",
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed"),
            ),
            models.CheckConstraint(
                name="case_merged_into_something",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="case_declined_with_a_reason",
                condition=~Q(state="declined") | ~Q(decline_reason=""),
            ),
            models.CheckConstraint(
                name="case_satisfaction_in_range",
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=3),
            ),
        ]
        indexes = [
            # The queue of open cases of a community, by promise; history is no part of it.
            models.Index(
                fields=[
                    "tenant_id",
                    "community",
                    "due_at",
                    "id",
                    "is_confidential",
                    "is_in_arbitration",
                ],
                name="case_open_by_due",
                condition=_RUNNING,
            ),
            # The queue of a district's or subdistrict's desk.
            models.Index(
                fields=["tenant_id", "due_at", "id"],
                name="case_open_all_by_due",
                condition=_RUNNING,
            ),
            # One tab of the queue, newest first.
            models.Index(fields=["tenant_id", "community", "state", "-id"], name="case_by_state"),
            # All of a community, or of a tenant, newest first.
            models.Index(fields=["tenant_id", "community", "-id"], name="case_by_community"),
            models.Index(fields=["tenant_id", "-id"], name="case_newest"),
            # Another system's list: what was reported between two moments, newest first. Place and kind
            # are in it, so that what is left out costs no look at the row.
            models.Index(
                fields=["tenant_id", "-reported_at", "-id", "community", "category"],
                name="case_by_reported",
            ),
            models.Index(
                fields=["tenant_id", "-reported_at", "-id", "community", "category"],
                name="case_open_by_reported",
                condition=_RUNNING,
            ),
            models.Index(
                fields=["tenant_id", "-reported_at", "-id", "community", "category"],
                name="case_stopped_by_reported",
                condition=Q(suspended_at__isnull=False),
            ),
            # What one post, organisation or person has in hand.
            models.Index(
                fields=["tenant_id", "handler_post", "due_at"],
                name="case_open_of_post",
                condition=_RUNNING,
            ),
            models.Index(
                fields=["tenant_id", "handler_organisation", "due_at"],
                name="case_open_of_org",
                condition=_RUNNING,
            ),
            models.Index(fields=["tenant_id", "handler_post", "-id"], name="case_of_post"),
            models.Index(fields=["tenant_id", "handler_organisation", "-id"], name="case_of_org"),
            # What the worker looks at next.
            models.Index(
                fields=["tenant_id", "check_at"],
                name="case_to_check",
                condition=Q(check_at__isnull=False),
            ),
            # Declined cases whose day of review came.
            models.Index(
                fields=["tenant_id", "community", "-id"],
                name="case_to_review",
                condition=Q(review_due_at__isnull=False),
            ),
            # Closed within a week, for the sample of follow-up calls.
            models.Index(
                fields=["tenant_id", "closed_at"],
                name="case_by_closing",
                condition=Q(closed_at__isnull=False),
            ),
            # Open cases nearby of the same kind, shown before another is made.
            models.Index(
                fields=["tenant_id", "community", "category", "-id"],
                name="case_open_nearby",
                condition=_RUNNING,
            ),
            models.Index(fields=["tenant_id", "building", "-id"], name="case_of_building"),
            models.Index(fields=["tenant_id", "grid", "-id"], name="case_of_grid"),
            models.Index(fields=["tenant_id", "reporter"], name="case_of_reporter"),
            models.Index(
                fields=["tenant_id", "merged_into"],
                name="case_merged",
                condition=Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state in OPEN
