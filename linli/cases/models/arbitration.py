"""What a community can't decide: the clause it rests on, the rung that answers, its own promise."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.cases.models.category import Unit
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Clause(TenantModel):
    """An entry of the dispatch catalogue (职责清单): what it says, whose it is, how soon one is told."""

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    text = models.TextField()
    source = models.CharField(max_length=200, default="", blank=True)  # law and article
    organisation = TenantForeignKey(
        "posts.Organisation", models.SET_NULL, null=True, related_name="+"
    )
    answer_amount = models.PositiveSmallIntegerField(default=2)
    answer_unit = models.CharField(max_length=10, choices=Unit, default=Unit.WORK_DAY)
    order = models.PositiveSmallIntegerField(default=100)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="dispatch_clause_code")
        ]

    def __str__(self) -> str:
        return self.title


class ArbitrationState(models.TextChoices):
    """Where a question to the rung above stands."""

    ASKED = "asked", _("待答复")
    ANSWERED = "answered", _("已答复")
    WITHDRAWN = "withdrawn", _("已撤回")


class Outcome(models.TextChoices):
    """What the rung above said: of a case, or of a part that a department refused."""

    TAKE = "take", _("交给指定单位办")
    STAY = "stay", _("仍由社区办")
    DECLINE = "decline", _("按条款办不了，社区答复居民")
    STAND = "stand", _("归它办，时限从现在起算")
    RELEASE = "release", _("不归它办")
    REPLACE = "replace", _("换别的单位办")


class Arbitration(TenantModel):
    """A question that went up with its clause, and the answer that came back.

    part: set when a department refused its part of a whistle; else the case is beyond the
    community's authority (超权限).
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="arbitrations")
    part = TenantForeignKey("cases.WhistlePart", models.CASCADE, null=True, related_name="+")
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    clause = TenantForeignKey(Clause, models.PROTECT, related_name="+")
    text = models.TextField()  # why, in the words of whoever asked
    state = models.CharField(
        max_length=10, choices=ArbitrationState, default=ArbitrationState.ASKED
    )
    level = models.CharField(max_length=12)  # the rung that answers
    post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    lateness = models.PositiveSmallIntegerField(default=0)  # cases.Lateness
    outcome = models.CharField(max_length=10, choices=Outcome, default="", blank=True)
    answer = models.TextField(default="", blank=True)
    organisation = TenantForeignKey(
        "posts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "case"],
                condition=Q(state="asked", part=None),
                name="arbitration_open_once",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "part"],
                condition=Q(state="asked", part__isnull=False),
                name="arbitration_of_part_once",
            ),
            models.CheckConstraint(
                name="arbitration_answered_in_words",
                condition=~Q(state="answered")
                | (Q(answered_at__isnull=False) & ~Q(outcome="") & ~Q(answer="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "check_at"],
                name="arbitration_to_check",
                condition=Q(check_at__isnull=False),
            ),
            # What waits for an answer, by promise.
            models.Index(
                fields=["tenant_id", "due_at", "id"],
                name="arbitration_open_by_due",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(fields=["tenant_id", "case", "-id"], name="arbitration_of_case"),
            # The sheet of a month.
            models.Index(
                fields=["tenant_id", "community", "-asked_at"], name="arbitration_by_month"
            ),
        ]
