"""Django's SQLite backend, refusing to start without the journal and the safety that we count on.

An installation that lost `journal_mode=WAL` (a network drive does that in silence) would answer
"database is locked" under load, so the first connection says it in words instead.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, checked once per connection."""

    def get_new_connection(self, conn_params: Any) -> Any:
        """Open a connection and make sure that the options of ADR 0002 hold."""
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
            if journal != "wal":
                raise ImproperlyConfigured(
                    f"SQLite's journal is “{journal}” instead of “wal”: the database must lie on a"
                    " local disk, not on a network drive (docs/adr/0002)."
                )
        return connection
