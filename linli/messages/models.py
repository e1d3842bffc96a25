"""The tables of messages: what was to be told, to whom, and what reached them on which channel."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Channel(models.TextChoices):
    """The ways a message can go."""

    PAGE = "page", _("站内")
    SMS = "sms", _("短信")
    MAIL = "mail", _("邮件")
    ROBOT = "robot", _("群机器人")


class Audience(models.TextChoices):
    """Whom a template speaks to; wording differs (ui.md 2.6)."""

    REPORTER = "reporter", _("反映人")
    HANDLER = "handler", _("承办人")
    DESK = "desk", _("受理台")
    LEAD = "lead", _("负责人")


class Template(TenantModel):
    """Words that differ from those in data/templates.yaml, for an event, an audience and a channel.

    `area_path` says for whom: "" is the whole tenant, a community's path that community; the
    deepest wins. `{number}` and the like are filled in.
    """

    area_path = models.CharField(max_length=120, default="", blank=True)
    event_name = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=Audience)
    channel = models.CharField(max_length=6, choices=Channel)
    title = models.CharField(max_length=60, default="", blank=True)
    body = models.TextField()
    is_active = models.BooleanField(default=True)
    is_urgent = models.BooleanField(default=False)  # goes out in quiet hours too

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "event_name", "audience", "channel", "area_path"],
                name="template_once",
            ),
        ]


class Notice(TenantModel):
    """One thing told to one person or group: an account, a contact, a group robot.

    `key` makes telling twice tell once. The secret link of a reporter is never kept here.
    """

    key = models.CharField(max_length=160)
    account_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    robot = TenantForeignKey("messages.Robot", models.PROTECT, null=True, related_name="+")
    event_name = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    area_path = models.CharField(max_length=120, default="", blank=True)
    title = models.CharField(max_length=80)
    body = models.TextField()
    link = models.CharField(max_length=200, default="", blank=True)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["tenant_id", "account_id", "-id"],
                name="notice_unread",
                condition=Q(read_at=None),
            ),
            models.Index(fields=["tenant_id", "account_id", "-id"], name="notice_of_account"),
            models.Index(fields=["tenant_id", "subject_id", "id"], name="notice_of_subject"),
        ]


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", _("等待发送")
    SENT = "sent", _("已发出")
    RECORDED = "recorded", _("已记录，没有发出（未配置）")
    FAILED = "failed", _("没有送达")
    FOLDED = "folded", _("并入汇总")


class Delivery(TenantModel):
    """A notice on its way over one channel: the log of what reached whom.

    A sender claims a waiting delivery by counting an attempt and moving `due_at` ahead: when the
    sender dies, the delivery comes due again by itself, with the same text and the same key.
    """

    PERSONAL: ClassVar = {"address": "phone", "text": "text", "folded_text": "text"}

    notice = TenantForeignKey(Notice, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=6, choices=Channel)
    # The way out that may be down as a whole: "sms", "mail", or "robot:<id>".
    line = models.CharField(max_length=45)
    address = EncryptedTextField(default="", blank=True)  # phone, mail address or robot address
    address_hash = models.CharField(max_length=64)  # finds what else waits for the same address
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    text = EncryptedTextField(default="", blank=True)
    folded_text = EncryptedTextField(default="", blank=True)  # what went out for several at once
    is_urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=80, default="", blank=True)  # the gateway's own id
    error = models.CharField(max_length=200, default="", blank=True)
    is_forgotten = models.BooleanField(default=False)  # address and texts are gone (rules.KEEP)
    # Several waiting for one address leave as one: the others point at the one that carried them.
    folded_into = TenantForeignKey("self", models.PROTECT, null=True, related_name="folded")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "notice", "channel"], name="delivery_once"
            ),
            models.CheckConstraint(
                name="delivery_settled_at_some_time",
                condition=Q(state__in=["waiting", "folded"], settled_at=None)
                | Q(state__in=["sent", "recorded", "failed"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_folded_into_one",
                condition=Q(state="folded", folded_into__isnull=False)
                | (~Q(state="folded") & Q(folded_into=None)),
            ),
        ]
        indexes = [
            # What the sender takes next.
            models.Index(
                fields=["tenant_id", "due_at"],
                name="delivery_waiting",
                condition=Q(state="waiting"),
            ),
            # What already waits for an address, so that the next one joins it.
            models.Index(
                fields=["tenant_id", "address_hash"],
                name="delivery_to_address",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["tenant_id", "-id"], name="delivery_log"),
            # What is old enough to be forgotten.
            models.Index(
                fields=["tenant_id", "settled_at"],
                name="delivery_to_forget",
                condition=Q(is_forgotten=False, settled_at__isnull=False),
            ),
            models.Index(fields=["tenant_id", "state", "-id"], name="delivery_log_by_state"),
            models.Index(
                fields=["tenant_id", "folded_into"],
                name="delivery_folded",
                condition=Q(state="folded"),
            ),
        ]


class Outage(TenantModel):
    """A line that is down: one delivery at a time is tried until it is back; staff hear once."""

    line = models.CharField(max_length=45)
    started_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=1)
    probe_at = models.DateTimeField()
    reason = models.CharField(max_length=200, default="", blank=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "line"], condition=Q(ended_at=None), name="outage_open_once"
            ),
        ]


class RobotKind(models.TextChoices):
    """The two styles of group robots."""

    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")


class Robot(TenantModel):
    """A group robot's webhook that an organisation listens on."""

    PERSONAL: ClassVar = {"address": "secret", "secret": "secret"}

    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=RobotKind)
    name = models.CharField(max_length=40)
    address = EncryptedTextField()
    secret = EncryptedTextField(default="", blank=True)  # DingTalk's signing secret
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "organisation_id"], name="robot_of_organisation")
        ]


class Preference(TenantModel):
    """How an account wants to be told besides the page."""

    account_id = models.UUIDField()
    by_sms = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    daily_digest = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "account_id"], name="preference_once")
        ]

    @property
    def channels(self) -> set[str]:
        """Return the channels wanted besides the page."""
        wanted = {Channel.SMS.value: self.by_sms, Channel.MAIL.value: self.by_mail}
        return {channel for channel, is_wanted in wanted.items() if is_wanted}


class QuietHours(TenantModel):
    """When nothing is sent unless urgent. Times are local; the night may cross midnight.

    Without a row it is quiet from 21:00 to 08:00. The deepest `area_path` wins, as with templates.
    """

    area_path = models.CharField(max_length=120, default="", blank=True)
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "area_path"], name="quiet_hours_once")
        ]
