"""The one collection form: which fields there are, what is known of whom, which forms ask for them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.people.models.households import Household
from linli.people.models.persons import KnownFrom, Person


class FieldSubject(models.TextChoices):
    """What a field is about."""

    PERSON = "person", _("个人")
    HOUSEHOLD = "household", _("家庭")


class FieldValue(models.TextChoices):
    """What an answer looks like."""

    TEXT = "text", _("文字")
    CHOICE = "choice", _("单选")
    YES_NO = "yes_no", _("是否")
    NUMBER = "number", _("数字")
    DATE = "date", _("日期")
    PHONE = "phone", _("电话")


class FieldKind(TenantModel):
    """A field of the dictionary (S2 2.8): asked once, used by every form.

    column: the column of Person that holds it; "" keeps answers as facts. shelf_days: after how
    long an answer is stale and asked again; 0 never. seconds: what asking costs.
    """

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "code", "name", "subject", "value", "choices", "column", "hint", "shelf_days",
        "seconds", "is_sensitive", "is_required", "order", "is_active",
    }  # fmt: skip

    code = models.CharField(max_length=24)
    name = models.CharField(max_length=30)
    subject = models.CharField(max_length=9, choices=FieldSubject)
    value = models.CharField(max_length=6, choices=FieldValue)
    choices = models.JSONField(default=list, blank=True)  # labels
    column = models.CharField(max_length=12, default="", blank=True)
    hint = models.CharField(max_length=100, default="", blank=True)
    shelf_days = models.PositiveIntegerField(default=0)
    seconds = models.PositiveSmallIntegerField(default=10)
    is_sensitive = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="field_kind_once")
        ]

    def __str__(self) -> str:
        return self.name


class UpperForm(TenantModel):
    """A form that an office above asks for: a list of fields, compiled instead of collected again."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "code", "name", "office", "subject", "fields", "tag_code", "per_year",
        "is_active",
    }  # fmt: skip

    code = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=60)  # who asks
    subject = models.CharField(max_length=9, choices=FieldSubject)
    fields = models.JSONField(default=list)  # codes of fields, in the form's order
    tag_code = models.CharField(max_length=24, default="", blank=True)  # only who has this mark
    per_year = models.PositiveSmallIntegerField(default=1)  # how often it is asked for
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="upper_form_once")
        ]

    def __str__(self) -> str:
        return self.name


class Fact(TenantModel):
    """The answer to a field, and when and how it was known. Of a field that is a column of Person the
    value stands there, and this row says only when it was last found to be right.
    """

    PERSONAL: ClassVar = {"person": "name", "household": "address", "value": "text"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "field", "known_at", "source", "account_id",
    }  # fmt: skip

    person = TenantForeignKey(Person, models.PROTECT, null=True, related_name="facts")
    household = TenantForeignKey(Household, models.PROTECT, null=True, related_name="facts")
    field = TenantForeignKey(FieldKind, models.PROTECT, related_name="+")
    value = EncryptedTextField(default="", blank=True)
    known_at = models.DateTimeField()
    source = models.CharField(max_length=6, choices=KnownFrom)
    account_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person", "field"],
                condition=Q(person__isnull=False),
                name="fact_of_person_once",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "household", "field"],
                condition=Q(household__isnull=False),
                name="fact_of_household_once",
            ),
            models.CheckConstraint(
                name="fact_of_one",
                condition=Q(person=None, household__isnull=False)
                | Q(person__isnull=False, household=None),
            ),
        ]
