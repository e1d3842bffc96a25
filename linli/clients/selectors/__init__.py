"""Every question about other systems: who may manage their keys, which keys there are, what they may do."""

from linli.clients.selectors.keys import (
    DUTIES,
    MANAGE,
    KeyLine,
    duty_groups,
    find_key,
    get_key,
    grants_of,
    key_lines,
    managed_areas,
    managed_organisations,
)

__all__ = [
    "DUTIES",
    "MANAGE",
    "KeyLine",
    "duty_groups",
    "find_key",
    "get_key",
    "grants_of",
    "key_lines",
    "managed_areas",
    "managed_organisations",
]
