"""Ids: made by us, globally unique, ordered by time (UUIDv7): installations merge without renumbering."""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """Return a new id, later than every id made before on this machine."""
    return compat.uuid7()
