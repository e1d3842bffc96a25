"""What was said and shown along the way: texts and photos of a case's timeline."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class EntryKind(models.TextChoices):
    """What an entry is."""

    ANSWER = "answer", _("答复")
    PROGRESS = "progress", _("处理情况")
    RESULT = "result", _("办理结果")
    NOTE = "note", _("内部备注")
    ADDITION = "addition", _("补充")
    URGE = "urge", _("催办")
    RETURN = "return", _("退回")
    DECLINE = "decline", _("不予受理")
    SUSPEND = "suspend", _("挂起")
    EXTEND = "extend", _("延期")
    SUPERVISE = "supervise", _("督办")
    REOPEN = "reopen", _("重办")
    WITHDRAW = "withdraw", _("撤回")
    ORIGINAL = "original", _("并入的原文")
    WHISTLE = "whistle", _("吹哨报到")
    RULING = "ruling", _("裁定")


class Audience(models.TextChoices):
    """Who may read an entry."""

    REPORTER = "reporter", _("反映人可见")
    STAFF = "staff", _("内部")


class Entry(TenantModel):
    """A text on a case, by staff or by the reporter. Events name it by id and never carry its
    words.
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    audience = models.CharField(max_length=8, choices=Audience)
    text = models.TextField()
    account_id = models.UUIDField(null=True)  # None: the reporter, or the system
    follower = TenantForeignKey(
        "cases.Follower", models.SET_NULL, null=True, related_name="+"
    )  # whose words they are, when somebody wrote who follows
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "case", "id"], name="entry_of_case")]


class PhotoStage(models.TextChoices):
    """When a photo was taken."""

    REPORT = "report", _("上报")
    ADDITION = "addition", _("补充")
    BEFORE = "before", _("处理前")
    AFTER = "after", _("处理后")


class Photo(TenantModel):
    """A cleaned photo; the file lies below the tenant's media folder and is served by us alone."""

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="photos")
    entry = TenantForeignKey(Entry, models.CASCADE, null=True, related_name="photos")
    stage = models.CharField(max_length=8, choices=PhotoStage)
    path = models.CharField(max_length=160)
    thumb_path = models.CharField(max_length=160)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    account_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.CheckConstraint(name="photo_has_file", condition=~Q(path=""))]
        indexes = [models.Index(fields=["tenant_id", "case", "id"], name="photo_of_case")]
