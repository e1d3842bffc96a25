"""What a community sets for its own work: times, answer templates, saved filters."""

from django.db import models

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class CaseSettings(TenantModel):
    """The tenant's numbers of the loop; one row, installed by its blueprint."""

    silence_days = models.PositiveSmallIntegerField(default=7)  # unrated after so many days: closed
    amber_percent = models.PositiveSmallIntegerField(default=75)  # of the promise used up
    escalate_after_hours = models.PositiveSmallIntegerField(
        default=24
    )  # late for so long: one level up
    urge_pause_hours = models.PositiveSmallIntegerField(default=4)  # between two urges
    reopen_days = models.PositiveSmallIntegerField(
        default=30
    )  # how long a closed case may be reopened
    nearby_days = models.PositiveSmallIntegerField(
        default=30
    )  # how far back "open cases nearby" looks
    nearby_metres = models.PositiveSmallIntegerField(default=150)
    undo_minutes = models.PositiveSmallIntegerField(default=10)
    # Follow-up calls: the share of a week's closed cases, how many at least, how often is tried.
    followup_percent = models.PositiveSmallIntegerField(default=5)
    followup_least = models.PositiveSmallIntegerField(default=3)
    followup_attempts = models.PositiveSmallIntegerField(default=3)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="case_settings_once")]


class AnswerTemplate(TenantModel):
    """Words that staff reuse when they answer, resolve or decline."""

    title = models.CharField(max_length=40)
    text = models.TextField()
    category = TenantForeignKey("cases.Category", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10, default="answer")  # EntryKind: answer, result, decline
    order = models.PositiveSmallIntegerField(default=100)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "title"], name="answer_template_title")
        ]


class SavedFilter(TenantModel):
    """A queue address that somebody keeps under a name."""

    account_id = models.UUIDField()
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account_id", "name"], name="saved_filter_name"
            ),
        ]


class BulkAction(TenantModel):
    """Many cases changed at once, remembered long enough to be undone."""

    account_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    # Each case as it was before: [{case, version_after, fields}], facts only.
    before = models.JSONField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "account_id", "-id"], name="bulk_of_account")]
