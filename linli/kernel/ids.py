"""Ids: made by us, globally unique, ordered by time (UUIDv7): installations merge without renumbering."""

import os
from datetime import datetime
from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """Return a new id, later than every id made before on this machine."""
    return compat.uuid7()


def id_at(moment: datetime) -> UUID:
    """Return a new id that stands among those made at a moment: what happened then is sorted there."""
    milliseconds = int(moment.timestamp() * 1000)
    chance = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 7 << 76 | (chance >> 64 & 0xFFF) << 64
    return UUID(int=value | 0b10 << 62 | chance & (1 << 62) - 1)


def moment_ms(id_: UUID) -> int:
    """Return when an id was made, in milliseconds since 1970."""
    return id_.int >> 80


def earliest_id(moment: datetime) -> UUID:
    """Return the smallest id that could be made at a moment: a bound that an index by id can use."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)
