"""What was found at a visit, by whom and when; photos."""

from typing import ClassVar

from django.db import models

from linli.care.models.profiles import CareProfile
from linli.care.states import Manner, Outcome, Trouble
from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Visit(TenantModel):
    """One person's word about one visit. `same_as`: somebody else wrote the same visit down first.

    answers: JSON of item codes and answers. `is_counted` is false for what was made after care ended.
    """

    PERSONAL: ClassVar = {"note": "text", "answers": "text"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "profile", "manner", "outcome", "trouble", "is_danger", "account_id",
        "post_id", "is_second", "at", "recorded_at", "again_on", "next_on", "photo_count", "case_id",
        "same_as", "is_counted", "area_path",
    }  # fmt: skip

    profile = TenantForeignKey(CareProfile, models.PROTECT, related_name="visits")
    manner = models.CharField(max_length=6, choices=Manner, default=Manner.VISIT)
    outcome = models.CharField(max_length=5, choices=Outcome)
    trouble = models.CharField(max_length=8, choices=Trouble, default="", blank=True)
    is_danger = models.BooleanField(default=False)
    note = EncryptedTextField(default="", blank=True)
    answers = EncryptedTextField(default="", blank=True)
    account_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    is_second = models.BooleanField(default=False)  # by the second visitor
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    again_on = models.DateField(null=True)  # asked for by the visitor
    next_on = models.DateField(null=True)  # what came of it
    photo_count = models.PositiveSmallIntegerField(default=0)
    case_id = models.UUIDField(null=True)  # what came of "something is wrong"
    same_as = TenantForeignKey("self", models.PROTECT, null=True, related_name="others")
    is_counted = models.BooleanField(default=True)
    area_path = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="care_visit_wrong_says_what",
                condition=models.Q(outcome="wrong") | models.Q(trouble="", is_danger=False),
            ),
        ]
        indexes = [
            # A profile's history, and where it stands.
            models.Index(fields=["tenant_id", "profile", "-at"], name="care_visit_of"),
            # What was done lately: workload, retention.
            models.Index(fields=["tenant_id", "at"], name="care_visit_by_age"),
            # My own of today.
            models.Index(fields=["tenant_id", "account_id", "-at"], name="care_visit_by_whom"),
        ]


class VisitPhoto(TenantModel):
    """A photo of a visit, of one of its items; seen by whoever sees the profile."""

    PERSONAL: ClassVar = {"path": "photo", "thumb_path": "photo"}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "visit", "item_code", "created_at"}

    visit = TenantForeignKey(Visit, models.CASCADE, related_name="photos")
    item_code = models.CharField(max_length=40, default="", blank=True)
    path = models.CharField(max_length=120)
    thumb_path = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "visit"], name="care_photo_of")]
