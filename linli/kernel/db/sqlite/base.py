"""Django's SQLite backend, refusing to start without the journal and the safety that we count on.

An installation that lost `journal_mode=WAL` (a network drive does that in silence) would answer
"database is locked" under load, so the first connection says it in words instead.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.backends.sqlite3 import base

from linli.kernel.db.sqlite.journal import journals
from linli.kernel.db.sqlite.turn import Turn

_FULL = 2


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, checked once per connection, whose transactions wait in a line and are made
    safe together.
    """

    _turn: Turn | None = None
    _is_full = False  # every commit must be on the disk before anybody hears of it
    _changes = 0  # how many rows this connection had written when the transaction began

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
            self._is_full = connection.execute("PRAGMA synchronous").fetchone()[0] == _FULL
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            self._wait_for_disk(is_on=False)
            self._changes = self.connection.total_changes
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._wait_for_disk(is_on=True)
            self._give_turn()
            raise

    def _commit(self) -> None:
        number = 0
        journal = journals[str(self.settings_dict["NAME"])]
        try:
            super()._commit()
            self._wait_for_disk(is_on=True)
            if self._is_full and self.connection.total_changes != self._changes:
                number = journal.note()
        finally:
            self._give_turn()
        if number:
            journal.make_safe(number, f"{self.settings_dict['NAME']}-wal")

    def _rollback(self) -> None:
        try:
            super()._rollback()
            self._wait_for_disk(is_on=True)
        finally:
            self._give_turn()

    def _wait_for_disk(self, *, is_on: bool) -> None:
        """Let SQLite itself wait for the disk at a commit, or leave that to us."""
        if self._is_full and self.connection is not None:
            self.connection.execute(f"PRAGMA synchronous={'FULL' if is_on else 'NORMAL'}")

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self._turn is not None:
                self._turn.close()
                self._turn = None

    def _take_turn(self) -> None:
        if self.is_in_memory_db():
            return
        if self._turn is None:
            self._turn = Turn(str(self.settings_dict["NAME"]))
        try:
            self._turn.take(self.settings_dict["OPTIONS"].get("timeout", 5))
        except TimeoutError:
            raise OperationalError("database is locked: another thread keeps writing") from None

    def _give_turn(self) -> None:
        if self._turn is not None:
            self._turn.give()
