"""What a phone handed in: once, in its order, with what came of it."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from linli.field.models.device import Device
from linli.field.states import SubmissionState
from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Submission(TenantModel):
    """Something done in the field, as it came in. `sent_id` was made on the phone."""

    PERSONAL: ClassVar = {
        "acts_as": "text", "called": "text", "answers": "text", "told": "text", "words": "text",
        "differences": "text", "reason": "text",
    }  # fmt: skip
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "sent_id", "device", "account_id", "area_path", "kind", "subject_id",
        "title", "base_version", "photos", "content_hash", "after", "state", "link", "here_version",
        "made_at", "said_at", "received_at", "held_until", "settled_at", "decided_by",
        "discard_asked_by", "reminded_at", "forgotten_at",
    }  # fmt: skip

    sent_id = models.UUIDField()
    device = TenantForeignKey(Device, models.PROTECT, null=True, related_name="submissions")
    account_id = models.UUIDField()
    acts_as = EncryptedTextField()  # kernel.actor.as_plain: in whose name it was made
    area_path = models.CharField(max_length=120, default="", blank=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=120, default="", blank=True)  # empty: `called` has it
    called = EncryptedTextField(default="", blank=True)  # on the phone: a name, an age, a door
    subject_id = models.UUIDField(null=True)
    base_version = models.CharField(max_length=60, default="", blank=True)
    answers = EncryptedTextField()  # JSON
    told = EncryptedTextField(
        default="", blank=True
    )  # JSON: (label, answer) as the phone showed them
    photos = models.JSONField(default=list)  # [[item code, upload_id], …]
    content_hash = models.CharField(max_length=64)
    after = models.JSONField(default=list)  # sent_ids that belong before this one
    state = models.CharField(max_length=12, choices=SubmissionState)
    words = EncryptedTextField(default="", blank=True)  # one sentence on what came of it
    link = models.CharField(max_length=300, default="", blank=True)
    differences = EncryptedTextField(default="", blank=True)  # JSON, while people decide
    here_version = models.CharField(max_length=60, default="", blank=True)  # the record's, then
    made_at = models.DateTimeField()  # by our clock
    said_at = models.DateTimeField()  # by the phone's
    received_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)  # the account that took, decided or discarded
    reason = EncryptedTextField(default="", blank=True)
    discard_asked_by = models.UUIDField(null=True)
    reminded_at = models.DateTimeField(null=True)  # since when the desk knows that it waits long
    forgotten_at = models.DateTimeField(null=True)  # since when only its mark is kept

    # For whoever looks (selectors/reading.py): whether they may read it, and what its kind is called.
    is_open = True
    kind_label = ""

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "sent_id"], name="submission_by_phones_id"
            ),
        ]
        indexes = [
            # What I handed in, newest first.
            models.Index(
                fields=["tenant_id", "account_id", "-received_at"], name="submission_of_account"
            ),
            # What people have to look at, below an area.
            models.Index(
                fields=["tenant_id", "state", "area_path", "received_at"],
                name="submission_waiting",
                condition=Q(state__in=["quarantined", "conflict"]),
            ),
            # What people have not decided, oldest first.
            models.Index(
                fields=["tenant_id", "settled_at"],
                name="submission_undecided",
                condition=Q(state__in=["quarantined", "conflict"]),
            ),
            # What is settled and still kept as it came, oldest first.
            models.Index(
                fields=["tenant_id", "settled_at"],
                name="submission_to_empty",
                condition=Q(state__in=["taken", "refused", "discarded"], forgotten_at=None),
            ),
            # What waits for something before it.
            models.Index(
                fields=["tenant_id", "account_id", "held_until"],
                name="submission_held",
                condition=Q(state="held"),
            ),
        ]

    def __str__(self) -> str:
        return (self.called if self.is_open else "") or self.kind_label or self.kind

    @property
    def said(self) -> dict[str, Any]:
        """What was answered, by item."""
        return json.loads(self.answers)

    @property
    def shown(self) -> list[list[str]]:
        """What was answered in words, as (label, answer); by item where the phone told no labels."""
        if self.told:
            return json.loads(self.told)
        return [[name, str(value)] for name, value in self.said.items() if value not in ("", None)]

    @property
    def made_by(self) -> str:
        """Whoever made it."""
        return str(json.loads(self.acts_as)["name"])

    @property
    def different(self) -> list[dict[str, str]]:
        """The fields in which the phone and the record differ, while people decide."""
        return json.loads(self.differences) if self.differences else []
