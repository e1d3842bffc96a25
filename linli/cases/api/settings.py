"""A community's settings for other systems: categories, promises, answer templates."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.cases.schemas import settings as schemas
from linli.cases.selectors import catalogue
from linli.cases.selectors import setup as reading
from linli.cases.services import levels, setup, wording
from linli.cases.services.levels import LevelSheet
from linli.cases.services.setup import CategorySheet, QuestionSheet
from linli.cases.services.wording import TemplateSheet
from linli.kernel import api, clock
from linli.kernel.web import Request

router = Router(tags=["类别和时限"])
_CATEGORY, _LEVEL = "categories/{uuid:category_id}", "service-levels/{uuid:level_id}"
_TEMPLATE = "answer-templates/{uuid:template_id}"


def _who(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": clock.now()}


@router.get("categories", response=list[schemas.CategoryOut], operation_id="list_categories",
            summary="类别")  # fmt: skip
def list_categories(request: Request) -> Any:
    """The categories in use, with their promises and questions; any key may read them."""
    return [_category(row) for row in catalogue.active_categories()]


@router.post("categories", response={201: schemas.CategoryOut}, operation_id="create_category",
             summary="新增类别")  # fmt: skip
def create_category(request: Request, body: schemas.CategoryIn) -> Any:
    """After the others; needs cases.configure."""
    sheet, questions = _sheet(body)
    made = api.once(
        request,
        lambda: setup.create_category(sheet=sheet, questions=questions, **_who(request)).pk,
    )
    return _category(reading.get_any_category(made[0], request.actor))


@router.put(
    _CATEGORY, response=schemas.CategoryOut, operation_id="change_category", summary="修改类别"
)
def change_category(request: Request, category_id: UUID, body: schemas.CategoryIn) -> Any:
    """Open cases keep their promise and their answers."""
    sheet, questions = _sheet(body)
    setup.change_category(
        category_id=category_id, sheet=sheet, questions=questions, **_who(request)
    )
    return _category(reading.get_any_category(category_id, request.actor))


@router.delete(_CATEGORY, response={204: None}, operation_id="end_category", summary="停用类别")
def end_category(request: Request, category_id: UUID) -> Any:
    """Its cases keep it."""
    setup.end_category(category_id=category_id, **_who(request))
    return HttpResponse(status=204)


@router.post(f"{_CATEGORY}/restoration", response=schemas.CategoryOut,
             operation_id="restore_category", summary="恢复类别")  # fmt: skip
def restore_category(request: Request, category_id: UUID) -> Any:
    """Use it again."""
    api.once(request, lambda: setup.restore_category(category_id=category_id, **_who(request)).pk)
    return _category(reading.get_any_category(category_id, request.actor))


@router.put(f"{_CATEGORY}/place", response=list[schemas.CategoryOut], operation_id="move_category",
            summary="类别排前、排后")  # fmt: skip
def move_category(request: Request, category_id: UUID, body: schemas.CategoryStepIn) -> Any:
    """One place up or down; the first and the last stay where they are."""
    setup.move_category(category_id=category_id, is_up=body.is_up, **_who(request))
    return list_categories(request)


@router.get("case-settings", response=schemas.CaseNumbersOut, operation_id="get_case_settings",
            summary="办理规则的数")  # fmt: skip
def get_case_settings(request: Request) -> Any:
    """Days of silence, shares, pauses; needs cases.configure."""
    request.actor.require(reading.DUTY)
    return catalogue.get_settings()


@router.put("case-settings", response=schemas.CaseNumbersOut, operation_id="change_case_settings",
            summary="改办理规则的数")  # fmt: skip
def change_case_settings(request: Request, body: schemas.CaseNumbersIn) -> Any:
    """Each within its bounds, which a refusal names."""
    request.actor.require(reading.DUTY)
    before = catalogue.get_settings()
    numbers = {name: getattr(before, name) for name in schemas.CaseNumbersOut.model_fields}
    numbers |= body.model_dump(exclude_none=True)
    return levels.change_settings(numbers=numbers, **_who(request))


@router.get("service-levels", response=list[schemas.LevelOut], operation_id="list_levels",
            summary="时限")  # fmt: skip
def list_levels(request: Request) -> Any:
    """All promises; needs cases.configure."""
    return reading.level_lines(request.actor)


@router.post("service-levels", response={201: schemas.LevelOut}, operation_id="create_level",
             summary="新增时限")  # fmt: skip
def create_level(request: Request, body: schemas.LevelIn) -> Any:
    """For categories to use."""
    sheet = LevelSheet(**body.model_dump())
    made = api.once(request, lambda: levels.create_level(sheet=sheet, **_who(request)).pk)
    return reading.get_level(made[0], request.actor)


@router.put(_LEVEL, response=schemas.LevelOut, operation_id="change_level", summary="修改时限")
def change_level(
    request: Request, level_id: UUID, body: schemas.LevelIn, *, moves_open: bool = False
) -> Any:
    """moves_open: open cases follow too."""
    sheet = LevelSheet(**body.model_dump())
    return levels.change_level(
        level_id=level_id, sheet=sheet, moves_open=moves_open, **_who(request)
    )


@router.get("answer-templates", response=list[schemas.TemplateOut],
            operation_id="list_answer_templates", summary="答复模板")  # fmt: skip
def list_answer_templates(request: Request) -> Any:
    """Words that staff reuse; needs cases.configure."""
    return reading.templates(request.actor)


@router.post("answer-templates", response={201: schemas.TemplateOut},
             operation_id="write_answer_template", summary="新增答复模板")  # fmt: skip
def write_answer_template(request: Request, body: schemas.TemplateIn) -> Any:
    """For all categories, or one."""
    sheet = TemplateSheet(**body.model_dump())
    made = api.once(request, lambda: wording.write_template(sheet=sheet, **_who(request)).pk)
    return reading.get_template(made[0], request.actor)


@router.put(_TEMPLATE, response=schemas.TemplateOut, operation_id="change_answer_template",
            summary="修改答复模板")  # fmt: skip
def change_answer_template(request: Request, template_id: UUID, body: schemas.TemplateIn) -> Any:
    """As it is from now on."""
    sheet = TemplateSheet(**body.model_dump())
    return wording.write_template(sheet=sheet, template_id=template_id, **_who(request))


@router.delete(_TEMPLATE, response={204: None}, operation_id="end_answer_template",
               summary="停用答复模板")  # fmt: skip
def end_answer_template(request: Request, template_id: UUID) -> Any:
    """Nobody is offered it any more."""
    wording.end_template(template_id=template_id, **_who(request))
    return HttpResponse(status=204)


def _sheet(body: schemas.CategoryIn) -> tuple[CategorySheet, list[QuestionSheet]]:
    sent = body.model_dump()
    questions = [
        QuestionSheet(**{**one, "choices": tuple(one["choices"])}) for one in sent.pop("questions")
    ]
    return CategorySheet(**sent), questions


def _category(row: Any) -> dict[str, Any]:
    names = [name for name in schemas.CategoryOut.model_fields if name != "questions"]
    questions = reading.questions_to_edit(row.pk)
    return {**{name: getattr(row, name) for name in names}, "questions": questions}
