"""What stories about the board need: two pairs of eyes, articles in any state, cases that ended."""

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from linli.cases.models import Case, Photo
from linli.cases.services import desk, handling
from linli.cases.tests import makers as cases
from linli.cases.tests.makers import DAY, HOUR, MONDAY
from linli.cases.tests.test_resident_pages import photo
from linli.kernel import pictures
from linli.publishing import services
from linli.publishing.models import Article, Revision
from linli.publishing.services import ArticleSheet

RULE = "《物业管理条例》第五十条"


def make_board() -> SimpleNamespace:
    """Return a small community at work in which Wen writes for the board and Fang releases."""
    return with_board(cases.make_neighbourhood())


def with_board(world: SimpleNamespace) -> SimpleNamespace:
    """Give a community at work Wen, who writes for the board, and Fang, who releases."""
    write = ("cases.view", "publishing.write")
    both = (*write, "publishing.release")
    world.wen = cases.make_staff(
        "温如", cases.make_post("desk", world.community, write, code="wen")
    )
    world.fang = cases.make_staff(
        "方正", cases.make_post("lead", world.community, both, code="fang")
    )
    world.at = f"home-{world.community.code}"
    return world


def make_article(world: SimpleNamespace, kind: str = "guide", **facts: Any) -> Article:
    """Return a draft that Wen wrote."""
    usual = {
        "guide": {"title": "怎么申请高龄津贴", "text": "## 带什么\n- [ ] 身份证\n- [ ] 户口本"},
        "notice": {"title": "周六停水", "text": "检修水管，早上八点到十二点停水。"},
    }[kind]
    return services.write_article(
        sheet=ArticleSheet(**usual | facts), kind=kind, community_id=world.community.pk,
        actor=world.wen, now=MONDAY,
    )  # fmt: skip


def release(
    world: SimpleNamespace, article: Article, *, now: Any = MONDAY + HOUR, **facts: Any
) -> Revision:
    """Let Wen hand an article in and Fang release it, with all that looks personal hidden."""
    from linli.publishing.selectors import desk as selectors

    article.refresh_from_db()
    if article.state == "draft":
        services.submit_article(article_id=article.pk, actor=world.wen, now=now)
    seen = selectors.get_article(article.pk, world.fang)
    names = selectors.names_behind(seen)
    found = {one.found for text in selectors.check_texts(seen, names) for one in text.findings}
    usual = {"masked": found, "kept": (), "is_looked_over": True, "actor": world.fang}
    return services.release_article(article_id=article.pk, now=now, **usual | facts)


def make_resolved(world: SimpleNamespace, *, with_photos: bool = False, **facts: Any) -> Case:
    """Return a case that was reported on Monday and is done two hours later."""
    case = cases.make_case(world, **facts)
    before, after = (_picture(), _picture()) if with_photos else ((), ())
    if with_photos:
        _keep(case, before, "report")
    desk.assign_case(
        case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=case.reported_at
    )
    handling.take_case(case_id=case.pk, actor=world.lin, now=case.reported_at + HOUR)
    return handling.resolve_case(
        case_id=case.pk, text="垃圾清走了，桶也换了新的。", after=after, actor=world.lin,
        now=case.reported_at + 2 * HOUR,
    )  # fmt: skip


def make_declined(world: SimpleNamespace, **facts: Any) -> Case:
    """Return a case that was declined, with rule, alternative and the day it is looked at again."""
    case = cases.make_case(world, **facts)
    words = desk.Decline(
        reason="加装电梯要本单元业主先表决，现在同意的不够。",
        rule=RULE,
        alternative="可以请社区帮着召集业主商量。",
        review_on=(case.reported_at + 60 * DAY).date(),
    )
    return desk.decline_case(
        case_id=case.pk, decline=words, actor=world.desk, now=case.reported_at + HOUR
    )


def _picture() -> tuple[pictures.Picture, ...]:
    return (pictures.clean(ContentFile(photo().read())),)


def _keep(case: Case, photos: tuple[pictures.Picture, ...], stage: str) -> None:
    for one in photos:
        stored = pictures.store(one, pictures.folder_of(case.tenant_id, case.reported_at))
        Photo.objects.create(
            case=case, stage=stage, path=stored.path, thumb_path=stored.thumb_path,
            width=one.width, height=one.height, sha256=one.sha256, created_at=case.reported_at,
        )  # fmt: skip
