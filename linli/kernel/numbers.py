"""Numbers without gaps or doubles: the next value under a name, taken with its row locked."""

from typing import Final

from django.db import connection

from linli.kernel.ids import new_id
from linli.kernel.models import Sequence
from linli.kernel.prepared import kept_cursor
from linli.kernel.tenancy import current_tenant_id

# One statement that makes, locks, counts and tells: the ORM needs three and a savepoint, and every
# report passes here. SQLite and PostgreSQL (Citus too) understand the same words.
_NEXT: Final = """
    INSERT INTO kernel_sequence (id, tenant_id, name, value) VALUES (%s, %s, %s, 1)
    ON CONFLICT (tenant_id, name) DO UPDATE SET value = kernel_sequence.value + 1
    RETURNING value
"""

_id_field: Final = Sequence._meta.pk


def next_number(name: str) -> int:
    """Return the tenant's next number under a name, from 1.

    Call it inside the transaction that uses the number: the row stays locked until that transaction
    ends, and one that is undone gives its number back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number must be taken in the transaction that uses it.")
    with kept_cursor() as cursor:
        row_id = _id_field.get_db_prep_value(new_id(), connection)
        cursor.execute(_NEXT, [row_id, current_tenant_id(), name])
        return int(cursor.fetchone()[0])


def last_number(name: str) -> int:
    """Return the last number given out under a name; 0 when there was none."""
    return Sequence.objects.filter(name=name).values_list("value", flat=True).first() or 0
