"""What hangs on the board is what other systems read without a key: the same words, and no others."""

from django.test import Client

from linli.kernel import clock
from linli.publishing import services
from linli.publishing.tests.makers import make_board, make_resolved, release


def read(number: str) -> dict:
    answer = Client().get(f"/open311/v2/requests/{number}.json?jurisdiction_id=home")
    assert answer.status_code == 200
    return answer.json()[0]


def test_only_released_words_and_photos_leave_the_house(in_home, django_assert_max_num_queries):
    world, now = make_board(), clock.now()
    said = "我叫李小明，电话 13812345678，垃圾桶满了。"
    case = make_resolved(world, with_photos=True, name="李小明", text=said)
    assert read(case.number)["description"] is None
    article = services.prepare_case(case_id=case.pk, actor=world.wen, now=now)
    assert read(case.number)["description"] is None
    release(world, article, now=now)

    shown = read(case.number)

    assert "垃圾桶满了" in shown["description"]
    for secret in ("李小明", "13812345678"):
        assert secret not in shown["description"]
    photo = shown["media_url"].removeprefix("http://testserver")
    assert Client().get(photo).status_code == 200
    with django_assert_max_num_queries(6):
        read(case.number)
    services.withdraw_article(
        article_id=article.pk, reason="弄错了", actor=world.fang, now=clock.now()
    )
    assert read(case.number)["description"] is None
    assert Client().get(photo).status_code == 404
