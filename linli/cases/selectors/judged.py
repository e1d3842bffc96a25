"""How good suggestions are by the word of the staff: the shares taken over, and the model in use."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count

from linli.cases.models import Judgement, LearnedModel, TrainingExample, Word
from linli.cases.selectors import catalogue, judging
from linli.kernel.actor import Actor

DUTY: Final = "cases.configure"
DAYS: Final = 90


@dataclass(slots=True)
class Line:
    """What staff said of cases that they put into one category."""

    name: str = ""
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def said(self) -> int:
        """How many were looked at and decided."""
        return self.followed + self.counts[Word.OTHER]

    @property
    def followed(self) -> int:
        """How many ended as the first suggestion said."""
        return self.counts[Word.AGREED] + self.counts[Word.TAKEN]

    @property
    def agreed(self) -> int:
        """How many had that category already."""
        return self.counts[Word.AGREED]

    @property
    def taken(self) -> int:
        """How many were put right as suggested."""
        return self.counts[Word.TAKEN]

    @property
    def other(self) -> int:
        """How many were put elsewhere."""
        return self.counts[Word.OTHER]

    @property
    def share(self) -> float | None:
        """The share taken over, 0.0 to 1.0; None when nothing was said."""
        return self.followed / self.said if self.said else None


@dataclass(frozen=True, slots=True)
class Record:
    """The last ninety days of suggestions, and what they come from."""

    whole: Line
    lines: tuple[Line, ...]
    unsure: int
    example_count: int
    model: LearnedModel | None
    figures: dict[str, Any]
    made_at: datetime


def record(actor: Actor, now: datetime) -> Record:
    """Return what staff said of suggestions lately, by category, most said first.

    Errors: NotAllowed.
    """
    actor.require(DUTY)
    since = now - timedelta(days=DAYS)
    rows = Judgement.objects.filter(said_at__isnull=False, said_at__gte=since)
    names = {row.code: row.name for row in catalogue.active_categories()}
    whole = Line()
    lines: dict[str, Line] = defaultdict(Line)
    for code, word, count in rows.values_list("said_code", "word").annotate(n=Count("pk")):
        whole.counts[word] += count
        if code:
            lines[code].name = names.get(code, code)
            lines[code].counts[word] += count
    model = LearnedModel.objects.filter(ended_at=None).defer("content").first()
    about = judging.starter().about
    return Record(
        whole=whole,
        lines=tuple(sorted(lines.values(), key=lambda line: -line.said)),
        unsure=whole.counts[Word.UNSURE],
        example_count=TrainingExample.objects.count(),
        model=model,
        figures=model.figures if model else about["figures"],
        made_at=model.made_at if model else datetime.fromisoformat(about["made_at"]),
    )
