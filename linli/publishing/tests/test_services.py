"""Writing and releasing: four eyes, revisions kept, nothing personal goes out undecided."""

import pytest

from linli.cases.services import closing, desk
from linli.cases.tests import makers as cases
from linli.cases.tests.makers import DAY, HOUR, MONDAY
from linli.clients.services import open_door
from linli.clients.tests.makers import make_key
from linli.kernel import clock, outbox, secrets
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.models import EventRow
from linli.publishing import services
from linli.publishing.errors import (
    IllegalStep,
    NotForTheBoard,
    OwnWords,
    StaleArticle,
    Unchecked,
)
from linli.publishing.models import Article, Revision
from linli.publishing.selectors import board as public
from linli.publishing.selectors import desk as selectors
from linli.publishing.services import ArticleSheet
from linli.publishing.tests.makers import (
    RULE,
    make_article,
    make_board,
    make_declined,
    make_resolved,
    release,
)

TODAY = MONDAY.date()


@pytest.fixture
def world(in_home):
    return make_board()


def live(world, *kinds):
    return [one.title for one in public.live(world.community.pk, *kinds)]


def test_what_is_written_is_public_only_once_somebody_else_released_it(world):
    article = make_article(world)
    assert live(world, "guide") == []
    services.submit_article(article_id=article.pk, actor=world.wen, now=MONDAY)
    assert live(world, "guide") == []
    release(world, Article.objects.get())
    assert live(world, "guide") == ["怎么申请高龄津贴"]
    assert EventRow.objects.filter(name="publishing.article.released").count() == 1


def test_a_writer_does_not_release_own_words(world):
    article = services.write_article(
        sheet=ArticleSheet(title="消防通道", text="不要堵。"), kind="notice",
        community_id=world.community.pk, actor=world.fang, now=MONDAY,
    )  # fmt: skip
    services.submit_article(article_id=article.pk, actor=world.fang, now=MONDAY)
    other = cases.make_staff(
        "乔木", cases.make_post("lead", world.community, ("publishing.release",), code="second")
    )
    with pytest.raises(OwnWords, match="乔木"):
        release(world, article)
    assert release(world, article, actor=other).is_alone is False


def test_what_a_key_of_ones_own_wrote_is_ones_own(world):
    duties = ("cases.view", "publishing.write", "publishing.release", "clients.manage")
    qiao = cases.make_staff("乔木", cases.make_post("lead", world.community, duties, code="qiao"))
    key = make_key(qiao, world.community, ("publishing.write",))
    program = open_door(key.text, clock.now()).actor
    article = services.write_article(
        sheet=ArticleSheet(title="消防通道", text="不要堵。"), kind="notice",
        community_id=world.community.pk, actor=program, now=MONDAY,
    )  # fmt: skip
    services.submit_article(article_id=article.pk, actor=program, now=MONDAY)
    with pytest.raises(OwnWords, match="方正"):
        release(world, article, actor=qiao)
    assert release(world, article).is_alone is False


def test_who_is_alone_may_release_and_it_is_marked(world):
    article = services.write_article(
        sheet=ArticleSheet(title="消防通道", text="不要堵。"), kind="notice",
        community_id=world.community.pk, actor=world.fang, now=MONDAY,
    )  # fmt: skip
    services.submit_article(article_id=article.pk, actor=world.fang, now=MONDAY)
    assert release(world, article).is_alone is True
    assert "自写自发" in selectors.history(article)[0].more


def test_who_changed_a_comma_wrote_it_too(world):
    article = make_article(world)
    sheet = ArticleSheet(title="怎么申请高龄津贴", text="带身份证。")
    services.write_article(sheet=sheet, article_id=article.pk, actor=world.fang, now=MONDAY)
    cases.make_staff(
        "乔木", cases.make_post("lead", world.community, ("publishing.release",), code="second")
    )
    with pytest.raises(OwnWords):
        release(world, Article.objects.get())


