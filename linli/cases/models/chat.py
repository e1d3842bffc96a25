"""A pasted stretch of a group chat, kept as evidence, and the matters that were found in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class ChatState(models.TextChoices):
    """How far a paste is."""

    WAITING = "waiting", _("正在拆分")
    READY = "ready", _("等待勾选")
    DONE = "done", _("已勾选")
    DISCARDED = "discarded", _("已放弃")


class ChatPaste(TenantModel):
    """The original, encrypted; it goes when its day of keeping is over, what came of it stays."""

    PERSONAL: ClassVar = {"text": "text"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "community_id", "group_name", "size", "sha256", "state", "found", "run_id",
        "created_by", "created_at", "keep_until",
    }  # fmt: skip

    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    group_name = models.CharField(max_length=60)
    text = EncryptedTextField(default="", blank=True)  # "" once its day is over
    size = models.PositiveIntegerField()  # bytes; 0 once the words are gone
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ChatState, default=ChatState.WAITING)
    found = models.JSONField(default=dict, blank=True)  # counts: messages, speakers, matters
    run_id = models.UUIDField(null=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    keep_until = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "community", "-id"], name="chat_by_community"),
            # What the keeper of days looks at.
            models.Index(fields=["tenant_id", "keep_until"], name="chat_to_forget"),
        ]


class ChatMatter(TenantModel):
    """One matter of a chat: its messages, where it probably is, what kind it probably is, its case."""

    PERSONAL: ClassVar = {"text": "text", "speakers": "name"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "paste_id", "order", "said_at", "lines", "spot", "estate_id",
        "building_id", "entrance_id", "category_id", "percent", "is_sure", "is_urgent",
        "likely_id", "likeness", "case_id", "is_dismissed",
    }  # fmt: skip

    paste = TenantForeignKey(ChatPaste, models.CASCADE, related_name="matters")
    order = models.PositiveSmallIntegerField()
    text = EncryptedTextField()
    speakers = EncryptedTextField(default="", blank=True)  # one a line
    said_at = models.DateTimeField(null=True)
    lines = models.JSONField(default=list)  # numbers of its messages in the original
    spot = models.CharField(max_length=80, default="", blank=True)
    estate = TenantForeignKey("places.Estate", models.SET_NULL, null=True, related_name="+")
    building = TenantForeignKey("places.Building", models.SET_NULL, null=True, related_name="+")
    entrance = TenantForeignKey("places.Entrance", models.SET_NULL, null=True, related_name="+")
    category = TenantForeignKey("cases.Category", models.SET_NULL, null=True, related_name="+")
    percent = models.PositiveSmallIntegerField(default=0)
    is_sure = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    likely = TenantForeignKey("cases.Case", models.SET_NULL, null=True, related_name="+")
    likeness = models.PositiveSmallIntegerField(default=0)  # per cent
    case = TenantForeignKey("cases.Case", models.SET_NULL, null=True, related_name="chat_matters")
    is_dismissed = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "paste", "order"], name="chat_matter_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "case"],
                name="chat_matter_of_case",
                condition=Q(case__isnull=False),
            ),
        ]
