"""Categories and service levels: what differs between kinds of cases is data here."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Unit(models.TextChoices):
    """How a limit counts; the values are `kernel.worktime.Limit` units."""

    HOUR = "hour", _("小时")
    WORK_HOUR = "work_hour", _("工作小时")
    WORK_DAY = "work_day", _("个工作日")
    SAME_DAY = "same_day", _("当天")


class ServiceLevel(TenantModel):
    """A promise: respond within, resolve within, each in its unit on the tenant's calendar."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    respond_amount = models.PositiveSmallIntegerField()
    respond_unit = models.CharField(max_length=10, choices=Unit)
    resolve_amount = models.PositiveSmallIntegerField()
    resolve_unit = models.CharField(max_length=10, choices=Unit)
    # How often a promise may be moved, and by how many days in all; 0 times: never.
    extension_times = models.PositiveSmallIntegerField(default=1)
    extension_days = models.PositiveSmallIntegerField(default=15)
    source = models.CharField(
        max_length=120, default="", blank=True
    )  # the rule or text it comes from

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="level_code")]

    def __str__(self) -> str:
        return self.name


class DispatchMode(models.TextChoices):
    """How a case of the category finds its hands."""

    DESK = "desk", _("受理台派发")  # waits at the desk until somebody assigns it
    ASSIGN = "assign", _("按路由直接派发")  # assigned at once to what routing says
    POOL = "pool", _("抢单")  # the organisation's people see it and one takes it
    ROTATE = "rotate", _("轮流")  # to the holder of the role with the fewest open cases


class Category(TenantModel):
    """A kind of case (诉求类别). Reports, repairs, hazards, disputes: categories of one engine."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=30)
    hint = models.CharField(max_length=80, default="", blank=True)  # examples under the tile
    icon = models.CharField(max_length=30, default="message-circle")
    order = models.PositiveSmallIntegerField(default=100)
    service_level = TenantForeignKey(ServiceLevel, models.PROTECT, related_name="+")
    dispatch_mode = models.CharField(max_length=8, choices=DispatchMode, default=DispatchMode.DESK)
    is_confidential = models.BooleanField(default=False)  # mediation, personal help (S2 2.5)
    is_urgent = models.BooleanField(default=False)
    # Danger to life: the page tells people to call first.
    danger_text = models.CharField(max_length=120, default="", blank=True)
    needs_photo = models.BooleanField(default=False)
    needs_result_photo = models.BooleanField(default=False)
    shown_to_residents = models.BooleanField(default=True)
    shown_on_board = models.BooleanField(default=True)
    shown_in_snapshot = models.BooleanField(
        default=False
    )  # the three-tap page of roaming reporters
    first_level = models.CharField(
        max_length=12, default="grid"
    )  # the rung where it starts (posts.Level)
    # What may be answered when it can't be done: shown to staff when they decline.
    decline_rule = models.CharField(max_length=200, default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="category_code")]

    def __str__(self) -> str:
        return self.name


class QuestionKind(models.TextChoices):
    """How a category's question is answered."""

    CHOICE = "choice", _("单选")
    CHOICES = "choices", _("多选")
    TEXT = "text", _("文字")
    NUMBER = "number", _("数字")
    YES_NO = "yes_no", _("是或否")


class Question(TenantModel):
    """Something that a category asks besides the sentence."""

    category = TenantForeignKey(Category, models.CASCADE, related_name="questions")
    code = models.CharField(max_length=30)
    text = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=QuestionKind)
    choices = models.JSONField(default=list, blank=True)  # the words to choose from, in order
    is_required = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "category", "code"], name="question_code"),
            models.CheckConstraint(name="question_has_words", condition=~Q(text="")),
        ]
