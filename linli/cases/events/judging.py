"""What staff said to suggestions, and what was learnt from it."""

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDoubted(Event):
    """Somebody at the desk can't tell the category either, or found the earlier report to be another
    thing. The subject is the case.
    """

    name: ClassVar[str] = "cases.judgement.doubted"
    what: str  # category, earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChanged(Event):
    """Suggestions come from another model now: learnt anew, or the product's own. The subject is the
    tenant's model that was put into use or out of it.
    """

    name: ClassVar[str] = "cases.model.changed"
    what: str  # learnt, ended
    example_count: int
