"""What finds people by words: a GIN index on PostgreSQL, an FTS5 table on SQLite."""

from typing import Any

from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    """Create the index that this database searches by."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX person_text_words ON people_persontext USING gin (words) WITH (fastupdate = on)"
        )
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE people_fts USING fts5("
            "words, person_id UNINDEXED, tokenize = 'unicode61', detail = none)"
        )


def drop(apps: Any, schema_editor: Any) -> None:
    """Remove it again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX person_text_words")
    else:
        schema_editor.execute("DROP TABLE people_fts")


class Migration(migrations.Migration):
    """Search words of people."""

    dependencies = [("people", "0003_register")]
    operations = [migrations.RunPython(make, drop)]
