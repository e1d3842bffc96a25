"""Installs what whistles need: their limits, whom a category calls, the dispatch catalogue."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from linli.cases.models import Clause, WhistleLimit, WhistlePlan
from linli.kernel.blueprint import Fields, Outcome, put
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from linli.cases.blueprint.loop import CasesPart


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleLimitItem:
    """How long departments may take."""

    code: str
    name: str
    report_amount: int
    report_unit: str
    arrive_amount: int
    arrive_unit: str
    finish_amount: int
    finish_unit: str
    is_urgent: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """Whom a category calls."""

    category_code: str
    lead_code: str
    assisting_codes: tuple[str, ...] = ()
    limit_code: str = ""
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseItem:
    """An entry of the dispatch catalogue."""

    code: str
    title: str
    text: str
    source: str = ""
    organisation_code: str = ""
    answer_amount: int = 2
    answer_unit: str = "work_day"


def install_whistles(
    part: "CasesPart", base: "CasesPart", categories: Mapping[str, UUID], outcome: Outcome
) -> None:
    """Install limits, plans and clauses; organisations were installed before."""
    limits = _install_limits(part, base, outcome)
    put(
        WhistlePlan,
        "吹哨预案",
        wanted=dict(_plans(part, categories, limits)),
        base=dict(_plans(base, categories, limits)),
        key=lambda row: (row.category_id, row.organisation_id),
        first={},
        outcome=outcome,
    )
    put(
        Clause,
        "职责条款",
        wanted=_clauses(part),
        base=_clauses(base),
        key=lambda row: row.code,
        first={},
        outcome=outcome,
    )


def _install_limits(part: "CasesPart", base: "CasesPart", outcome: Outcome) -> dict[str, UUID]:
    rows = put(
        WhistleLimit,
        "吹哨时限",
        wanted={
            one.code: asdict(one) | {"order": n * 10}
            for n, one in enumerate(part.whistle_limits, 1)
        },
        base={
            one.code: asdict(one) | {"order": n * 10}
            for n, one in enumerate(base.whistle_limits, 1)
        },
        key=lambda row: row.code,
        first={},
        outcome=outcome,
    )
    return {row.code: row.pk for row in rows.values()}


def _plans(
    part: "CasesPart", categories: Mapping[str, UUID], limits: Mapping[str, UUID]
) -> Iterator[tuple[Hashable, Fields]]:
    for item in part.whistle_plans:
        category_id = categories.get(item.category_code)
        for order, code in enumerate((item.lead_code, *item.assisting_codes), 1):
            organisation_id = _organisation(code)
            if category_id is None or organisation_id is None:
                continue
            is_lead = order == 1
            yield (
                (category_id, organisation_id),
                {
                    "category_id": category_id,
                    "organisation_id": organisation_id,
                    "is_lead": is_lead,
                    "limit_id": limits.get(item.limit_code),
                    "is_automatic": is_lead and item.is_automatic,
                    "order": order * 10,
                },
            )


def _organisation(code: str) -> UUID | None:
    found = posts.find_organisation(code) if code else None
    return found.pk if found else None


def _clauses(part: "CasesPart") -> dict[Hashable, Fields]:
    found: dict[Hashable, Fields] = {}
    for number, item in enumerate(part.clauses, 1):
        fields = asdict(item) | {"order": number * 10}
        code = fields.pop("organisation_code")
        found[item.code] = fields | {"organisation_id": _organisation(code)}
    return found
