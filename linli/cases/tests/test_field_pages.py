"""The field's pages: a grid worker's day on a phone, the pool of a company, a quick report."""

import re
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.cases.models import Case, Category, Photo, PhotoStage
from linli.cases.services import desk, handling
from linli.cases.tests.makers import (
    make_case,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.kernel import clock
from linli.people.tests.makers import make_resident, sign_in
from linli.places import selectors as places
from linli.places.tests.makers import make_building, make_grid
from linli.posts import selectors as posts
from linli.posts.tests.makers import stand_in


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def phone(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def assigned(world, *, to="post", **facts) -> Case:
    case = make_case(world, at=clock.now(), **facts)
    hands = (
        {"post_id": world.grid_post.pk}
        if to == "post"
        else {"organisation_id": world.property_company.pk}
    )
    return desk.assign_case(case_id=case.pk, actor=world.desk, now=clock.now(), **hands)


def address(case, part="") -> str:
    return f"/field/cases/{case.pk}/{part}"


def picture(colour="green") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return SimpleUploadedFile("现场.jpg", data.getvalue(), content_type="image/jpeg")


def text_of(response) -> str:
    return response.content.decode()


def test_the_way_back_leads_where_somebody_came_from(world):
    lin, case = phone(world.lin), assigned(world)
    for came, back in (
        ("http://testserver/field/cases/?due=late", 'href="/field/cases/?due=late"'),
        (f"http://testserver{address(case)}", 'href="/field/"'),
        ("https://elsewhere.example/field/cases/", 'href="/field/"'),
    ):
        page = text_of(lin.get(address(case), headers={"referer": came}))
        assert f'<a class="btn btn--link" {back}>' in page


def test_what_waits_comes_first_with_why_it_came_to_me_and_one_tap_to_take_it(world):
    assigned(world)

    page = text_of(phone(world.lin).get("/field/"))

    assert "待接单 1 件" in page
    assert "为什么派给我" in page
    assert "接单" in page


def test_one_tap_takes_it_and_opens_it(world):
    case = assigned(world)

    answer = phone(world.lin).post(address(case, "take/"), {"version": case.version}, follow=True)

    case.refresh_from_db()
    assert (case.state, case.handler_account_id) == ("in_hand", world.lin.account_id)
    assert "已接单" in text_of(answer)


def test_before_and_after_photos_come_with_the_words_and_are_seen_on_the_page(world):
    case = assigned(world)
    worker = phone(world.lin)

    answer = worker.post(
        address(case, "progress/"),
        {"text": "正在清", "before": picture("red"), "after": picture(), "version": case.version},
        follow=True,
    )

    stages = sorted(Photo.objects.filter(case=case).values_list("stage", flat=True))
    assert stages == [PhotoStage.AFTER, PhotoStage.BEFORE]
    shot = Photo.objects.filter(case=case).first()
    assert f"photos/{shot.pk}/thumb/" in text_of(answer)
    served = worker.get(address(case, f"photos/{shot.pk}/thumb/"))
    assert served["Content-Type"] == "image/jpeg"
    served.close()


def test_a_photo_that_the_category_wants_is_asked_for_before_it_is_missed(world):
    case, wanted = assigned(world), "这一类要有处理后的照片才能办结"
    assert wanted not in text_of(phone(world.lin).get(address(case)))
    Category.objects.filter(pk=case.category_id).update(needs_result_photo=True)
    assert text_of(phone(world.lin).get(address(case))).count(wanted) == 1


def test_a_file_that_is_no_photo_is_told_at_its_field_and_the_words_stay(world):
    case = assigned(world)
    paper = SimpleUploadedFile("通知.jpg", b"%PDF-1.7 nothing", content_type="image/jpeg")

    answer = phone(world.lin).post(
        address(case, "resolve/"), {"text": "已经清运干净。", "after": paper}
    )

    assert answer.status_code == 422
    assert "已经清运干净。" in text_of(answer)
    assert "通知.jpg" in text_of(answer)


def test_the_camera_opens_at_once_in_the_field_and_not_at_the_desk(world):
    case = assigned(world)

    assert 'capture="environment"' in text_of(phone(world.lin).get(address(case)))
    at_the_desk = phone(world.desk).get(f"/desk/cases/{case.pk}/")
    assert 'capture="environment"' not in text_of(at_the_desk)


def test_whoever_is_late_to_the_pool_learns_that_a_colleague_has_it(world):
    case = assigned(world, to="organisation")
    colleague = make_staff(
        "白",
        make_post(
            "property", world.community, (), organisation=world.property_company,
            is_confined=True, code="second",
        ),
    )  # fmt: skip
    seen = phone(colleague).get("/field/")
    handling.take_case(case_id=case.pk, actor=world.manager, now=clock.now())

    answer = phone(colleague).post(address(case, "take/"), {"version": case.version})

    assert case.title in text_of(seen)
    assert answer.status_code == 422
    assert "刚刚有了新变化" in text_of(answer)
    assert "同事在办 1 件" in text_of(phone(colleague).get("/field/"))


def test_words_of_a_refused_action_that_is_gone_are_not_lost(world):
    case = assigned(world)
    worker = phone(world.lin)
    handling.resolve_case(case_id=case.pk, text="好了", actor=world.lin, now=clock.now())

    answer = worker.post(
        address(case, "return/"), {"text": "这是城管的事，归他们。", "version": case.version}
    )

    assert answer.status_code == 422
    assert "这是城管的事，归他们。" in text_of(answer)


def test_a_page_that_is_out_of_date_can_be_sent_again_after_reading(world):
    case = assigned(world)
    worker = phone(world.lin)
    old = {"text": "已联系保洁。", "version": case.version}
    handling.take_case(case_id=case.pk, actor=world.lin, now=clock.now())

    answer = worker.post(address(case, "progress/"), old)
    version = re.search(
        r'name="version" value="(\d+)" id="progress_version"', answer.content.decode()
    )
    assert version is not None
    again = old | {"version": version[1]}
    sent = worker.post(address(case, "progress/"), again)

    assert (answer.status_code, sent.status_code) == (422, 302)


def test_the_property_company_sees_only_what_is_handed_to_it(world):
    handed, other = assigned(world, to="organisation"), assigned(world)
    manager = phone(world.manager)

    assert manager.get(address(handed)).status_code == 200
    assert manager.get(address(other)).status_code == 404
    day = text_of(manager.get("/field/"))
    assert "网格" not in day.split("tabbar")[1]
    assert "/field/report/" not in day


def test_returning_what_is_not_theirs_leads_back_to_the_list(world):
    case = assigned(world, to="organisation")

    answer = phone(world.manager).post(
        address(case, "return/"), {"text": "公共道路，归城管。"}, follow=True
    )

    assert answer.redirect_chain[0][0] == "/field/cases/?done=return"
    assert "已退回" in text_of(answer)


def test_a_phone_number_is_shown_for_a_purpose_and_can_be_called(world):
    case = assigned(world)
    worker = phone(world.lin)

    masked = text_of(worker.get(address(case)))
    shown = text_of(worker.post(address(case, "contact/"), {"purpose": "visit"}))

    assert "10012345678" not in masked
    assert 'href="tel:10012345678"' in shown


def test_who_neither_has_it_nor_may_reveal_gets_no_number(world):
    case = make_case(world, at=clock.now())
    worker = phone(world.lin)

    assert "联系反映人" not in text_of(worker.get(address(case)))
    assert worker.post(address(case, "contact/"), {"purpose": "visit"}).status_code == 404


def test_my_grids_open_cases_are_found_by_words_and_by_being_late(world):
    other_grid = make_grid(world.community, "第二网格")
    elsewhere = make_building(world.estate, "9号楼", grid=other_grid)
    mine = make_case(world, at=clock.now())
    away = make_case(
        world,
        at=clock.now(),
        where=places.where_of(community_id=world.community.pk, building_id=elsewhere.pk),
        text="电梯坏了",
    )
    worker = phone(world.lin)

    page = text_of(worker.get("/field/cases/"))

    assert mine.title in page
    assert away.title not in page
    assert "没有符合条件的工单。" in text_of(worker.get("/field/cases/?due=late"))


def test_my_page_names_my_posts_and_who_stands_in_for_me(world):
    now = clock.now()
    me, other = (post.holdings.get().account for post in (world.grid_post, world.desk_post))
    stand_in(world.grid_post, me, other, now, now.replace(year=now.year + 1))

    mine, theirs = phone(world.lin).get("/field/me/"), phone(world.desk).get("/field/me/")

    assert "第一网格网格员" in text_of(mine)
    assert "周敏" in text_of(mine)
    assert "替 林岚 代岗" in text_of(theirs)


def test_the_day_is_for_staff_alone(world):
    mei = phone(posts.actor_of(make_resident().id, clock.now()))

    assert {mei.get(one).status_code for one in ("/field/", "/field/cases/", "/field/me/")} == {404}
