"""Counts and search words kept beside the cases, so that queues do not slow down as history
grows.
"""

from typing import Any

from django.db import models

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class QueueTally(TenantModel):
    """How many cases of a community stand in a state; confidential ones apart. Kept by the event
    worker.
    """

    community = TenantForeignKey("places.Area", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10)
    is_confidential = models.BooleanField(default=False)
    count = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "community", "state", "is_confidential"],
                name="queue_tally_once",
            ),
        ]


class WordsField(models.TextField):
    """Search words, separated by spaces: a tsvector on PostgreSQL, plain text elsewhere."""

    def db_type(self, connection: Any) -> str | None:
        """Return the column's type."""
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)


class SearchText(TenantModel):
    """A case's search words: overlapping pairs of characters (docs/adr/0006). PostgreSQL searches
    `words`
    (GIN); SQLite searches the FTS5 table `cases_fts`, whose rowid is `row`. Ids rise with time,
    so that
    the newest matches come first without sorting all.
    """

    case = TenantForeignKey("cases.Case", models.CASCADE, related_name="+")
    words = WordsField(default="", blank=True)
    row = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "case"], name="search_text_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "-id"], name="search_text_newest")]
