"""The board for other systems: write and hand in. Releasing is a person's: there is no operation for it."""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.kernel import api, clock
from linli.kernel.web import Request
from linli.publishing import schemas, services
from linli.publishing.selectors import desk
from linli.publishing.services import ArticleSheet

router = Router(tags=["公开栏"])
_ONE = "articles/{uuid:article_id}"


def _who(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": clock.now()}


@router.get("articles", response=api.Page[schemas.ArticleOut], operation_id="list_articles",
            summary="公开栏的内容")  # fmt: skip
def list_articles(
    request: Request,
    kind: schemas.Kind | None = None,
    state: schemas.State | None = None,
    community_id: UUID | None = None,
    cursor: str = "",
) -> Any:
    """Guides, notices and cases of the board in every state, the newest first."""
    asked = desk.Asked(
        kind=kind or "",
        state=state or "",
        community_id=community_id,
        before=api.read_id_cursor(cursor),
    )
    found = desk.articles(asked, request.actor)
    last = api.cursor(found.rows[-1].pk.hex) if found.has_more else None
    return {"items": found.rows, "next": last}


@router.post("articles", response={201: schemas.ArticleOut}, operation_id="create_article",
             summary="写指南或公告")  # fmt: skip
def create_article(request: Request, body: schemas.ArticleIn) -> Any:
    """A draft; nobody sees it before a person released it."""
    sent = body.model_dump(exclude={"kind", "community_id"})
    made, _is_new = api.once(request, lambda: services.write_article(
        sheet=ArticleSheet(**sent), kind=body.kind, community_id=body.community_id,
        **_who(request),
    ).pk)  # fmt: skip
    return desk.get_article(made, request.actor)


@router.post("articles/from-case", response={201: schemas.ArticleOut},
             operation_id="prepare_case_for_board", summary="把办好的事准备成公开内容")  # fmt: skip
def prepare_case(request: Request, body: schemas.CaseIn) -> Any:
    """A draft with names and numbers masked as well as rules can; the same case gives the same one."""
    made, _is_new = api.once(
        request, lambda: services.prepare_case(case_id=body.case_id, **_who(request)).pk
    )
    return desk.get_article(made, request.actor)


@router.get(_ONE, response=schemas.ArticleOut, operation_id="get_article", summary="一篇内容")
def get_article(request: Request, article_id: UUID) -> Any:
    """As it is being written."""
    return desk.get_article(article_id, request.actor)


@router.put(_ONE, response=schemas.ArticleOut, operation_id="change_article", summary="改内容")
def change_article(request: Request, article_id: UUID, body: schemas.ArticleChange) -> Any:
    """It is a draft again; what is public stays until a person releases the new words."""
    sent = body.model_dump(exclude={"version"})
    services.write_article(
        sheet=ArticleSheet(**sent), article_id=article_id, version=body.version, **_who(request)
    )
    return desk.get_article(article_id, request.actor)


@router.post(f"{_ONE}/submission", response=schemas.ArticleOut, operation_id="submit_article",
             summary="送去发布")  # fmt: skip
def submit_article(request: Request, article_id: UUID) -> Any:
    """Hand a draft in, for a person to look over and release."""
    api.once(request, lambda: services.submit_article(article_id=article_id, **_who(request)).pk)
    return desk.get_article(article_id, request.actor)


@router.post(f"{_ONE}/return", response=schemas.ArticleOut, operation_id="return_article",
             summary="退回修改")  # fmt: skip
def return_article(request: Request, article_id: UUID, body: schemas.ReturnIn) -> Any:
    """Send what was handed in back to whoever wrote it, with a word; needs the duty to release."""
    api.once(request, lambda: services.return_article(
        article_id=article_id, text=body.text, **_who(request)
    ).pk)  # fmt: skip
    return desk.get_article(article_id, request.actor)


@router.post(f"{_ONE}/withdrawal", response=schemas.ArticleOut, operation_id="withdraw_article",
             summary="撤下")  # fmt: skip
def withdraw_article(request: Request, article_id: UUID, body: schemas.WithdrawalIn) -> Any:
    """Drop a draft; what is public needs the duty to release, and a reason."""
    api.once(request, lambda: services.withdraw_article(
        article_id=article_id, reason=body.reason, **_who(request)
    ).pk)  # fmt: skip
    return desk.get_article(article_id, request.actor)


@router.get(f"{_ONE}/revisions", response=list[schemas.RevisionOut],
            operation_id="list_revisions", summary="发布过的每一版")  # fmt: skip
def list_revisions(request: Request, article_id: UUID) -> Any:
    """Everything that was released of it, the newest first."""
    return desk.revisions(desk.get_article(article_id, request.actor))


@router.get(f"{_ONE}/findings", response=list[schemas.FindingOut], operation_id="list_findings",
            summary="像个人信息的地方")  # fmt: skip
def list_findings(request: Request, article_id: UUID) -> Any:
    """What a person will be asked about before it is released."""
    row = desk.get_article(article_id, request.actor)
    return [
        {"field": text.name, "found": one.found, "masked": one.masked, "kind": one.kind}
        for text in desk.check_texts(row, desk.names_behind(row))
        for one in text.findings
    ]


@router.get("communities/{uuid:community_id}/board-candidates",
            response=list[schemas.CandidateOut], operation_id="list_board_candidates",
            summary="可以公开的工单")  # fmt: skip
def list_candidates(request: Request, community_id: UUID) -> Any:
    """Cases done in the last two weeks, or declined in three months, that may be shown."""
    desk.get_own_community(community_id, request.actor)
    return desk.candidates(community_id, request.actor, clock.now())
