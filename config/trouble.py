"""Says in words what is wrong with the database, to those who typed a command."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, ProgrammingError

from linli.kernel.errors import DomainError

logger = logging.getLogger(__name__)


class Unreachable(DomainError):
    """The database can't be used: it is away, its file is damaged, or its tables are not made."""


@contextmanager
def in_words() -> Iterator[None]:
    """Turn a database that can't be used into a refusal; what nobody foresaw flies on."""
    try:
        yield
    except DatabaseError as error:
        if _is_behind(error):
            words = "数据表还没有建，或者不是最新的：先运行 linli migrate"
        elif is_damaged(error) or isinstance(error, OperationalError):
            said = (str(error).strip() or type(error).__name__).splitlines()[0]
            words = (
                f"数据库用不了：{said}。看看 DATABASE_URL、LINLI_DATA 对不对，数据库开着没有；"
                "SQLite 的文件坏了，用最近的备份恢复：linli restore --replace 文件"
            )
        else:
            raise
        logger.info("Unable to use the database", exc_info=error)
        raise Unreachable(words) from error


def is_damaged(error: DatabaseError) -> bool:
    """Tell whether SQLite can't read its file; Django gives that no kind of its own."""
    return type(error) is DatabaseError


def _is_behind(error: DatabaseError) -> bool:
    """Tell whether a table or a column is missing, in the words of SQLite or PostgreSQL."""
    if isinstance(error, ProgrammingError):
        return "does not exist" in str(error)
    return any(words in str(error) for words in ("no such table", "no such column"))