def test_only_who_may_release_releases(world):
    article = make_article(world)
    services.submit_article(article_id=article.pk, actor=world.wen, now=MONDAY)
    with pytest.raises(NotAllowed):
        release(world, article, actor=world.wen)
    with pytest.raises(NotFound):
        release(world, article, actor=world.lin)


def test_a_draft_is_not_released_past_the_step(world):
    article = make_article(world)
    with pytest.raises(IllegalStep):
        services.release_article(
            article_id=article.pk, masked=(), kept=(), is_looked_over=True, actor=world.fang,
            now=MONDAY,
        )  # fmt: skip


def test_nobody_releases_without_having_looked(world):
    with pytest.raises(Unchecked):
        release(world, make_article(world), is_looked_over=False)


def test_every_finding_is_decided_by_a_person(world):
    article = make_article(world, text="问王建国先生，电话 13812345678。")
    with pytest.raises(Unchecked, match="王建国"):
        release(world, article, masked=())
    article.refresh_from_db()
    assert article.state == "submitted"
    revision = release(world, article, masked={"13812345678"}, kept={"王建国"})
    assert revision.text == "问王建国先生，电话 138****5678。"
    row = EventRow.objects.get(name="publishing.article.released")
    assert (row.data["masked"], row.data["kept"]) == (1, 1)


def test_the_communitys_own_telephone_is_nobodys_secret(world):
    world.community.phone = "0994-5810000"
    world.community.save()
    release(world, make_article(world, text="打社区电话 0994-5810000。"), masked=(), kept=())
    assert "0994-5810000" in Revision.objects.get().text


def test_released_words_stay_while_new_ones_are_written_and_every_version_is_kept(world):
    article = make_article(world)
    release(world, article)
    sheet = ArticleSheet(title="怎么申请高龄津贴", text="今年起不用户口本。")
    services.write_article(sheet=sheet, article_id=article.pk, actor=world.wen, now=MONDAY)
    assert "户口本" in public.get_public(world.community.pk, article.pk, TODAY).text
    release(world, Article.objects.get(), now=MONDAY + DAY)
    assert public.get_public(world.community.pk, article.pk, TODAY).text == "今年起不用户口本。"
    assert [one.number for one in selectors.revisions(article)] == [2, 1]
    assert Revision.objects.get(number=1).ended_at == MONDAY + DAY


def test_what_was_withdrawn_is_gone_for_everybody_and_kept_for_staff(world):
    article = make_article(world)
    release(world, article)
    with pytest.raises(BadInput):
        services.withdraw_article(article_id=article.pk, reason=" ", actor=world.fang, now=MONDAY)
    with pytest.raises(NotAllowed):
        services.withdraw_article(article_id=article.pk, reason="过", actor=world.wen, now=MONDAY)
    services.withdraw_article(
        article_id=article.pk, reason="政策变了", actor=world.fang, now=MONDAY + DAY
    )
    with pytest.raises(NotFound):
        public.get_public(world.community.pk, article.pk, TODAY)
    assert Revision.objects.get().end_reason == "政策变了"


def test_a_draft_is_dropped_by_its_writer_without_a_word(world):
    article = make_article(world)
    services.withdraw_article(article_id=article.pk, reason="", actor=world.wen, now=MONDAY)
    assert Article.objects.get().state == "withdrawn"


def test_it_goes_back_with_a_word(world):
    article = make_article(world)
    services.submit_article(article_id=article.pk, actor=world.wen, now=MONDAY)
    with pytest.raises(BadInput):
        services.return_article(article_id=article.pk, text="", actor=world.fang, now=MONDAY)
    services.return_article(article_id=article.pk, text="写上地址", actor=world.fang, now=MONDAY)
    article.refresh_from_db()
    assert (article.state, article.note) == ("draft", "写上地址")


