"""An alert over some places: who cannot wait, and who has been reached."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.care.models.profiles import CareProfile
from linli.care.states import AlertKind, GoneWhy, TaskState
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Alert(TenantModel):
    """The switch: on for an area or some of its buildings until a moment, then off by itself."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "kind", "area", "area_path", "area_name", "words", "advice", "tells_family",
        "starts_at", "until", "started_by", "ended_at", "ended_by",
    }  # fmt: skip

    kind = models.CharField(max_length=8, choices=AlertKind)
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    area_name = models.CharField(max_length=120)  # with the buildings, as pages show it
    words = models.CharField(max_length=120, default="", blank=True)
    advice = models.CharField(max_length=200, default="", blank=True)
    tells_family = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    started_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="care_alert_ends_after_start", condition=Q(until__gt=F("starts_at"))
            ),
        ]
        indexes = [
            # Those that are on: the desk's strip, and the sweep that ends them.
            models.Index(
                fields=["tenant_id", "until"], condition=Q(ended_at=None), name="care_alert_on"
            ),
            models.Index(fields=["tenant_id", "-id"], name="care_alert_newest"),
        ]


class AlertBuilding(TenantModel):
    """One of the buildings that an alert is about; none means the whole area."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "alert", "building"}

    alert = TenantForeignKey(Alert, models.CASCADE, related_name="buildings")
    building = TenantForeignKey("places.Building", models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "alert", "building"], name="care_alert_building_once"
            )
        ]


class AlertTask(TenantModel):
    """One person on the board of an alert. Which needs it is about is read from the profile."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "alert", "profile", "post_id", "priority", "is_upstairs", "state", "is_on",
        "gone_why", "settled_at", "settled_by", "visit_id",
    }  # fmt: skip

    alert = TenantForeignKey(Alert, models.CASCADE, related_name="tasks")
    profile = TenantForeignKey(CareProfile, models.PROTECT, related_name="+")
    post_id = models.UUIDField(null=True)  # whose day it is on
    priority = models.PositiveSmallIntegerField(default=99)
    is_upstairs = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=TaskState, default=TaskState.OPEN)
    is_on = models.BooleanField(default=True)  # while the alert is, and it is about them
    gone_why = models.CharField(max_length=10, choices=GoneWhy, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    visit_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "alert", "profile"], name="care_alert_task_once"
            )
        ]
        indexes = [
            # The board: counts by state, and who is still to be reached.
            models.Index(fields=["tenant_id", "alert", "state", "priority"], name="care_board"),
            # A visitor's day while an alert is on.
            models.Index(
                fields=["tenant_id", "post_id"], condition=Q(is_on=True), name="care_task_of_post"
            ),
            # What a visit settles.
            models.Index(
                fields=["tenant_id", "profile"], condition=Q(is_on=True), name="care_task_of"
            ),
        ]
