"""People who are looked after, for other systems: who is due, the plan, what a visit found."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from linli.care import schemas, selectors, services
from linli.care.selectors import catalogue, family, history, lists, persons
from linli.kernel import api, clock
from linli.kernel.web import Request

router = Router(tags=["关怀"])
_ONE = "care/profiles/{uuid:profile_id}"


@router.get("care/levels", response=list[schemas.CareLevelOut], operation_id="list_care_levels",
            summary="关怀等级")  # fmt: skip
def list_levels(request: Request) -> Any:
    """As the blueprint set them."""
    request.actor.require(selectors.VIEW)
    return catalogue.levels()


@router.get("care/profiles", response=api.Page[schemas.CareLineOut], operation_id="list_care",
            summary="关怀名单")  # fmt: skip
def list_care(request: Request, sent: Query[schemas.AskedIn]) -> Any:
    """Who is due, overdue first, or who was not seen for longest; masked."""
    said = sent.model_dump(exclude={"cursor"})
    after = api.read_cursor(sent.cursor)[:60] if sent.cursor else ""
    asked = lists.Asked(**said, after=after)
    page = lists.care_list(asked, request.actor, clock.now(), limit=api.LIMIT)
    more = api.cursor(page.next_after) if page.next_after else None
    return {"items": [_line(row) for row in page.rows], "next": more}


@router.post("care/profiles", response={201: schemas.CareOut}, operation_id="start_care",
             summary="列入关怀")  # fmt: skip
def start_care(request: Request, body: schemas.CareIn) -> Any:
    """Somebody of the register; the first visit is due today. Needs care.manage."""

    def make() -> UUID:
        return services.start_care(person_id=body.person_id, sheet=_plan(body), **who(request)).pk

    return profile_of(request, api.once(request, make)[0])


@router.get(_ONE, response=schemas.CareOut, operation_id="get_care", summary="一份关怀档案")
def get_care(request: Request, profile_id: UUID) -> Any:
    """Masked, with the plan, where somebody stands and the family."""
    return profile_of(request, profile_id)


@router.put(f"{_ONE}/plan", response=schemas.CareOut, operation_id="change_care",
            summary="改安排")  # fmt: skip
def change_care(request: Request, profile_id: UUID, body: schemas.PlanChange) -> Any:
    """The whole plan; where somebody stands follows it."""
    services.change_care(
        profile_id=profile_id, sheet=_plan(body), version=body.version, **who(request)
    )
    return profile_of(request, profile_id)


@router.post(f"{_ONE}/ending", response=schemas.CareOut, operation_id="end_care",
             summary="不再走访")  # fmt: skip
def end_care(request: Request, profile_id: UUID, body: schemas.CareEndIn) -> Any:
    """With a reason; the history stays."""
    services.end_care(profile_id=profile_id, reason=body.reason, **who(request))
    return profile_of(request, profile_id)


@router.post(f"{_ONE}/reveals", response=schemas.CareInFullOut, operation_id="reveal_care",
             summary="看详细情况和电话")  # fmt: skip
def reveal_care(
    request: Request, response: HttpResponse, profile_id: UUID, body: schemas.CareRevealIn
) -> Any:
    """For a purpose that is kept on record and that the person may read."""
    response.headers["Cache-Control"] = "no-store"
    shown = services.reveal_care(
        profile_id=profile_id, purpose=body.purpose, note=body.note, **who(request)
    )
    return {"why": shown.why, "name": shown.person.name, "phone": shown.person.phone}


@router.get(f"{_ONE}/visits", response=list[schemas.VisitOut], operation_id="list_visits",
            summary="走访记录")  # fmt: skip
def list_visits(request: Request, profile_id: UUID) -> Any:
    """The latest, newest first; what two people wrote of one visit stands together."""
    row = selectors.get_profile(profile_id, request.actor)
    return [_word(word) for line in history.visits_of(row) for word in line.words]


@router.post(f"{_ONE}/visits", response={201: schemas.VisitMadeOut}, operation_id="record_visit",
             summary="记一次走访")  # fmt: skip
def record_visit(request: Request, profile_id: UUID, body: schemas.VisitIn) -> Any:
    """The same key is one visit, however often and however late it comes; needs care.visit."""
    now, said = clock.now(), body.model_dump(exclude={"at"})
    made: list[bool] = []

    def make() -> UUID:
        visit, is_new = services.record_visit(
            profile_id=profile_id, sheet=services.VisitSheet(**said), key="", at=body.at or now,
            actor=request.actor, now=now,
        )  # fmt: skip
        made.append(is_new)
        return visit.pk

    visit_id, _is_new = api.once(request, make)
    found = history.get_visit(visit_id, request.actor)
    return {
        "id": visit_id,
        "is_new": bool(made),
        "case_id": found.case_id,
        "next_on": found.next_on,
        "turn": found.profile.turn,
        "due_on": found.profile.due_on,
    }


def who(request: Request) -> dict[str, Any]:
    """Return who asks and when, as services take it."""
    return {"actor": request.actor, "now": clock.now()}


def _plan(body: schemas.PlanIn) -> services.PlanSheet:
    sent = body.model_dump(include={"post_id", "second_post_id", "every_days", "list_code", "why"})
    return services.PlanSheet(
        level_code=body.level, needs=tuple(body.needs), agreed_how=body.agreed_how, **sent
    )


_LINE = (
    "id", "person_id", "area_path", "turn", "post_id", "second_post_id", "due_on", "seen_at", "misses",
    "version",
)  # fmt: skip
_MORE = (
    "every_days", "list_code", "agreed_how", "agreed_at", "started_at", "ended_at", "ended_reason",
    "missing_case_id",
)  # fmt: skip


def _line(row: lists.Row) -> dict[str, Any]:
    return {
        "name": row.line.name_masked if row.line else "",
        "age": row.line.age if row.line else None,
        "home": row.line.home_label if row.line else "",
        "level": row.profile.level.code,
        "late_days": max(row.late_days, 0),
        "days_unseen": row.days,
        **{name: getattr(row.profile, name) for name in _LINE},
    }


def profile_of(request: Request, profile_id: UUID) -> dict[str, Any]:
    """Return a profile as it is told, masked. Errors: NotFound."""
    found = selectors.get_profile(profile_id, request.actor)
    today = clock.local(clock.now()).date()
    row = lists.row_of(found, persons.line_of(found, request.actor), today)
    return _line(row) | {
        "needs": found.need_codes,
        "family": [
            {
                "id": one.pk,
                "relation": one.get_relation_display(),
                "name": card.name,
                "phone": card.phone,
                "may_be_told": one.may_be_told,
                "withdrawn_at": one.withdrawn_at,
            }
            for one, card in family.family_of(found)
        ],
        **{name: getattr(found, name) for name in _MORE},
    }


def _word(word: history.Word) -> dict[str, Any]:
    columns = (
        "id", "at", "outcome", "manner", "trouble", "note", "case_id", "next_on", "is_counted",
    )  # fmt: skip
    return {
        "visit": word.visit.same_as_id or word.visit.pk,
        "answers": json.loads(word.visit.answers) if word.visit.answers else {},
        "by": word.who,
        "post": word.post,
        **{name: getattr(word.visit, name) for name in columns},
    }
