"""Every question about cases: who may see one, the queue, the timeline, search, what is nearby."""

from linli.cases.models import Source
from linli.cases.selectors.access import get_by_token, get_case, get_follower, sees, visible_to
from linli.cases.selectors.catalogue import (
    active_categories,
    categories_for_residents,
    get_category,
    get_category_by_code,
    questions_of,
)

# How a case may have come in, for filters: (value, words).
SOURCES = Source.choices

__all__ = [
    "SOURCES",
    "Source",
    "active_categories",
    "categories_for_residents",
    "get_by_token",
    "get_case",
    "get_category",
    "get_category_by_code",
    "get_follower",
    "questions_of",
    "sees",
    "visible_to",
]
