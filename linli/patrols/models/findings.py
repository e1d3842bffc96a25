"""What came of looking: cases, words to those who broke the covenant, roots to be dug out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.patrols.models.patrol import Patrol
from linli.patrols.models.route import Point


class FindingKind(models.TextChoices):
    """What was done about it at once."""

    REPORTED = "reported", _("已上报")
    SETTLED = "settled", _("当场办好")


class Finding(TenantModel):
    """Something was found at a point; the case behind it runs like every case."""

    patrol = TenantForeignKey(Patrol, models.CASCADE, related_name="findings")
    point = TenantForeignKey(Point, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=8, choices=FindingKind)
    case = TenantForeignKey("cases.Case", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "case"], name="finding_of_case")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "patrol"], name="finding_of_patrol"),
            models.Index(fields=["tenant_id", "point", "-at"], name="finding_of_point"),
        ]


class Clause(TenantModel):
    """A clause of the community's covenant (公约), as the blueprint writes it."""

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    text = models.CharField(max_length=200, default="", blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    ended_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="clause_code")]

    def __str__(self) -> str:
        return self.title


class Outcome(models.TextChoices):
    """How a gentle word was taken."""

    MENDED = "mended", _("当场改了")
    PROMISED = "promised", _("答应改")
    HEARD = "heard", _("听了，没表态")
    DECLINED = "declined", _("没有听")


class Persuasion(TenantModel):
    """Somebody was spoken to kindly (文明劝导). Which clause, where, how it went; never who it was.

    There is no field for words of one's own, so that nobody can be named. Source: S5 5.13.
    """

    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    clause = TenantForeignKey(Clause, models.PROTECT, related_name="+")
    place_label = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome)
    count = models.PositiveSmallIntegerField(default=1)  # several at the same place, at once
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)  # who spoke
    key = models.CharField(max_length=60, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "key"], condition=~Q(key=""), name="persuasion_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "community", "at"], name="persuasion_of_community")
        ]


class RootState(models.TextChoices):
    """What the desk said to a proposed root-cause case."""

    PROPOSED = "proposed", _("待决定")
    OPENED = "opened", _("已立治本单")
    DISMISSED = "dismissed", _("不立")


class Root(TenantModel):
    """A facility broke again and again: a root-cause case (治本单) is proposed to the desk, once."""

    facility = TenantForeignKey("places.Facility", models.CASCADE, related_name="+")
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=RootState, default=RootState.PROPOSED)
    fault_count = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    case = TenantForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "facility"],
                condition=Q(state="proposed"),
                name="root_proposed_once",
            ),
            models.CheckConstraint(
                name="root_opened_with_a_case",
                condition=Q(state="opened", case__isnull=False)
                | (~Q(state="opened") & Q(case=None)),
            ),
        ]
        indexes = [
            # The desk's list and the number on its rail.
            models.Index(fields=["tenant_id", "state", "community"], name="root_by_state")
        ]
