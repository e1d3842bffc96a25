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
