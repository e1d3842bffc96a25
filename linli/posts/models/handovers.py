"""Handovers: what a post has in its keeping, and what is listed and signed for when it changes hands."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class BelongingKind(models.TextChoices):
    """What a post keeps."""

    KEY = "key", _("钥匙")
    AGREEMENT = "agreement", _("协议、约定")
    DEVICE = "device", _("设备")
    FILE = "file", _("台账、资料")
    OTHER = "other", _("其他")


class Belonging(TenantModel):
    """Something that goes with a post: a key, an agreement, a device, a folder."""

    post = TenantForeignKey("posts.Post", models.PROTECT, related_name="belongings")
    kind = models.CharField(max_length=10, choices=BelongingKind)
    name = models.CharField(max_length=60)
    count = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=120, default="", blank=True)  # where it is, until when
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # given back, expired, lost

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["tenant_id", "post"], condition=Q(ended_at=None), name="belonging_of_post"
            )
        ]

    def __str__(self) -> str:
        return self.name


class HandoverState(models.TextChoices):
    """How far a handover is."""

    OPEN = "open", _("交接中")
    CLOSED = "closed", _("已交接")
    WITHDRAWN = "withdrawn", _("已撤回")


class Handover(TenantModel):
    """What one holder leaves to the next: the lines, and the word of both."""

    post = TenantForeignKey("posts.Post", models.PROTECT, related_name="handovers")
    # The term that ends. No foreign key: a term that never began is taken back, its handover stays.
    holding_id = models.UUIDField()
    outgoing = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    incoming = TenantForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    leaves_at = models.DateTimeField()  # when the term ends
    # What the term was before it was ended by hand: its former end (None: open), and the term of who
    # was appointed with it. Withdrawing puts both back.
    former_ends_at = models.DateTimeField(null=True)
    follower_id = models.UUIDField(null=True)  # a holding; one that never began is taken back
    # Who stood in and was cut short with the term: what withdrawing puts back.
    stood_in = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=HandoverState, default=HandoverState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    outgoing_signed_at = models.DateTimeField(null=True)
    # Who signed: the one who leaves, or the lead in their place with the reason below.
    outgoing_signed_by = models.UUIDField(null=True)
    outgoing_reason = models.CharField(max_length=120, default="", blank=True)
    incoming_signed_at = models.DateTimeField(null=True)
    incoming_signed_by = models.UUIDField(null=True)
    incoming_reason = models.CharField(max_length=120, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)  # raised when the lines change

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "holding_id"],
                condition=~Q(state="withdrawn"),
                name="handover_of_term_once",
            ),
            models.CheckConstraint(
                name="handover_signed_by_someone",
                condition=Q(outgoing_signed_at=None) | Q(outgoing_signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_taken_by_someone",
                condition=Q(incoming_signed_at=None) | Q(incoming_signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_closed_when_signed",
                condition=~Q(state="closed")
                | Q(
                    closed_at__isnull=False,
                    outgoing_signed_at__isnull=False,
                    incoming_signed_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "post", "-opened_at"], name="handover_of_post"),
            # What waits for somebody's word.
            models.Index(
                fields=["tenant_id", "outgoing"], condition=Q(state="open"), name="handover_from"
            ),
            models.Index(
                fields=["tenant_id", "incoming"], condition=Q(state="open"), name="handover_to"
            ),
        ]


class LineState(models.TextChoices):
    """What became of a line."""

    OPEN = "open", _("还没接")
    ACCEPTED = "accepted", _("已接")
    DISPUTED = "disputed", _("有出入")
    KEPT = "kept", _("负责人接管")
    DONE = "done", _("已办完，不用交")


class HandoverLine(TenantModel):
    """One open thing of a packet, as it stood; remarks of both beside it."""

    handover = TenantForeignKey(Handover, models.CASCADE, related_name="lines")
    source = models.CharField(max_length=30)  # the room that gave it
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)  # the heading it stands under
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=300, default="", blank=True)
    link = models.CharField(max_length=200, default="", blank=True)
    due_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)
    order = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=LineState, default=LineState.OPEN)
    outgoing_remark = models.CharField(max_length=200, default="", blank=True)
    incoming_remark = models.CharField(max_length=200, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "handover", "key"], name="handover_line_once"
            )
        ]
