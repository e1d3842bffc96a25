"""The lead sets up kinds of cases: categories with their questions, in order, ended and taken up again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.cases.events import CategoryChanged
from linli.cases.models import Category, DispatchMode, Question, QuestionKind
from linli.cases.selectors import catalogue, setup
from linli.cases.selectors.setup import DUTY
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.icons import ICONS
from linli.kernel.ids import new_id
from linli.posts import selectors as posts

MOST_CHOICES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySheet:
    """What the form of a category says; see `models.Category`."""

    name: str
    hint: str = ""
    icon: str = "message-circle"
    service_level_id: UUID
    dispatch_mode: str = DispatchMode.DESK
    is_confidential: bool = False
    is_urgent: bool = False
    danger_text: str = ""
    needs_photo: bool = False
    needs_result_photo: bool = False
    shown_to_residents: bool = True
    shown_on_board: bool = True
    shown_in_snapshot: bool = False
    first_level: str = "grid"
    decline_rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSheet:
    """One question of a category; `code` is "" for a new one."""

    code: str = ""
    text: str
    kind: str = QuestionKind.TEXT
    choices: tuple[str, ...] = ()
    is_required: bool = False


@transaction.atomic
def create_category(
    *, sheet: CategorySheet, questions: Iterable[QuestionSheet] = (), actor: Actor, now: datetime
) -> Category:
    """Add a kind of case, after the others. Errors: NotAllowed, BadInput (with the field)."""
    actor.require(DUTY)
    _check(sheet, None)
    last = Category.objects.aggregate(last=Max("order"))["last"] or 0
    code = f"c{new_id().hex[-10:]}"
    category = Category.objects.create(code=code, order=last + 10, **asdict(sheet))
    _put_questions(category, questions)
    _tell(category, "created", actor, now)
    return category


@transaction.atomic
def change_category(
    *,
    category_id: UUID,
    sheet: CategorySheet,
    questions: Iterable[QuestionSheet],
    actor: Actor,
    now: datetime,
) -> Category:
    """Change a kind of case and its questions; open cases keep their promise and their answers.

    Errors: NotAllowed, NotFound, BadInput (with the field).
    """
    category = setup.get_any_category(category_id, actor, lock=True)
    _check(sheet, category)
    facts = asdict(sheet)
    for name, value in facts.items():
        setattr(category, name, value)
    category.save(update_fields=[name.removesuffix("_id") for name in facts])
    _put_questions(category, questions)
    _tell(category, "changed", actor, now)
    return category


@transaction.atomic
def end_category(*, category_id: UUID, actor: Actor, now: datetime) -> Category:
    """Take a kind of case out of use; its cases keep it. Errors: NotAllowed, NotFound."""
    category = setup.get_any_category(category_id, actor, lock=True)
    if category.ended_at is None:
        category.ended_at = now
        category.save(update_fields=["ended_at"])
        _tell(category, "ended", actor, now)
    return category


@transaction.atomic
def restore_category(*, category_id: UUID, actor: Actor, now: datetime) -> Category:
    """Use a kind of case again. Errors: NotAllowed, NotFound, BadInput (its name is taken)."""
    category = setup.get_any_category(category_id, actor, lock=True)
    if category.ended_at is not None:
        _check_name(category.name, category)
        category.ended_at = None
        category.save(update_fields=["ended_at"])
        _tell(category, "restored", actor, now)
    return category


@transaction.atomic
def move_category(*, category_id: UUID, is_up: bool, actor: Actor, now: datetime) -> None:
    """Move a kind of case one place up or down among those in use. Errors: NotAllowed, NotFound."""
    category = setup.get_any_category(category_id, actor)
    rows = Category.objects.select_for_update().filter(ended_at=None).order_by("order", "code")
    ordered = list(rows)
    at = next((n for n, row in enumerate(ordered) if row.pk == category.pk), None)
    other = None if at is None else at + (-1 if is_up else 1)
    if at is None or other is None or not 0 <= other < len(ordered):
        return
    ordered[at], ordered[other] = ordered[other], ordered[at]
    for number, row in enumerate(ordered, 1):
        row.order = number * 10
    Category.objects.bulk_update(ordered, ["order"])
    _tell(category, "moved", actor, now)


def _check(sheet: CategorySheet, category: Category | None) -> None:
    _check_name(sheet.name, category)
    if sheet.icon not in ICONS and (category is None or sheet.icon != category.icon):
        raise BadInput(_("这个图标现在没有了，另选一个。"), field="icon")
    if str(sheet.service_level_id) not in dict(setup.level_choices()):
        raise BadInput(_("没有这个时限，重新选一个。"), field="service_level_id")
    if sheet.first_level not in posts.Level.values:
        raise BadInput(_("先选一个层级。"), field="first_level")
    if sheet.is_confidential and (sheet.shown_on_board or sheet.shown_in_snapshot):
        raise BadInput(
            _("保密的类别不公示，也不放进随手拍；去掉这两项再保存。"), field="shown_on_board"
        )


def _check_name(name: str, category: Category | None) -> None:
    same = Category.objects.filter(name=name, ended_at=None)
    if category is not None:
        same = same.exclude(pk=category.pk)
    if same.exists():
        raise BadInput(_("已经有一个叫“%(name)s”的类别。") % {"name": name}, field="name")


def _put_questions(category: Category, questions: Iterable[QuestionSheet]) -> None:
    """Keep the questions as given, in their order; what is not among them goes."""
    wanted = list(questions)
    for number, sheet in enumerate(wanted, 1):
        _check_question(sheet, number)
    kept = {row.code: row for row in category.questions.all()}
    left = set(kept) - {sheet.code for sheet in wanted}
    category.questions.filter(code__in=left).delete()
    for number, sheet in enumerate(wanted, 1):
        facts = asdict(sheet) | {"choices": list(sheet.choices), "order": number * 10}
        code = facts.pop("code")
        if code in kept:
            Question.objects.filter(pk=kept[code].pk).update(**facts)
        else:
            Question.objects.create(category=category, code=f"q{new_id().hex[-10:]}", **facts)


def _check_question(sheet: QuestionSheet, number: int) -> None:
    is_list = sheet.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
    if is_list and not 2 <= len(sheet.choices) <= MOST_CHOICES:
        raise BadInput(
            _("第 %(n)s 个提问要选，写 2 到 %(most)s 个选项，一行一个。")
            % {"n": number, "most": MOST_CHOICES}
        )


def _tell(category: Category, what: str, actor: Actor, now: datetime) -> None:
    """Record the event and read the catalogue again: now, and once more after the commit."""
    event = CategoryChanged(subject_id=category.pk, code=category.code, what=what)
    events.record(event, actor=actor, at=now)
    _forget()
    transaction.on_commit(_forget)


def _forget() -> None:
    catalogue.forget()
    posts.forget()
