"""Counts and search words kept beside the cases, so that queues do not slow down as history grows."""

from django.db import models

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class QueueTally(TenantModel):
    """How many cases of a community stand in a state; confidential ones apart. Kept by the event worker."""

    community = TenantForeignKey("places.Area", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10)
    is_confidential = models.BooleanField(default=False)
    count = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "community", "state", "is_confidential"], name="queue_tally_once"
            ),
        ]


class SearchText(TenantModel):
    """A case's words as overlapping pairs of characters. PostgreSQL searches this table's `words` column
    (tsvector, GIN); SQLite searches `cases_fts`, whose rowid is `row` here."""

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="+")
    words = models.TextField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "case"], name="search_text_once")]
