"""Follow-up calls (回访) and what is left out of the official rates, each by two people."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.cases.models.handling import RequestState
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class FollowUpRule(TenantModel):
    """Another share of follow-up calls than usual, for a category, for an organisation, or both."""

    category = TenantForeignKey("cases.Category", models.CASCADE, null=True, related_name="+")
    organisation = TenantForeignKey(
        "posts.Organisation", models.CASCADE, null=True, related_name="+"
    )
    percent = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="followup_rule_is_for_something",
                condition=Q(category__isnull=False) | Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="followup_rule_percent", condition=Q(percent__gte=0, percent__lte=100)
            ),
        ]


class FollowUpSample(TenantModel):
    """What was drawn for one week by one rule, so that anybody can draw it again and compare."""

    week_on = models.DateField()  # the Monday of the week in which the cases were closed
    rule = TenantForeignKey(FollowUpRule, models.PROTECT, null=True, related_name="+")
    percent = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField()  # closed in the week, with a phone
    without_phone = models.PositiveIntegerField(default=0)
    chosen = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # of the numbers drawn from, in order
    drawn_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "week_on", "rule"], name="followup_sample_of_rule_once"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "week_on"],
                condition=Q(rule=None),
                name="followup_sample_once",
            ),
        ]


class FollowUpState(models.TextChoices):
    """Where a follow-up stands."""

    WAITING = "waiting", _("待回访")
    ANSWERED = "answered", _("已回访")
    UNREACHED = "unreached", _("未接通")


class FollowUp(TenantModel):
    """One case to call about, and what was said; it stands beside the reporter's own answer."""

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="followups")
    sample = TenantForeignKey(FollowUpSample, models.PROTECT, null=True, related_name="+")
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    is_confidential = models.BooleanField(default=False)
    week_on = models.DateField()
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_solved = models.BooleanField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    remarks = models.CharField(max_length=500, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "case", "week_on"], name="followup_once_a_week"
            ),
            models.CheckConstraint(
                name="followup_satisfaction_in_range",
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=3),
            ),
            models.CheckConstraint(
                name="followup_answered_with_answers",
                condition=~Q(state="answered")
                | Q(is_solved__isnull=False, satisfaction__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            # What is still to be called, oldest week first.
            models.Index(fields=["tenant_id", "state", "week_on", "id"], name="followup_by_state"),
        ]


class CallOutcome(models.TextChoices):
    """How a call went."""

    ANSWERED = "answered", _("已接通，问到了")
    NO_ANSWER = "no_answer", _("无人接听")
    REFUSED = "refused", _("不愿回答")
    WRONG_NUMBER = "wrong", _("空号或打错")


class FollowUpCall(TenantModel):
    """One call: when, by whom, how it went."""

    followup = TenantForeignKey(FollowUp, models.CASCADE, related_name="calls")
    outcome = models.CharField(max_length=10, choices=CallOutcome)
    note = models.CharField(max_length=200, default="", blank=True)
    account_id = models.UUIDField()
    called_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "followup", "id"], name="call_of_followup")]


class ExclusionReason(models.TextChoices):
    """Why a case does not count in the official rates."""

    UNREASONABLE = "demand", _("诉求不合理或没有依据")
    NO_POWER = "no_power", _("不属于社区职权范围")
    LAW = "law", _("已进入诉讼、仲裁、信访程序")
    FALSE = "false", _("内容不实")
    REPEATED = "repeated", _("同一人就同一事重复反映")
    TEST = "test", _("测试或误报")


class Exclusion(TenantModel):
    """A request to leave a case out of the official rates; the raw rates keep it."""

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="exclusions")
    reason = models.CharField(max_length=10, choices=ExclusionReason)
    text = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.ASKED)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, default="", blank=True)
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "case"],
                condition=Q(state__in=["asked", "approved"]),
                name="exclusion_one_at_a_time",
            ),
            models.CheckConstraint(
                name="exclusion_by_two_people",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "state", "id"], name="exclusion_by_state")]
