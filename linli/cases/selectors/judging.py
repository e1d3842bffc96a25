"""What words speak for: suggested categories, the likely earlier report of the same thing.

Suggestions only: a person takes them over or not (docs/adr/0011). The model is the product's own,
or what the tenant's staff taught it since; the likely earlier report is looked for among a fixed
number of newest cases of the same building and the same kind, so that history costs nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from linli.cases.models import Case, Judgement, LearnedModel
from linli.cases.selectors import catalogue
from linli.cases.selectors.access import visible_to
from linli.cases.states import CaseState
from linli.kernel import ids
from linli.kernel.actor import Actor
from linli.kernel.geo import distance_m
from linli.kernel.likeness import LIKELY, POSSIBLE, Known, Words
from linli.kernel.memory import remember
from linli.kernel.prepared import Prepared, PreparedModels
from linli.kernel.textmodel import TextModel

STARTER: Final = Path(__file__).resolve().parent.parent / "data" / "starter.model"
MOST: Final = 3  # suggestions
CANDIDATES: Final = 16  # of each of two kinds
_NOT_COMPARED: Final = (CaseState.MERGED, CaseState.WITHDRAWN, CaseState.DECLINED)
_ENDED_WITHIN: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Suggested:
    """Category codes with their chances, best first, and whether the first is worth a suggestion."""

    codes: tuple[tuple[str, float], ...]
    is_sure: bool
    model_id: UUID | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier case that words and place put near: its id and how alike the words are."""

    case_id: UUID
    likeness: float

    @property
    def is_likely(self) -> bool:
        """Whether it is likely the same thing."""
        return self.likeness >= LIKELY


@cache
def starter() -> TextModel:
    """Return the model that the product brings."""
    return TextModel(STARTER.read_bytes())


@lru_cache(maxsize=8)
def _learned(model_id: UUID) -> TextModel:
    return TextModel(bytes(LearnedModel.objects.values_list("content", flat=True).get(pk=model_id)))


@remember
def model_in_use() -> UUID | None:
    """Return the tenant's own model in use, or None: the product's."""
    return LearnedModel.objects.filter(ended_at=None).values_list("pk", flat=True).first()


def suggest(text: str, codes: Iterable[str] | None = None) -> Suggested:
    """Return what a text speaks for, among the tenant's categories in use or the given ones."""
    model_id = model_in_use()
    model = _learned(model_id) if model_id else starter()
    among = [row.code for row in catalogue.active_categories()] if codes is None else codes
    guesses = model.rank(text, among=among)[:MOST]
    is_sure = bool(guesses) and guesses[0].chance >= model.sure_from
    return Suggested(tuple((g.label, g.chance) for g in guesses), is_sure, model_id)


def earlier_report(case: Case, *, metres: int, days: int) -> Earlier | None:
    """Return the case that likely reported the same before, or None.

    The place must agree, and nothing in the words may speak of another one. Confidential cases are
    neither compared nor found.
    Source: issue 3, place must agree for a duplicate; peers.md, "不打招呼，不自动合并".
    """
    if case.is_confidential:
        return None
    words, known = Words(case.title, case.text), Known(starter().rarity)
    near: dict[UUID, tuple[Words, bool]] = {}
    for row in _candidates(case, days):
        agrees = is_same_place(case, row, metres=metres)
        if agrees is not False:
            near[row.pk] = Words(row.title, row.text), agrees is True
            known.add(row.pk, near[row.pk][0])
    for key, likeness in known.nearest(words, len(near)):
        others, agrees = near[UUID(str(key))]
        if likeness < POSSIBLE:
            return None
        if (agrees or words.names_a_place_of(others)) and not words.speaks_of_elsewhere(others):
            return Earlier(UUID(str(key)), min(likeness, 1.0))
    return None


_COMPARED: Final = (
    "pk", "title", "text", "spot", "place_label", "estate_id", "building_id", "lat", "lon",
    "category_id", "due_at", "closed_at", "tenant_id",
)  # fmt: skip


