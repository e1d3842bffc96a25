"""Installs the cases of a blueprint: levels, categories, times, templates, whistles, the catalogue."""

from linli.cases.blueprint.loop import (
    CasesPart,
    CategoryItem,
    LevelItem,
    QuestionItem,
    SettingsItem,
    TemplateItem,
    install,
)
from linli.cases.blueprint.whistles import ClauseItem, PlanItem, WhistleLimitItem

__all__ = [
    "CasesPart",
    "CategoryItem",
    "ClauseItem",
    "LevelItem",
    "PlanItem",
    "QuestionItem",
    "SettingsItem",
    "TemplateItem",
    "WhistleLimitItem",
    "install",
]
