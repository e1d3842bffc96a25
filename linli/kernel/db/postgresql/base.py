"""Django's PostgreSQL backend with our schema editor and features, and reads that the server keeps."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import _queries

from linli.kernel.db.postgresql.features import TenantFeatures
from linli.kernel.db.postgresql.schema import TenantSchemaEditor

# psycopg remembers where a statement's places are only if there are fifty: more are, it thinks, an ORM's and
# never come again. A case has more columns, a queue is longer, and both come all day.
_queries.MAX_CACHED_STATEMENT_PARAMS = 150
_queries.MAX_CACHED_STATEMENT_LENGTH = 12_000


class KeptCursor(base.ServerBindingCursor):
    """A cursor whose statements are parsed and planned once per connection, and of no other cursor."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "KeptCursor":
        """Run a statement that the server keeps from its first time on."""
        connection = self.connection
        connection.prepare_threshold = 0
        try:
            super().execute(query, params, **options)
        finally:
            connection.prepare_threshold = None
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL whose tenant tables have composite keys; Django sees an ordinary `id`."""

    SchemaEditorClass = TenantSchemaEditor
    features_class = TenantFeatures

    def kept_cursor(self) -> Any:
        """Return a cursor for statements whose words are the same each time (`kernel/prepared.py`).

        To plan what joins ten tables takes longer than to answer it: PostgreSQL's share of a case's
        page was 5.6 ms, and is 2.4.
        """
        self.ensure_connection()
        assert self.connection is not None
        return self._prepare_cursor(KeptCursor(self.connection))  # type: ignore[call-arg]
