"""How far back a list looks at once: a mark, a source or a word that hardly any case has would
otherwise be looked for in a whole history (at a million cases half a second, on SQLite many).
"""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.models import Case
from linli.cases.selectors import counts
from linli.cases.selectors.conditions import RUNNING_TABS, Question, Scope
from linli.kernel.actor import Actor
from linli.kernel.prepared import Prepared

# So many cases are looked at first (5 to 30 ms, whatever is found among them).
REACH: Final = 20_000
# Asked to look further, ten times as many; asked again, all the others.
_FURTHER: Final = 10
_LAST: Final = 2
_NUMBERS: Final = {str(number): number for number in range(1, _LAST + 1)}
_NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Look:
    """A stretch of a list, newest first: what comes before a case, down to another.

    until: the oldest that is looked at; None is the oldest of all. number: how often one asked to
    look further.
    """

    before: UUID | None = None
    until: UUID | None = None
    number: int = 0

    @property
    def count(self) -> int:
        """Return among how many cases was looked; 0 when none are left out."""
        return REACH * _FURTHER**self.number if self.until else 0

    def next_page(self, last: UUID) -> str:
        """Return where the page after one that ended with `last` begins."""
        return f"{last.hex}~{self.number}" if self.number else last.hex

    def further(self) -> str:
        """Return where the next look begins; "" when all was looked at."""
        return f"{self.until.hex}~{self.number + 1}" if self.until else ""


def as_id(text: str) -> UUID:
    """Return the id that a text is, else nobody's: addresses are typed and cut off too."""
    try:
        return UUID(text)
    except ValueError:
        return _NOBODY


def begin(question: Question) -> Look:
    """Return the look at all that comes after the page before."""
    text, _sep, number = question.after.partition("~")
    return Look(as_id(text) if text else None, None, _NUMBERS.get(number, 0))


def look_of(question: Question, scope: Scope, actor: Actor) -> Look:
    """Return how far a page of a question looks, from where the page before ended."""
    look = begin(question)
    if look.number == _LAST or not _may_be_far(question, scope, actor):
        return look
    return replace(look, until=_until(question, scope, look))


def _may_be_far(question: Question, scope: Scope, actor: Actor) -> bool:
    """Tell whether a page may have to be looked for in more cases than one look takes.

    What is running, and what one post, organisation or grid has, is found along an index.
    """
    chosen = question.mark or question.source or question.category_id or question.estate_id
    hands = question.is_mine or question.post_id or question.organisation_id or question.grid_id
    is_wide = scope.is_everywhere or bool(scope.community_ids)
    if question.tab in RUNNING_TABS or hands or not is_wide:
        return False
    if not (chosen or question.words.strip()):
        return False
    return counts.tab_counts(actor, question.community_id)[question.tab] > REACH


def _until(question: Question, scope: Scope, look: Look) -> UUID | None:
    one = scope.community_ids[0] if len(scope.community_ids) == 1 else None
    ends = _find_end(
        REACH * _FURTHER**look.number,
        community_id=question.community_id or one,
        before=look.before,
    )
    return ends[0][0] if len(ends) > 1 else None


def _build_end(
    reach: int, community_id: UUID | None = None, before: UUID | None = None
) -> QuerySet[Case, tuple[UUID]]:
    """Find the last case of a look and, if there is one, the next: along an index, no row is read."""
    rows = Case.objects.filter(community_id=community_id) if community_id else Case.objects.all()
    older = rows if before is None else rows.filter(pk__lt=before)
    return older.order_by("-id").values_list("pk")[reach - 1 : reach + 1]


_find_end = Prepared(_build_end)
