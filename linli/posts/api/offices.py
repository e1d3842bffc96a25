"""Posts for other systems: organisations, posts, terms, substitutes, routing, and whom to assign to."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.kernel import api, clock
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.posts import schemas, selectors, services
from linli.posts.services import PostSheet, RuleSheet

router = Router(tags=["岗位"])
_BODY, _POST = "organisations/{uuid:organisation_id}", "posts/{uuid:post_id}"


def who(request: Request) -> dict[str, Any]:
    """Return who asks and when, as services take it."""
    return {"actor": request.actor, "now": clock.now()}


def gone() -> HttpResponse:
    """Answer that there is nothing more to say."""
    return HttpResponse(status=204)


@router.get("organisations", response=list[schemas.OrganisationOut],
            operation_id="list_organisations", summary="单位")  # fmt: skip
def list_organisations(request: Request) -> Any:
    """Those of the areas whose posts the key manages."""
    request.actor.require("posts.manage")
    return selectors.organisations_below(request.actor)


@router.post("organisations", response={201: schemas.OrganisationOut},
             operation_id="create_organisation", summary="新增单位")  # fmt: skip
def create_organisation(request: Request, body: schemas.OrganisationIn) -> Any:
    """In an area."""
    sent = body.model_dump()
    made = api.once(request, lambda: services.create_organisation(**sent, **who(request)).pk)
    return selectors.get_organisation(made[0], request.actor)


@router.put(_BODY, response=schemas.OrganisationOut, operation_id="change_organisation",
            summary="修改单位")  # fmt: skip
def change_organisation(
    request: Request, organisation_id: UUID, body: schemas.OrganisationChange
) -> Any:
    """Name and phone."""
    return services.change_organisation(
        organisation_id=organisation_id, **body.model_dump(), **who(request)
    )


@router.delete(_BODY, response={204: None}, operation_id="end_organisation", summary="停用单位")
def end_organisation(request: Request, organisation_id: UUID) -> Any:
    """After its posts."""
    services.end_organisation(organisation_id=organisation_id, **who(request))
    return gone()


@router.get("posts", response=list[schemas.PostOut], operation_id="list_posts", summary="岗位")
def list_posts(request: Request, area_id: UUID) -> Any:
    """The posts at an area and below it, with whoever holds them."""
    area = places.get_area(area_id)
    return selectors.post_lines(
        request.actor, clock.now(), area_path=area.path, with_below=area.kind == "community"
    )


@router.post(f"{_BODY}/posts", response={201: schemas.PostOut}, operation_id="create_post",
             summary="设岗")  # fmt: skip
def create_post(request: Request, organisation_id: UUID, body: schemas.NewPostIn) -> Any:
    """Nobody hands out rights that they lack."""
    sent = body.model_dump()
    code, sheet = sent.pop("code"), PostSheet(**sent)
    made = api.once(
        request,
        lambda: (
            services.create_post(
                organisation_id=organisation_id, sheet=sheet, code=code, **who(request)
            ).pk
        ),
    )
    return selectors.get_post_line(made[0], request.actor, clock.now())


@router.get(_POST, response=schemas.PostOut, operation_id="get_post", summary="看一个岗位")
def get_post(request: Request, post_id: UUID) -> Any:
    """With its rights and who holds it."""
    return selectors.get_post_line(post_id, request.actor, clock.now())


@router.put(_POST, response=schemas.PostOut, operation_id="change_post", summary="修改岗位")
def change_post(
    request: Request, post_id: UUID, body: schemas.PostIn, *, confirmed: bool = False
) -> Any:
    """confirmed: goes through although nobody could fill posts there afterwards."""
    services.change_post(
        post_id=post_id,
        sheet=PostSheet(**body.model_dump()),
        is_confirmed=confirmed,
        **who(request),
    )
    return selectors.get_post_line(post_id, request.actor, clock.now())


@router.delete(_POST, response={204: None}, operation_id="end_post", summary="撤销岗位")
def end_post(request: Request, post_id: UUID, *, confirmed: bool = False) -> Any:
    """Its terms end with it."""
    services.end_post(post_id=post_id, is_confirmed=confirmed, **who(request))
    return gone()


@router.post(f"{_POST}/holdings", response={201: schemas.PostOut}, operation_id="appoint",
             summary="任命")  # fmt: skip
def appoint(request: Request, post_id: UUID, body: schemas.AppointIn) -> Any:
    """Somebody with an account (GET /accounts)."""
    sent = body.model_dump()
    api.once(request, lambda: services.appoint(post_id=post_id, **sent, **who(request)).pk)
    return selectors.get_post_line(post_id, request.actor, clock.now())


@router.post("holdings/{uuid:holding_id}/ending", response={204: None}, operation_id="end_holding",
             summary="结束任期")  # fmt: skip
def end_holding(request: Request, holding_id: UUID, body: schemas.EndTermIn) -> Any:
    """The rights of the post are gone with it; who takes over (incoming_id) has them from then on."""
    sent = body.model_dump()
    api.once(
        request, lambda: services.end_holding(holding_id=holding_id, **sent, **who(request)).pk
    )
    return gone()


@router.post(f"{_POST}/substitutions", response={201: schemas.SubstituteOut},
             operation_id="set_substitute", summary="安排代班")  # fmt: skip
def set_substitute(request: Request, post_id: UUID, body: schemas.SubstituteIn) -> Any:
    """For a holder who is away."""
    sent = body.model_dump()
    made = api.once(
        request, lambda: services.set_substitute(post_id=post_id, **sent, **who(request)).pk
    )
    return {"id": made[0]}


@router.delete("substitutions/{uuid:substitution_id}", response={204: None},
               operation_id="end_substitution", summary="取消代班")  # fmt: skip
def end_substitution(request: Request, substitution_id: UUID) -> Any:
    """Before its time, or before it began."""
    services.end_substitution(substitution_id=substitution_id, **who(request))
    return gone()


@router.get("areas/{uuid:area_id}/hands", response=list[schemas.HandOut], operation_id="list_hands",
            summary="可以派给谁")  # fmt: skip
def list_hands(request: Request, area_id: UUID) -> Any:
    """The posts and organisations that cases of the place can be given to; needs cases.dispatch."""
    area = places.get_area(area_id)
    request.actor.require("cases.dispatch", area.path)
    return [
        {
            "post_id": one.post_id, "organisation_id": one.organisation_id, "label": one.label,
            "people": one.people, "is_vacant": one.is_vacant, "group": str(group.label),
        }
        for group in selectors.assignable(
            area.path, clock.now(), duties=selectors.TAKES_CASES
        )
        for one in group.choices
    ]  # fmt: skip


@router.get("areas/{uuid:area_id}/routing-rules", response=list[schemas.RuleOut],
            operation_id="list_rules", summary="派单规则")  # fmt: skip
def list_rules(request: Request, area_id: UUID) -> Any:
    """Those at, above and below an area."""
    return selectors.rule_lines(request.actor, area_path=places.get_area(area_id).path)


@router.get(
    "routing", response=schemas.RouteOut, operation_id="try_route", summary="试一试会派给谁"
)
def try_route(request: Request, category: str, place: str) -> Any:
    """place: community:<id>, estate:<id> or grid:<id>."""
    return selectors.try_route(
        category_code=api.clean(category), place=api.clean(place), **who(request)
    )


@router.post("routing-rules", response={201: schemas.RuleMade}, operation_id="add_rule",
             summary="新增派单规则")  # fmt: skip
def add_rule(request: Request, body: schemas.RuleIn) -> Any:
    """Exactly one of role, post_id and organisation_id."""
    sheet = RuleSheet(**body.model_dump())
    return {"id": api.once(request, lambda: services.add_rule(sheet=sheet, **who(request)).pk)[0]}


@router.put("routing-rules/{uuid:rule_id}", response=schemas.RuleMade, operation_id="change_rule",
            summary="修改派单规则")  # fmt: skip
def change_rule(request: Request, rule_id: UUID, body: schemas.RuleIn) -> Any:
    """As it is from now on."""
    sheet = RuleSheet(**body.model_dump())
    return {"id": services.change_rule(rule_id=rule_id, sheet=sheet, **who(request)).pk}


@router.delete("routing-rules/{uuid:rule_id}", response={204: None}, operation_id="remove_rule",
               summary="去掉派单规则")  # fmt: skip
def remove_rule(request: Request, rule_id: UUID) -> Any:
    """Cases that went by it stay where they are."""
    services.remove_rule(rule_id=rule_id, **who(request))
    return gone()
