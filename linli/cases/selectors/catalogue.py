"""Categories, their questions and promises: read by every report, kept in memory for a few
seconds.
"""

from uuid import UUID

from linli.cases.models import CaseSettings, Category, Question
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember


@remember
def active_categories() -> tuple[Category, ...]:
    """Return the tenant's categories in use, in the order of their tiles, with their service
    levels.
    """
    rows = Category.objects.filter(ended_at=None).select_related("service_level")
    return tuple(rows.order_by("order", "code"))


def categories_for_residents() -> list[Category]:
    """Return the categories that a resident may choose."""
    return [row for row in active_categories() if row.shown_to_residents]


def categories_for_snapshot() -> list[Category]:
    """Return the categories of the three-tap page of roaming reporters (S5 5.8)."""
    return [row for row in active_categories() if row.shown_in_snapshot]


def get_category(category_id: UUID) -> Category:
    """Return a category in use. Errors: NotFound."""
    for row in active_categories():
        if row.pk == category_id:
            return row
    raise NotFound("没有找到这个类别，它可能刚刚停用。请重新选一个。")


def get_category_by_code(code: str) -> Category:
    """Return a category in use by its code. Errors: NotFound."""
    for row in active_categories():
        if row.code == code:
            return row
    raise NotFound("没有找到这个类别，它可能刚刚停用。请重新选一个。")


@remember
def all_categories() -> dict[UUID, Category]:
    """Return every category by id, ended ones too, in the order of their tiles."""
    return {one.pk: one for one in Category.objects.order_by("order", "code")}


@remember
def questions_of(category_id: UUID) -> tuple[Question, ...]:
    """Return what a category asks besides the sentence, in order."""
    return tuple(Question.objects.filter(category_id=category_id).order_by("order", "code"))


@remember
def get_settings() -> CaseSettings:
    """Return the tenant's numbers of the loop, or the usual ones where none are set."""
    return CaseSettings.objects.order_by("pk").first() or CaseSettings()


def forget() -> None:
    """Read the catalogue again: after somebody edited it."""
    for remembered in (active_categories, all_categories, questions_of, get_settings):
        remembered.forget()
