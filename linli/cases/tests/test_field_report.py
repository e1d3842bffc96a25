"""The quick report of somebody on their round: one case, at a place that is theirs, nothing lost."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.cases.models import Case, Question
from linli.cases.selectors import catalogue
from linli.cases.services import closing, telling
from linli.cases.tests.makers import make_category, make_neighbourhood
from linli.kernel import clock
from linli.kernel.actor import reporter
from linli.kernel.ids import new_id
from linli.people.tests.makers import sign_in
from linli.places.tests.makers import make_building, make_code, make_entrance, make_grid


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def phone(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def picture() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (64, 48), "green").save(data, "JPEG")
    return SimpleUploadedFile("现场.jpg", data.getvalue(), content_type="image/jpeg")


def text_of(response) -> str:
    return response.content.decode()


def quick(world, **facts) -> dict:
    return {
        "category": str(world.category.pk),
        "text": "东门花坛被踩坏了一角。",
        "place": f"building:{world.building.pk}",
        "key": str(new_id()),
    } | facts


def test_a_quick_report_becomes_a_case_of_the_round(world):
    answer = phone(world.lin).post(
        "/field/report/", quick(world, photos=picture(), spot="门前"), follow=True
    )

    case = Case.objects.get()
    assert (case.source, case.grid_id, case.spot, case.photo_count) == (
        "patrol", world.grid.pk, "门前", 1,
    )  # fmt: skip
    assert "已上报" in text_of(answer)
    assert case.number in text_of(answer)


def test_a_quick_report_sent_twice_is_one_case(world):
    worker, sent = phone(world.lin), quick(world)

    first, again = worker.post("/field/report/", sent), worker.post("/field/report/", sent)

    assert first.url == again.url
    assert Case.objects.count() == 1


def test_a_place_is_an_entrance_the_grid_itself_or_a_scanned_address(world):
    worker = phone(world.lin)
    door = make_entrance(world.building, "2单元")
    code = make_code(door)

    assert "3号楼 2单元" in text_of(worker.get("/field/report/"))
    worker.post("/field/report/", quick(world, place=f"entrance:{door.pk}"))
    worker.post("/field/report/", quick(world, place=f"grid:{world.grid.pk}", spot="东门花坛"))
    worker.post(
        "/field/report/", quick(world, place="", code=f"https://linli.example/s/{code.code}/")
    )

    by_door, in_grid, by_code = Case.objects.order_by("id")
    assert by_door.entrance_id == by_code.entrance_id == door.pk
    assert (in_grid.area_path, in_grid.place_label) == (world.grid.path, world.grid.name)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "一两句话就可以"),
        ({"category": ""}, "点一下是什么问题"),
        ({"place": ""}, "选一下在哪里"),
        ({"place": "", "code": "home-zzzzzz"}, "没有这个点位码"),
        ({"place": "", "code": "home-../../x"}, "没有这个点位码"),
        ({"text": "字" * 20_001}, "最多写 20000 个字"),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(world, wrong, said):
    answer = phone(world.lin).post("/field/report/", quick(world, spot="花坛东角", **wrong))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "花坛东角" in text_of(answer)
    assert not Case.objects.exists()


def test_a_place_outside_my_grid_is_not_mine_to_report(world):
    other_grid = make_grid(world.community, "第二网格")
    code = make_code(make_building(world.estate, "9号楼", grid=other_grid))

    answer = phone(world.lin).post("/field/report/", quick(world, place="", code=code.code))

    assert answer.status_code == 422
    assert "不归您管" in text_of(answer)


def test_what_is_for_other_eyes_alone_is_reported_and_not_shown(world):
    secret = make_category("mediation", "邻里调解", is_confidential=True)

    answer = phone(world.lin).post(
        "/field/report/", quick(world, category=str(secret.pk)), follow=True
    )

    assert Case.objects.get().is_confidential
    assert "专门的人办" in text_of(answer)


def test_who_reports_nowhere_finds_no_page_for_it(world):
    assert phone(world.manager).get("/field/report/").status_code == 404


def test_who_told_of_it_is_kept_only_when_they_agreed(world):
    worker, sent = phone(world.lin), quick(world, name="陆", phone="10012340000")
    refused = worker.post("/field/report/", sent)
    assert refused.status_code == 422
    assert "先当面问一句" in text_of(refused)

    worker.post("/field/report/", sent | {"agreed": "on"})

    contact = Case.objects.select_related("reporter").get().reporter
    assert (contact.phone, contact.name) == ("10012340000", "陆")
    assert contact.consent_version


def test_a_category_asks_its_questions_on_the_round_too(world):
    Question.objects.create(
        category=world.category, code="floor", text="几楼", kind="text", is_required=True
    )
    catalogue.forget()
    worker, sent = phone(world.lin), quick(world)
    asked = worker.post("/field/report/", sent)  # without scripts the page comes back to ask
    assert asked.status_code == 200
    assert "几楼" in text_of(asked)
    assert "东门花坛被踩坏了一角" in text_of(asked)
    sent |= {"asked": str(world.category.pk)}
    assert worker.post("/field/report/", sent).status_code == 422

    worker.post("/field/report/", sent | {f"q-{world.category.pk}-floor": "3 楼"})

    assert Case.objects.get().answers == [{"text": "几楼", "answer": "3 楼"}]


def settled(world, **facts) -> dict:
    told = {"name": "陆", "phone": "10012340000", "agreed": "on"}
    done = {"is_settled": "on", "result": "已把纸箱搬走。", "after": picture()}
    return quick(world, photos=picture()) | told | done | facts


def test_what_is_settled_on_the_spot_is_one_case_with_both_photos(world):
    answer = phone(world.lin).post("/field/report/", settled(world), follow=True)

    assert "当场办好" in text_of(answer)
    case = Case.objects.get()
    assert (case.state, case.handler_account_id) == ("resolved", world.lin.account_id)
    stages = list(case.photos.order_by("id").values_list("stage", flat=True))
    assert stages == ["report", "after"]
    assert case.entries.get(kind="result").text == "已把纸箱搬走。"


def test_whoever_told_of_it_still_has_the_last_word(world):
    phone(world.lin).post("/field/report/", settled(world))
    case = Case.objects.get()

    rated = closing.rate_case(
        token=telling.token_of(case),
        is_solved=False,
        satisfaction=1,
        comment="第二天又堆上了。",
        actor=reporter(case.tenant_id),
        now=clock.now(),
    )

    assert rated.is_open
    assert rated.reopen_count == 1


def test_settled_and_sent_twice_is_one_case(world):
    worker, key = phone(world.lin), str(new_id())
    for _time in range(2):
        worker.post("/field/report/", settled(world, key=key))

    assert Case.objects.get().state == "resolved"


@pytest.mark.parametrize("category", [{"needs_result_photo": True}, {"is_confidential": True}])
def test_what_can_not_be_settled_on_the_spot_is_told_and_nothing_is_reported(world, category):
    kind = make_category("hazard", "安全隐患", **category)
    sent = settled(world, category=str(kind.pk))
    del sent["after"]

    answer = phone(world.lin).post("/field/report/", sent)

    assert answer.status_code == 422
    assert "已把纸箱搬走" in text_of(answer)
    assert not Case.objects.exists()
