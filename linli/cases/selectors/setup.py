"""What the settings pages show: categories, promises, templates, with how much hangs on each."""

from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.cases.models import (
    AnswerTemplate,
    Case,
    Category,
    DispatchMode,
    EntryKind,
    Question,
    QuestionKind,
    ServiceLevel,
    Unit,
)
from linli.cases.states import OPEN
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

DUTY: Final = "cases.configure"
# What forms let people choose from: (value, words).
UNITS: Final = Unit.choices
DISPATCH_MODES: Final = DispatchMode.choices
QUESTION_KINDS: Final = QuestionKind.choices
TEMPLATE_KINDS: Final = [
    (str(kind), kind.label) for kind in (EntryKind.ANSWER, EntryKind.RESULT, EntryKind.DECLINE)
]


def category_lines(actor: Actor) -> list[Category]:
    """Return all categories, those in use first, each with `question_count` and `open_count`.

    Errors: NotAllowed.
    """
    actor.require(DUTY)
    rows = Category.objects.select_related("service_level").annotate(
        question_count=Count("questions")
    )
    lines = sorted(rows, key=lambda row: (row.ended_at is not None, row.order, row.code))
    counts = _open_counts("category_id")
    for line in lines:
        line.open_count = counts.get(line.pk, 0)
    return lines


def get_any_category(category_id: UUID, actor: Actor, *, lock: bool = False) -> Category:
    """Return a category, ended ones too. Errors: NotAllowed, NotFound."""
    actor.require(DUTY)
    return _one(Category.objects.all(), category_id, _("没有找到这个类别。"), lock=lock)


def questions_to_edit(category_id: UUID) -> list[Question]:
    """Return a category's questions in order, straight from the table."""
    return list(Question.objects.filter(category_id=category_id).order_by("order", "code"))


def level_lines(actor: Actor) -> list[ServiceLevel]:
    """Return all promises by name, each with `category_count` in use and `open_count`.

    Errors: NotAllowed.
    """
    actor.require(DUTY)
    used: dict[UUID, int] = dict(
        Category.objects.filter(ended_at=None)
        .values_list("service_level_id")
        .annotate(n=Count("id"))
    )
    counts = _open_counts("service_level_id")
    lines = list(ServiceLevel.objects.order_by("name", "code"))
    for line in lines:
        line.category_count = used.get(line.pk, 0)
        line.open_count = counts.get(line.pk, 0)
    return lines


def get_level(level_id: UUID, actor: Actor, *, lock: bool = False) -> ServiceLevel:
    """Return a promise. Errors: NotAllowed, NotFound."""
    actor.require(DUTY)
    return _one(ServiceLevel.objects.all(), level_id, _("没有找到这个时限。"), lock=lock)


def level_choices() -> list[tuple[str, str]]:
    """Return the promises to choose from: (id, words)."""
    return [(str(row.pk), row.name) for row in ServiceLevel.objects.order_by("name", "code")]


def count_open(**filters: Any) -> int:
    """Return how many open cases hang on a category or a promise."""
    return Case.objects.filter(_OPEN, **filters).count()


def templates(actor: Actor) -> list[AnswerTemplate]:
    """Return the answer templates in use, by kind and order. Errors: NotAllowed."""
    actor.require(DUTY)
    rows = AnswerTemplate.objects.filter(ended_at=None).select_related("category")
    kinds = [value for value, _label in TEMPLATE_KINDS]
    found = list(rows.order_by("order", "title"))
    return sorted(found, key=lambda row: kinds.index(row.kind) if row.kind in kinds else 9)


def get_template(template_id: UUID, actor: Actor, *, lock: bool = False) -> AnswerTemplate:
    """Return an answer template in use. Errors: NotAllowed, NotFound."""
    actor.require(DUTY)
    rows = AnswerTemplate.objects.filter(ended_at=None)
    return _one(rows, template_id, _("没有找到这个模板。"), lock=lock)


_OPEN = Q(state__in=[str(state) for state in OPEN])


def _open_counts(column: str) -> dict[UUID, int]:
    rows = Case.objects.filter(_OPEN).order_by().values_list(column)
    return dict(rows.annotate(n=Count("id")))


def _one(rows: QuerySet[Any], row_id: UUID, absent: str, *, lock: bool) -> Any:
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=row_id).order_by("pk").first()
    if found is None:
        raise NotFound(absent)
    return found