def test_two_people_do_not_overwrite_each_other(world):
    article = make_article(world)
    sheet = ArticleSheet(title="甲", text="甲")
    services.write_article(
        sheet=sheet, article_id=article.pk, version=1, actor=world.wen, now=MONDAY
    )
    with pytest.raises(StaleArticle):
        services.write_article(
            sheet=sheet, article_id=article.pk, version=1, actor=world.fang, now=MONDAY
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"),
        ({"text": "  "}, "text"),
        ({"valid_from": TODAY, "valid_until": TODAY.replace(day=1)}, "valid_until"),
        ({"event_ends_at": MONDAY}, "event_starts_at"),
        ({"event_starts_at": MONDAY, "event_ends_at": MONDAY - HOUR}, "event_ends_at"),
    ],
)
def test_what_is_missing_is_named(world, facts, field):
    with pytest.raises(BadInput) as refusal:
        make_article(world, "notice", **facts)
    assert refusal.value.field == field


def test_a_case_for_the_board_has_no_names_and_no_homes(world):
    case = make_resolved(
        world, with_photos=True, text="我叫李小明，住2单元501室，电话13812345678，桶满了。",
        name="李小明",
    )  # fmt: skip
    article = services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY)
    assert "李小明" not in article.text
    assert "501" not in article.text
    assert "13812345678" not in article.text
    assert article.place_label == "天山花园 3号楼"
    assert article.outcome == "垃圾清走了，桶也换了新的。"
    assert None not in (article.before_photo_id, article.after_photo_id)
    same = services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY)
    assert same.pk == article.pk


def test_the_names_of_those_who_had_to_do_with_it_are_found_anywhere(world):
    case = make_resolved(world, name="梁田")
    article = services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY)
    sheet = ArticleSheet(title="垃圾桶满了", outcome="林岚当天就清了，梁田很满意。")
    services.write_article(sheet=sheet, article_id=article.pk, actor=world.wen, now=MONDAY)
    revision = release(world, article)
    assert revision.outcome == "林**当天就清了，梁**很满意。"


def test_a_confidential_case_and_a_category_that_is_not_public_stay_inside(world):
    secret = cases.make_category("care", "困难帮扶", is_confidential=True)
    inner = cases.make_category("inner", "内部", shown_on_board=False)
    case = make_declined(world, category_id=inner.pk)
    with pytest.raises(NotForTheBoard):
        services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY)
    hidden = cases.make_case(world, category_id=secret.pk)
    with pytest.raises(NotFound):
        services.prepare_case(case_id=hidden.pk, actor=world.wen, now=MONDAY)


def test_an_open_case_is_not_shown(world):
    case = cases.make_case(world)
    with pytest.raises(NotForTheBoard):
        services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY)


def test_a_reopened_case_comes_down_by_itself(world):
    case = make_resolved(world)
    release(world, services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY))
    assert live(world, "resolved")
    closing.rate_case(
        token=secrets.case_token("home", case.pk, 1), is_solved=False, satisfaction=1, comment="",
        actor=reporter(case.tenant_id), now=MONDAY + DAY,
    )  # fmt: skip
    while outbox.deliver_events(MONDAY + DAY):
        pass
    assert live(world, "resolved") == []
    assert "重办" in Revision.objects.get().end_reason


def test_a_case_that_went_on_is_not_released_any_more(world):
    case = make_declined(world)
    article = services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY)
    assert (article.rule, article.review_on) == (RULE, (MONDAY + 60 * DAY).date())
    desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + DAY)
    with pytest.raises(NotForTheBoard):
        release(world, article)


def test_a_category_that_stops_being_public_takes_its_cases_along(world):
    case = make_declined(world)
    release(world, services.prepare_case(case_id=case.pk, actor=world.wen, now=MONDAY))
    assert live(world, "declined")
    world.category.shown_on_board = False
    world.category.save()
    from linli.cases.selectors import catalogue

    catalogue.forget()
    assert live(world, "declined") == []
    world.category.ended_at = MONDAY
    world.category.save()
    catalogue.forget()
    assert live(world, "declined") == []
