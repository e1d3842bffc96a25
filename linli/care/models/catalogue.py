"""What a blueprint says of care: lists of items, levels, what an alert is about, which category."""

from typing import ClassVar

from django.db import models

from linli.care.states import AlertKind
from linli.kernel.tenancy import TenantModel


class ItemList(TenantModel):
    """What to look for at a visit, as `linli.field.selectors.items.as_plain` writes it."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "code", "name", "items"}

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    items = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="care_list_code")]

    def __str__(self) -> str:
        return self.name


class CareLevel(TenantModel):
    """How often somebody is visited, how soon they come in a list, what is looked for."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "code", "name", "hint", "every_days", "risk", "list_code", "order",
    }  # fmt: skip

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=30)
    hint = models.CharField(max_length=80, default="", blank=True)
    every_days = models.PositiveSmallIntegerField()
    risk = models.PositiveSmallIntegerField(
        default=1
    )  # 1 to 9; multiplies the days without contact
    list_code = models.CharField(max_length=40, default="", blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="care_level_code")
        ]

    def __str__(self) -> str:
        return self.name


class AlertRule(TenantModel):
    """Whom an alert is about and what is to be done; needs are codes of `states.Need`."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "kind", "needs", "is_upstairs", "advice"}

    kind = models.CharField(max_length=8, choices=AlertKind)
    needs = models.JSONField(default=list)
    is_upstairs = models.BooleanField(default=False)  # everybody above the ground floor as well
    advice = models.CharField(max_length=200, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "kind"], name="care_alert_rule_once")
        ]


class CareSettings(TenantModel):
    """One row per tenant: the category of cases that come of care."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "category_code"}

    category_code = models.CharField(max_length=40, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="care_settings_once")]
