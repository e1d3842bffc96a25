"""Says in words what is wrong with the database, to those who typed a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError

from linli.kernel.errors import DomainError


class Unreachable(DomainError):
    """The database can't be used: it is away, or its file is damaged."""


@contextmanager
def in_words() -> Iterator[None]:
    """Turn a database that is away or damaged into a refusal; what nobody foresaw flies on."""
    try:
        yield
    except DatabaseError as error:
        if not (is_damaged(error) or isinstance(error, OperationalError)):
            raise
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise Unreachable(
            f"数据库用不了：{said}。看看 DATABASE_URL、LINLI_DATA 对不对，数据库开着没有；"
            "SQLite 的文件坏了，用最近的备份恢复：linli restore --replace 文件"
        ) from error


def is_damaged(error: DatabaseError) -> bool:
    """Tell whether SQLite can't read its file; Django gives that no kind of its own."""
    return type(error) is DatabaseError
