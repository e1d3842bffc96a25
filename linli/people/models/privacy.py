"""What people agreed to, how long data is kept, and whose account is whose record."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class ConsentPurpose(models.TextChoices):
    """What somebody agrees to; each is asked, given and withdrawn by itself."""

    CONTACT = "contact", _("打电话联系我，核实和回访")
    NOTICES = "notices", _("用短信、邮件提醒我")
    DETAILS = "details", _("登记我自愿提供的情况")
    CARE = "care", _("关怀走访：记录身体状况和需要")


class GivenHow(models.TextChoices):
    """How a consent was given or withdrawn."""

    SELF = "self", _("本人在网上")
    DESK = "desk", _("本人到窗口")
    PAPER = "paper", _("签了纸质同意书")
    CALL = "call", _("本人在电话里")


class ConsentWording(TenantModel):
    """What was said when somebody agreed. A change of words is a new version; old ones stay."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "purpose", "version", "text", "on_withdrawal", "starts_at",
    }  # fmt: skip

    purpose = models.CharField(max_length=10, choices=ConsentPurpose)
    version = models.CharField(max_length=20)
    text = models.TextField()
    on_withdrawal = models.TextField()  # what happens when it is withdrawn, in plain words
    starts_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "purpose", "version"], name="consent_wording_once"
            )
        ]


class Consent(TenantModel):
    """Somebody agreed to a purpose, to which wording, how; and withdrew it, if they did."""

    PERSONAL: ClassVar = {"person": "name", "account": "name"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "purpose", "version", "given_at", "given_how", "given_by", "withdrawn_at",
        "withdrawn_how", "withdrawn_by",
    }  # fmt: skip

    # Exactly one: somebody of the register, or somebody who only has an account.
    person = TenantForeignKey("people.Person", models.PROTECT, null=True, related_name="consents")
    account = TenantForeignKey("people.Account", models.PROTECT, null=True, related_name="consents")
    purpose = models.CharField(max_length=10, choices=ConsentPurpose)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    given_how = models.CharField(max_length=5, choices=GivenHow)
    given_by = models.UUIDField(null=True)  # who took it down
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.CharField(max_length=5, choices=GivenHow, default="", blank=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="consent_of_one",
                condition=Q(person=None, account__isnull=False)
                | Q(person__isnull=False, account=None),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "person", "purpose"],
                condition=Q(withdrawn_at=None, person__isnull=False),
                name="consent_of_person_once",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "account", "purpose"],
                condition=Q(withdrawn_at=None, account__isnull=False),
                name="consent_of_account_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "person", "id"], name="consent_of_person"),
            models.Index(fields=["tenant_id", "account", "id"], name="consent_of_account"),
        ]


class PersonLink(TenantModel):
    """A resident's account belongs to somebody of the register: looked at in person, by staff."""

    PERSONAL: ClassVar = {"account": "name", "person": "name"}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "linked_at", "linked_by", "ended_at"}

    account = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    person = TenantForeignKey("people.Person", models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    linked_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account"],
                condition=Q(ended_at=None),
                name="person_link_of_account",
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "person"], name="person_link_of_person")]


class RetentionAction(models.TextChoices):
    """What happens to data whose time is over."""

    DELETE = "delete", _("删除")
    ANONYMISE = "anonymise", _("去掉姓名、电话等，只留统计")


class RetentionRule(TenantModel):
    """How long a kind of data is kept here; without a row, as the kind itself says."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "kind", "months", "action", "is_active", "applied_at", "applied_count",
        "total_count",
    }  # fmt: skip

    kind = models.CharField(max_length=40)
    months = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=10, choices=RetentionAction)
    is_active = models.BooleanField(default=True)
    applied_at = models.DateTimeField(null=True)  # when the job last found something
    applied_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "kind"], name="retention_rule_once")
        ]
