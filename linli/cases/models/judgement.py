"""What the words of a case were taken for, what staff said to it, and what is learnt from that."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class LearnedModel(TenantModel):
    """What was learnt from the tenant's own staff, over the phrases that the product brings."""

    content = models.BinaryField()  # as kernel.textmodel reads it
    example_count = models.PositiveIntegerField()
    figures = models.JSONField(default=dict, blank=True)  # of the held-out folds
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)  # set when another took its place

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id"], condition=Q(ended_at=None), name="learned_model_in_use_once"
            ),
        ]


class Word(models.TextChoices):
    """What staff said to a suggested category."""

    NONE = "", _("还没有人看")
    AGREED = "agreed", _("和原来的类别一致")  # accepted as it was, and it was the first suggestion
    TAKEN = "taken", _("采用了建议")  # the category was put right, to the first suggestion
    OTHER = "other", _("选了别的类别")
    UNSURE = "unsure", _("拿不准")


class Judgement(TenantModel):
    """Three categories that a case's words speak for, and the likely earlier report of the same.

    A suggestion and nothing more: no field of the case is ever changed by it.
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="judgements")
    model = TenantForeignKey(LearnedModel, models.PROTECT, null=True, related_name="+")
    suggestions = models.JSONField(default=list, blank=True)  # [[category code, per mille], …]
    is_sure = models.BooleanField(default=False)
    earlier = TenantForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    earlier_percent = models.PositiveSmallIntegerField(default=0)  # how alike the words are
    judged_at = models.DateTimeField()
    word = models.CharField(max_length=6, choices=Word, default=Word.NONE, blank=True)
    said_code = models.CharField(max_length=40, default="", blank=True)  # the category by staff
    said_by = models.UUIDField(null=True)
    said_at = models.DateTimeField(null=True)
    is_same = models.BooleanField(null=True)  # staff on the earlier report; None: nothing said

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "case"], name="judgement_once"),
            models.CheckConstraint(
                name="judgement_word_at_some_time",
                condition=Q(word="", said_at=None) | (~Q(word="") & Q(said_at__isnull=False)),
            ),
        ]
        indexes = [
            # What staff said lately, for the share taken over.
            models.Index(
                fields=["tenant_id", "said_at"],
                name="judgement_by_word",
                condition=Q(said_at__isnull=False),
            ),
        ]


class TrainingExample(TenantModel):
    """A text without personal pieces and the category that staff found right for it."""

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="+")
    text = models.CharField(max_length=600)  # masked, the title first
    code = models.CharField(max_length=40)
    word = models.CharField(max_length=6, choices=Word)
    said_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "case"], name="training_example_once"),
        ]
        indexes = [models.Index(fields=["tenant_id", "-id"], name="training_example_newest")]