def _candidates(case: Case, days: int) -> list[Case]:
    """Return the newest cases of the building (or grid), and open ones of the kind, before this one.

    Each part has its index and ends where the days end: `case_open_nearby`, `case_of_building`,
    `case_of_grid`.
    """
    since = case.reported_at - timedelta(days=days)
    rows = Case.objects.filter(
        is_confidential=False,
        pk__lt=case.pk,
        pk__gte=earliest(case, since),
        reported_at__gte=since,
    )
    rows = rows.exclude(state__in=_NOT_COMPARED).only(*_COMPARED).order_by("-pk")
    of_kind = rows.filter(
        community_id=case.community_id, category_id=case.category_id, due_at__isnull=False
    )
    found = list(of_kind[:CANDIDATES])
    recent = Q(due_at__isnull=False) | Q(closed_at__gte=case.reported_at - _ENDED_WITHIN)
    if case.building_id:
        found += rows.filter(recent, building_id=case.building_id)[:CANDIDATES]
    elif case.grid_id:
        found += rows.filter(recent, grid_id=case.grid_id)[:CANDIDATES]
    return list({row.pk: row for row in found}.values())


def earliest(case: Case, since: datetime) -> UUID:
    """Return the smallest id that a case reported since then can have: ids rise with the time at
    which rows are made, which may be later than the report, and earlier where clocks differ.
    """
    made_at = datetime.fromtimestamp(ids.moment_ms(case.pk) / 1000, tz=case.reported_at.tzinfo)
    return ids.earliest_id(since - max(case.reported_at - made_at, timedelta(0)))


def is_same_place(case: Case, other: Case, *, metres: int) -> bool | None:
    """Tell whether two cases are at one place; None when their places don't say."""
    if case.building_id and other.building_id:
        return case.building_id == other.building_id
    if case.estate_id and other.estate_id and case.estate_id != other.estate_id:
        return False
    if None not in (case.lat, case.lon, other.lat, other.lon):
        return distance_m(case.lat, case.lon, other.lat, other.lon) <= metres  # type: ignore[arg-type]
    same_estate = bool(case.estate_id) and case.estate_id == other.estate_id
    return same_estate or (bool(case.spot) and case.spot == other.spot) or None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that the words speak for."""

    category: Any
    percent: int
    is_current: bool

    @property
    def words(self) -> Any:
        """How sure that is, in words."""
        return next(words for least, words in _SURENESS if self.percent >= least)


_SURENESS: Final = (
    (80, gettext_lazy("很像")),
    (50, gettext_lazy("比较像")),
    (20, gettext_lazy("有点像")),
    (0, gettext_lazy("可能性不大")),
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A judgement as the case page shows it."""

    suggestions: tuple[Suggestion, ...]
    is_sure: bool
    word: str
    earlier: Case | None
    earlier_percent: int

    @property
    def is_agreed(self) -> bool:
        """Whether the case's category is the one that the words speak for."""
        return bool(self.suggestions) and self.suggestions[0].is_current

    @property
    def is_likely(self) -> bool:
        """Whether the earlier report is likely the same thing."""
        return self.earlier_percent >= LIKELY * 100


def opinion_of(case: Case, actor: Actor) -> Opinion | None:
    """Return what the words of a case speak for, with the earlier report if the actor may see it."""
    for suggestions, is_sure, word, earlier_id, percent, is_same in _judgement(case_id=case.pk):
        found = as_suggestions(suggestions, case.category_id)
        earlier = None
        if earlier_id is not None and is_same is None:
            earlier = next(iter(_earlier(actor, case_id=earlier_id)), None)
        return Opinion(found, is_sure, word, earlier, percent)
    return None


def as_suggestions(
    codes: Iterable[tuple[str, int]], current_id: UUID | None
) -> tuple[Suggestion, ...]:
    """Return the categories in use of suggested codes, each with its chance per mille in per cent."""
    known = {row.code: row for row in catalogue.active_categories()}
    return tuple(
        # No word is certain, and none quite impossible.
        Suggestion(known[code], min(99, max(1, round(mille / 10))), known[code].pk == current_id)
        for code, mille in codes
        if code in known
    )


@Prepared
def _judgement(_shape: None, *, case_id: UUID) -> QuerySet[Any, Any]:
    rows = Judgement.objects.filter(case_id=case_id)
    return rows.values_list(
        "suggestions", "is_sure", "word", "earlier_id", "earlier_percent", "is_same"
    )


def _build_earlier(actor: Actor, *, case_id: UUID) -> QuerySet[Case]:
    return Case.objects.filter(visible_to(actor), pk=case_id)


_earlier = PreparedModels(_build_earlier, without=("text", "answers"))
