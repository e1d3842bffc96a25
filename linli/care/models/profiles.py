"""Who is looked after, and which of their family may be told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.care.states import AgreedHow, EndReason, Need, Relation, Turn
from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class CareProfile(TenantModel):
    """Somebody who is looked after: why, how often, by whom, and where they stand.

    The place is copied from the register and follows it. `version` counts changes of the plan, not
    visits. What `rules.standing` works out is stored, so that lists read along an index.
    """

    PERSONAL: ClassVar = {"person": "name", "home_id": "address", "needs": "text", "why": "text"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "level", "every_days", "risk", "list_code", "post",
        "second_post", "community", "area_path", "building_id", "floor", "turn",
        "turn_post", "misses", "seen_at", "unseen_since", "due_on", "missing_case_id", "version",
        "agreed_how", "agreed_at", "withdrawn_at", "started_at", "started_by", "ended_at", "ended_by",
        "ended_reason",
    }  # fmt: skip

    person = TenantForeignKey("people.Person", models.PROTECT, related_name="+")
    level = TenantForeignKey("care.CareLevel", models.PROTECT, related_name="+")
    every_days = models.PositiveSmallIntegerField()
    risk = models.PositiveSmallIntegerField(default=1)
    list_code = models.CharField(max_length=40, default="", blank=True)
    needs = EncryptedTextField(default="", blank=True)  # codes of Need, with commas
    why = EncryptedTextField(default="", blank=True)  # in words: illness, habits, whom to call
    post = TenantForeignKey("posts.Post", models.PROTECT, related_name="+")
    second_post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")

    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    building_id = models.UUIDField(null=True)
    home_id = models.UUIDField(null=True)
    floor = models.SmallIntegerField(null=True)

    turn = models.CharField(max_length=6, choices=Turn, default=Turn.FIRST)
    turn_post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    misses = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    unseen_since = models.DateField()  # the day when last met, or when care began
    due_on = models.DateField()
    missing_case_id = models.UUIDField(null=True)  # the case about nobody having met them

    version = models.PositiveIntegerField(default=1)
    agreed_how = models.CharField(max_length=8, choices=AgreedHow, default="", blank=True)
    agreed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    started_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.CharField(max_length=10, choices=EndReason, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person"], condition=Q(ended_at=None), name="care_once"
            ),
            models.CheckConstraint(
                name="care_ends_with_a_reason",
                condition=Q(ended_at=None, ended_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
            ),
            models.CheckConstraint(
                name="care_turn_has_its_post",
                condition=Q(turn="desk", turn_post=None)
                | (~Q(turn="desk") & Q(turn_post__isnull=False)),
            ),
            models.CheckConstraint(
                name="care_comes_round", condition=Q(every_days__gte=1, every_days__lte=366)
            ),
        ]
        indexes = [
            # A visitor's day.
            models.Index(
                fields=["tenant_id", "turn_post", "due_on"],
                condition=Q(ended_at=None),
                name="care_of_visitor",
            ),
            # The desk's list, overdue first, of a community and of a whole district.
            models.Index(
                fields=["tenant_id", "community", "due_on", "id"],
                condition=Q(ended_at=None),
                name="care_by_due",
            ),
            models.Index(
                fields=["tenant_id", "due_on", "id"],
                condition=Q(ended_at=None),
                name="care_by_due_all",
            ),
            # Who has not been seen for how long.
            models.Index(
                fields=["tenant_id", "community", "unseen_since", "id"],
                condition=Q(ended_at=None),
                name="care_by_unseen",
            ),
            models.Index(
                fields=["tenant_id", "unseen_since", "id"],
                condition=Q(ended_at=None),
                name="care_by_unseen_all",
            ),
            # Those whom nobody could meet.
            models.Index(
                fields=["tenant_id", "community", "due_on"],
                condition=Q(ended_at=None, turn="desk"),
                name="care_at_desk",
            ),
            # Whoever stood in for somebody sees whom they were named for.
            models.Index(
                fields=["tenant_id", "post"], condition=Q(ended_at=None), name="care_of_post"
            ),
            models.Index(
                fields=["tenant_id", "second_post"],
                condition=Q(ended_at=None, second_post__isnull=False),
                name="care_of_second",
            ),
            # An alert for some buildings.
            models.Index(
                fields=["tenant_id", "building_id"],
                condition=Q(ended_at=None),
                name="care_of_building",
            ),
            # The history of a person, and what the register tells of them.
            models.Index(fields=["tenant_id", "person", "-id"], name="care_of_person"),
        ]

    @property
    def need_codes(self) -> list[str]:
        """Return the needs, in the order of their list."""
        said = set(self.needs.split(","))
        return [code for code in Need.values if code in said]

    @property
    def is_over(self) -> bool:
        """Tell whether care has ended."""
        return self.ended_at is not None


class FamilyContact(TenantModel):
    """Somebody of the family or next door who may be called, and told if they agreed."""

    PERSONAL: ClassVar[dict[str, str]] = {}  # name and phone are the contact's
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "profile", "contact", "relation", "may_be_told", "agreed_how", "agreed_at",
        "link_version", "created_at", "created_by", "withdrawn_at",
    }  # fmt: skip

    profile = TenantForeignKey(CareProfile, models.CASCADE, related_name="family")
    contact = TenantForeignKey("people.Contact", models.PROTECT, related_name="+")
    relation = models.CharField(max_length=10, choices=Relation)
    may_be_told = models.BooleanField(default=False)
    agreed_how = models.CharField(max_length=8, choices=AgreedHow, default="", blank=True)
    agreed_at = models.DateTimeField(null=True)
    link_version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "profile", "contact"],
                condition=Q(withdrawn_at=None),
                name="care_family_once",
            ),
            models.CheckConstraint(
                name="care_family_told_only_when_agreed",
                condition=Q(may_be_told=False) | Q(agreed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "profile"], name="care_family_of")]
