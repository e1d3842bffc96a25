"""Installs the cases of a blueprint: service levels, categories with questions, times, answer
templates.
"""

from collections.abc import Hashable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.cases.blueprint import whistles
from linli.cases.blueprint.whistles import ClauseItem, PlanItem, WhistleLimitItem
from linli.cases.models import AnswerTemplate, CaseSettings, Category, Question, ServiceLevel
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelItem:
    """A promise; units as `kernel.worktime` names them."""

    code: str
    name: str
    respond_amount: int
    respond_unit: str
    resolve_amount: int
    resolve_unit: str
    extension_times: int = 1
    extension_days: int = 15
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionItem:
    """Something that a category asks."""

    code: str
    text: str
    kind: str
    choices: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryItem:
    """A kind of case; the order in the file is the order on the page."""

    code: str
    name: str
    hint: str = ""
    icon: str
    level_code: str
    dispatch_mode: str
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
    questions: tuple[QuestionItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsItem:
    """The numbers of the loop; see `CaseSettings`."""

    silence_days: int = 7
    amber_percent: int = 75
    escalate_after_hours: int = 24
    urge_pause_hours: int = 4
    reopen_days: int = 30
    nearby_days: int = 30
    nearby_metres: int = 150
    undo_minutes: int = 10
    followup_percent: int = 5
    followup_least: int = 3
    followup_attempts: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateItem:
    """Words for answers that staff reuse."""

    title: str
    text: str
    category_code: str = ""
    kind: str = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPart:
    """The cases of a blueprint."""

    levels: tuple[LevelItem, ...] = ()
    categories: tuple[CategoryItem, ...] = ()
    settings: SettingsItem = field(default_factory=SettingsItem)
    templates: tuple[TemplateItem, ...] = ()
    whistle_limits: tuple[WhistleLimitItem, ...] = ()
    whistle_plans: tuple[PlanItem, ...] = ()
    clauses: tuple[ClauseItem, ...] = ()


@transaction.atomic
def install(
    part: CasesPart, *, before: CasesPart | None, installation_id: UUID, actor: Actor, now: datetime
) -> Outcome:
    """Install levels, categories, times and templates; see `kernel.blueprint` for rows already
    there.

    Errors: NotAllowed.
    """
    actor.require("cases.configure")
    outcome, base = Outcome("cases"), before or CasesPart()
    levels = _install_levels(part, base, outcome)
    categories = _install_categories(part, base, levels, outcome)
    _install_questions(part, base, categories, outcome)
    _install_settings(part, before, outcome)
    _install_templates(part, base, categories, outcome)
    whistles.install_whistles(part, base, categories, outcome)
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome


def _install_levels(part: CasesPart, base: CasesPart, outcome: Outcome) -> dict[str, UUID]:
    rows = put(
        ServiceLevel,
        "时限",
        wanted={item.code: asdict(item) for item in part.levels},
        base={item.code: asdict(item) for item in base.levels},
        key=lambda row: row.code,
        first={},
        outcome=outcome,
    )
    return {row.code: row.pk for row in rows.values()}


def _install_categories(
    part: CasesPart, base: CasesPart, levels: dict[str, UUID], outcome: Outcome
) -> dict[str, UUID]:
    rows = put(
        Category,
        "类别",
        wanted=_categories(part, levels),
        base=_categories(base, levels),
        key=lambda row: row.code,
        first={},
        outcome=outcome,
    )
    return {row.code: row.pk for row in rows.values()}


def _categories(part: CasesPart, levels: dict[str, UUID]) -> dict[Hashable, Fields]:
    found: dict[Hashable, Fields] = {}
    for number, item in enumerate(part.categories, 1):
        fields = asdict(item) | {
            "service_level_id": levels.get(item.level_code),
            "order": number * 10,
        }
        found[item.code] = {k: v for k, v in fields.items() if k not in ("level_code", "questions")}
    return found


def _install_questions(
    part: CasesPart, base: CasesPart, categories: dict[str, UUID], outcome: Outcome
) -> None:
    put(
        Question,
        "提问",
        wanted=_questions(part, categories),
        base=_questions(base, categories),
        key=lambda row: (row.category_id, row.code),
        first={},
        outcome=outcome,
    )


def _questions(part: CasesPart, categories: dict[str, UUID]) -> dict[Hashable, Fields]:
    found: dict[Hashable, Fields] = {}
    for category in part.categories:
        for number, item in enumerate(category.questions, 1):
            category_id = categories.get(category.code)
            fields = asdict(item) | {"choices": list(item.choices), "category_id": category_id}
            found[category_id, item.code] = fields | {"order": number * 10}
    return found


def _install_settings(part: CasesPart, before: CasesPart | None, outcome: Outcome) -> None:
    put(
        CaseSettings,
        "办理规则",
        wanted={"办理规则": asdict(part.settings)},
        base={"办理规则": asdict(before.settings)} if before else {},
        key=lambda _row: "办理规则",
        first={},
        outcome=outcome,
    )


def _install_templates(
    part: CasesPart, base: CasesPart, categories: dict[str, UUID], outcome: Outcome
) -> None:
    put(
        AnswerTemplate,
        "答复模板",
        wanted=_templates(part, categories),
        base=_templates(base, categories),
        key=lambda row: row.title,
        first={},
        outcome=outcome,
    )


def _templates(part: CasesPart, categories: dict[str, UUID]) -> dict[Hashable, Fields]:
    found: dict[Hashable, Fields] = {}
    for number, item in enumerate(part.templates, 1):
        fields: dict[str, Any] = asdict(item) | {"order": number * 10}
        del fields["category_code"]
        found[item.title] = fields | {"category_id": categories.get(item.category_code)}
    return found
