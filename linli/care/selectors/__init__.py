"""Every question about care: who sees whom, the lists, a visitor's day, the board of an alert."""

from linli.care.selectors.access import (
    MANAGE,
    VIEW,
    VISIT,
    get_family,
    get_profile,
    may_visit,
)

__all__ = ["MANAGE", "VIEW", "VISIT", "get_family", "get_profile", "may_visit"]
