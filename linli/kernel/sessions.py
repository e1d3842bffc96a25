"""Sessions in the database, found by a statement that is written out: every request of staff asks.

Built by the ORM, the same question cost each page 0.3 ms of processor time, sent like this 0.05 ms.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from linli.kernel import clock


class SessionStore(db.SessionStore):
    """Django's sessions in the database; only looking one up is ours."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; {} when it is unknown or has run out."""
        table = self.model._meta.db_table
        now = connection.ops.adapt_datetimefield_value(clock.now())
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT session_data FROM {table} WHERE session_key = %s AND expire_date > %s",
                [self.session_key, now],
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return dict(self.decode(found[0]))
