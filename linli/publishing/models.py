"""Articles and what was released of them: a working copy on the desk, frozen words on the board."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.publishing.rules import markup
from linli.publishing.states import ArticleState


class ArticleKind(models.TextChoices):
    """What an article is. The last two are cases as everybody may read them."""

    GUIDE = "guide", _("办事指南")
    NOTICE = "notice", _("公告")
    RESOLVED = "resolved", _("办好的事")
    DECLINED = "declined", _("办不了的事")


class Content(models.Model):
    """The words, dates and pictures: of the working copy, and frozen in each revision."""

    title = models.CharField(max_length=60)
    text = models.TextField(default="", blank=True)  # plain lines, see rules/markup.py
    category = TenantForeignKey("cases.Category", models.PROTECT, null=True, related_name="+")
    # A notice: from when until when it hangs, and the day it speaks of.
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    event_starts_at = models.DateTimeField(null=True)
    event_ends_at = models.DateTimeField(null=True)
    event_place = models.CharField(max_length=80, default="", blank=True)
    # A case: what came of it, or why not, by which rule, what instead, when it is looked at again.
    outcome = models.TextField(default="", blank=True)
    rule = models.CharField(max_length=200, default="", blank=True)
    alternative = models.CharField(max_length=500, default="", blank=True)
    review_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    place_label = models.CharField(max_length=120, default="", blank=True)  # down to the building
    lat = models.FloatField(null=True)  # WGS-84, rounded to about 100 m
    lon = models.FloatField(null=True)
    before_photo = TenantForeignKey("cases.Photo", models.PROTECT, null=True, related_name="+")
    after_photo = TenantForeignKey("cases.Photo", models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def summary(self) -> str:
        """Return the text as one run of words, for lists and feeds."""
        return markup.plain(self.text)

    @property
    def summary_of_outcome(self) -> str:
        """Return what came of a case, or why not, as one run of words."""
        return markup.plain(self.outcome)


# What a revision copies from the working copy.
CONTENT = tuple(field.name for field in Content._meta.local_fields)


class Article(Content, TenantModel):
    """A guide, a notice, or a case for the board, as it is being written."""

    kind = models.CharField(max_length=8, choices=ArticleKind)
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)  # of the community: duties hold over it
    case = TenantForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=ArticleState, default=ArticleState.DRAFT)
    note = models.CharField(max_length=300, default="", blank=True)  # why it came back
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    code = models.CharField(max_length=40, default="", blank=True)  # of a guide of the blueprint
    version = models.PositiveIntegerField(default=1)  # a page sends back what it saw

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "case", "kind"],
                condition=Q(case__isnull=False),
                name="article_of_case_once",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "community", "code"],
                condition=~Q(code=""),
                name="article_of_blueprint_once",
            ),
            models.CheckConstraint(
                name="article_of_a_case_has_one",
                condition=Q(kind__in=["resolved", "declined"], case__isnull=False)
                | Q(kind__in=["guide", "notice"], case=None),
            ),
        ]
        indexes = [
            # The desk's list: one state of a community, newest first.
            models.Index(fields=["tenant_id", "community", "state", "-id"], name="article_list"),
            models.Index(fields=["tenant_id", "community", "kind", "-id"], name="article_by_kind"),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(Content, TenantModel):
    """What was released: it never changes. Public while `ended_at` is empty."""

    article = TenantForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=ArticleKind)
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    written_by = models.UUIDField(null=True)
    released_by = models.UUIDField(null=True)
    released_at = models.DateTimeField()
    is_alone = models.BooleanField(default=False)  # written and released by the same person
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)  # None: a newer revision, or the case went on
    end_reason = models.CharField(max_length=300, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "article", "number"], name="revision_number"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "article"],
                condition=Q(ended_at=None),
                name="revision_live_once",
            ),
        ]
        indexes = [
            # The board: live ones of a kind; cases by the day they were finished.
            models.Index(
                fields=["tenant_id", "community", "kind", "finished_on"],
                name="revision_on_board",
                condition=Q(ended_at=None),
            ),
            # Feeds: the newest of all kinds.
            models.Index(
                fields=["tenant_id", "community", "-released_at"],
                name="revision_newest",
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BoardEdition(TenantModel):
    """Which edition of a community's board is the present one: it goes up with every release and
    withdrawal. Pages that are kept carry its number, so no process shows an older one for a moment.
    """

    community = TenantForeignKey("places.Area", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(default=0)
    turned_at = models.DateTimeField(null=True)  # feeds say when they changed last

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "community"], name="board_edition_once"),
        ]
