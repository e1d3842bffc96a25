"""The desk of the board through its pages: write, hand in, look over, release, go back, take down."""

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.tests import makers as cases
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.people.tests.makers import sign_in
from linli.places.tests.makers import make_community
from linli.publishing import services, urls
from linli.publishing.models import Article, Revision
from linli.publishing.tests.makers import (
    make_article,
    make_board,
    make_declined,
    make_resolved,
    release,
)
from tests.gates.html import faults_of

PUBLIC = {
    "boards", "board", "period", "article", "event", "photo", "atom", "geojson", "calendar",
    "sheet", "pdf",
}  # fmt: skip
STAFF = [one.name for one in urls.urlpatterns if one.name not in PUBLIC]


@pytest.fixture
def world(in_home):
    return make_board()


def browser(actor) -> Client:
    return sign_in(actor.account_id, actor.tenant_id)


def text_of(answer, status=200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    page = answer.content.decode()
    assert not faults_of(page)
    return page


def test_a_guide_goes_from_an_empty_page_to_the_board(world):
    wen, fang = browser(world.wen), browser(world.fang)
    page = text_of(wen.get("/desk/publishing/new/guide/"))
    assert "## 带什么" in page
    sent = {"title": "怎么开居住证明", "text": "## 带什么\n- [ ] 身份证\n问王建国先生。",
            "category_id": str(world.category.pk)}  # fmt: skip
    answer = wen.post("/desk/publishing/new/guide/", sent)
    article = Article.objects.get()
    home = reverse("publishing:desk_article", args=[article.pk])
    assert answer["Location"] == f"{home}?done=saved"
    assert "送去发布" in text_of(wen.get(home))
    wen.post(f"{home}submission/")
    assert "等人发布：方正" in text_of(wen.get(home))

    assert "看一遍，发布" in text_of(fang.get(home))
    page = text_of(fang.get(f"{home}release/"))
    assert "<mark>王建国</mark>" in page
    refused = fang.post(f"{home}release/", {"seen": "王建国", "version": 2})
    assert "先从头看一遍" in text_of(refused, 422)
    sent = {"seen": "王建国", "mask": "王建国", "is_looked_over": "on", "version": 2}
    assert fang.post(f"{home}release/", sent)["Location"] == f"{home}?done=released"
    public = text_of(Client().get(f"/board/{world.at}/articles/{article.pk}/"))
    assert "王**" in public
    assert "王建国" not in public
    assert "正在公开" in text_of(fang.get(home))


def test_what_was_typed_survives_what_is_missing(world):
    sent = {"title": "", "text": "八点停水", "valid_from": "2026-02-30"}
    page = text_of(browser(world.wen).post("/desk/publishing/new/notice/", sent), 422)
    assert "八点停水" in page
    assert "还有 2 处没填好" in page
    assert not Article.objects.exists()


def test_a_case_is_picked_made_ready_and_its_photos_chosen(world, monkeypatch):
    case = make_resolved(world, with_photos=True, at=clock.now() - cases.DAY)
    make_declined(world, at=clock.now() - cases.DAY, text="想装电梯。")
    wen = browser(world.wen)
    page = text_of(wen.get("/desk/publishing/cases/"))
    assert page.count("准备公开") == 2
    answer = wen.post(f"/desk/publishing/cases/{case.pk}/")
    article = Article.objects.get()
    assert answer["Location"] == f"/desk/publishing/{article.pk}/edit/"
    editor = text_of(wen.get(answer["Location"]))
    assert "不要选" in editor
    sent = {"title": "桶满了", "outcome": "清走了。", "version": 1, "before_photo_id": "",
            "after_photo_id": str(article.after_photo_id)}  # fmt: skip
    wen.post(answer["Location"], sent)
    article.refresh_from_db()
    assert (article.before_photo_id, article.text) == (None, "")
    assert case.number not in text_of(wen.get("/desk/publishing/cases/"))
    strange = {**sent, "version": 2, "after_photo_id": str(article.pk)}
    text_of(wen.post(answer["Location"], strange), 422)


def test_two_people_at_one_article_are_told(world):
    article = make_article(world)
    address = f"/desk/publishing/{article.pk}/edit/"
    browser(world.fang).post(address, {"title": "甲", "text": "甲", "version": 1})
    page = text_of(
        browser(world.wen).post(address, {"title": "乙", "text": "乙", "version": 1}), 422
    )
    assert "别人刚刚改过" in page
    assert "乙" in page


def test_a_writer_is_told_who_else_may_release(world):
    article = services.write_article(
        sheet=services.ArticleSheet(title="甲", text="乙"), kind="notice",
        community_id=world.community.pk, actor=world.fang, now=clock.now(),
    )  # fmt: skip
    services.submit_article(article_id=article.pk, actor=world.fang, now=clock.now())
    cases.make_staff(
        "乔木", cases.make_post("lead", world.community, ("publishing.release",), code="second")
    )
    fang, home = browser(world.fang), f"/desk/publishing/{article.pk}/"
    assert "可以发布的有：乔木" in text_of(fang.get(home))
    sent = {"is_looked_over": "on", "version": 2}
    assert "乔木" in text_of(fang.post(f"{home}release/", sent), 422)
    assert not Revision.objects.exists()


def test_back_and_down_need_a_word(world):
    article = make_article(world)
    services.submit_article(article_id=article.pk, actor=world.wen, now=clock.now())
    fang, home = browser(world.fang), f"/desk/publishing/{article.pk}/"
    assert "写一句要改什么" in text_of(fang.post(f"{home}return/"), 422)
    fang.post(f"{home}return/", {"back-text": "写上地址"})
    assert "退回修改：写上地址" in text_of(fang.get(home))
    release(world, article, now=clock.now())
    assert "为什么撤下" in text_of(fang.post(f"{home}withdrawal/"), 422)
    fang.post(f"{home}withdrawal/", {"down-text": "政策变了"})
    assert "撤下的原因：政策变了" in text_of(fang.get(home))
    first = text_of(fang.get(f"{home}revisions/1/"))
    assert "政策变了" in first
    assert fang.get(f"{home}revisions/9/").status_code == 404


def test_versions_are_laid_beside_each_other(world):
    article = make_article(world, text="第一行\n第二行")
    release(world, article)
    services.write_article(
        sheet=services.ArticleSheet(title=article.title, text="第一行\n新的第二行"),
        article_id=article.pk, actor=world.wen, now=clock.now(),
    )  # fmt: skip
    release(world, article, now=clock.now())
    page = text_of(browser(world.fang).get(f"/desk/publishing/{article.pk}/revisions/2/"))
    assert "<del>第二行</del>" in page
    assert "<ins>新的第二行</ins>" in page


def test_the_list_has_its_filters_in_the_address(world, django_assert_max_num_queries):
    make_article(world, title="一篇指南")
    release(world, make_article(world, "notice", title="一条公告"))
    fang = browser(world.fang)
    page = text_of(fang.get("/desk/publishing/?state=released"))
    assert "一条公告" in page
    assert "一篇指南" not in page
    assert "一篇指南" in text_of(fang.get("/desk/publishing/?kind=guide"))
    assert "没有符合条件的" in text_of(fang.get("/desk/publishing/?kind=declined"))
    text_of(fang.get("/desk/publishing/?kind=x&state=y&community=z&before=w"))
    for _number in range(20):
        make_article(world)
    with django_assert_max_num_queries(14):
        fang.get("/desk/publishing/")


def arguments(world) -> dict[str, list]:
    article = make_article(world)
    release(world, article)
    one = [article.pk]
    return {
        "new": ["guide"],
        "prepare": [make_resolved(world, at=clock.now()).pk],
        "revision": [article.pk, 1],
        **dict.fromkeys(("desk_article", "edit", "submission", "way_back", "release", "withdrawal"), one),
    }  # fmt: skip


@pytest.mark.parametrize("name", STAFF)
def test_who_has_no_duty_here_finds_nothing(world, abroad, name):
    from linli.kernel import tenancy

    address = reverse(f"publishing:{name}", args=arguments(world).get(name, []))
    make_community("别处社区", "659004003009")
    elsewhere = make_community("远处社区", "659004003010")
    both = ("publishing.write", "publishing.release", "cases.view")
    neighbour = cases.make_staff("邻", cases.make_post("lead", elsewhere, both, code="elsewhere"))
    with tenancy.tenant(abroad.pk):
        other = make_community("佳运社区", "510402009011")
        stranger = cases.make_staff("吴", cases.make_post("lead", other, both, code="away"))
    outsiders = [browser(world.lin), browser(stranger)]
    of_ones_own = name in ("articles", "candidates", "export", "new")
    if not of_ones_own:
        outsiders.append(browser(neighbour))
    for who in outsiders[:1] if of_ones_own else outsiders:
        answers = {who.get(address).status_code, who.post(address).status_code}
        assert answers <= {404, 405}
        assert 404 in answers
    for answer in (Client().get(address), Client().post(address)):
        assert answer["Location"].startswith("/sign-in/")


def test_a_neighbours_list_is_empty(world):
    make_article(world)
    elsewhere = make_community("远处社区", "659004003010")
    both = ("publishing.write", "publishing.release", "cases.view")
    neighbour = cases.make_staff("邻", cases.make_post("lead", elsewhere, both, code="elsewhere"))
    page = text_of(browser(neighbour).get("/desk/publishing/"))
    assert "怎么申请高龄津贴" not in page
    asked = f"/desk/publishing/cases/?community={world.community.pk}"
    assert browser(neighbour).get(asked).status_code == 404


def test_somebody_for_two_communities_chooses_one(world):
    make_community("远处社区", "659004003010")
    both = ("publishing.write", "cases.view")
    above = cases.make_staff(
        "街", cases.make_post("subdistrict", world.community.parent, both, code="above")
    )
    page = text_of(browser(above).get("/desk/publishing/new/notice/"))
    assert "远处社区" in page
    sent = {"title": "停水", "text": "停水", "community_id": str(world.community.pk)}
    browser(above).post("/desk/publishing/new/notice/", sent)
    assert Article.objects.get().community_id == world.community.pk


def test_a_photo_of_another_case_is_not_taken(world):
    case, other = make_resolved(world), make_resolved(world, with_photos=True, text="另一件。")
    article = services.prepare_case(case_id=case.pk, actor=world.wen, now=clock.now())
    strange = other.photos.first().pk
    sheet = services.ArticleSheet(title="甲", outcome="乙", before_photo_id=strange)
    with pytest.raises(BadInput):
        services.write_article(sheet=sheet, article_id=article.pk, actor=world.wen, now=clock.now())
