"""What finds words: a GIN index on PostgreSQL, an FTS5 table on SQLite."""

from typing import Any

from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    """Create the index that this database searches by."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX search_text_words ON cases_searchtext USING gin (words) WITH (fastupdate = on)"
        )
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE cases_fts USING fts5("
            "words, case_id UNINDEXED, tokenize = 'unicode61', detail = none)"
        )


def drop(apps: Any, schema_editor: Any) -> None:
    """Remove it again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_text_words")
    else:
        schema_editor.execute("DROP TABLE cases_fts")


class Migration(migrations.Migration):
    """Search words."""

    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
