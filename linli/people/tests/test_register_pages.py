"""The pages of the register: three taps at a door, cards with counts, nothing shown without a reason."""

import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.field.selectors import day
from linli.field.services import submissions
from linli.kernel import clock, ids, run_files
from linli.kernel.errors import NotFound
from linli.kernel.models import EventRow, Run
from linli.people.models import (
    Fact,
    FieldKind,
    Household,
    Person,
    PersonTag,
    Reveal,
    UpperForm,
)
from linli.people.selectors import collecting as asked
from linli.people.selectors import register as selectors
from linli.people.services import importing
from linli.people.tests.makers import make_home, make_tag, number_of, register
from linli.people.tests.test_import import carry
from linli.places.selectors.homes import get_home

NOW = clock.now()


@pytest.fixture
def door(cast):
    make_tag()
    return make_home(cast.entrance, "501")


@pytest.fixture
def form(cast):
    kinds = {
        "name": {"column": "name"}, "phone": {"column": "phone", "value": "phone", "shelf_days": 365},
        "work": {"value": "choice", "choices": ["在职", "退休"], "shelf_days": 180},
        "pets": {"value": "yes_no", "subject": "household", "shelf_days": 365},
    }  # fmt: skip
    for number, (code, facts) in enumerate(kinds.items()):
        FieldKind.objects.create(
            **{"code": code, "name": code, "subject": "person", "value": "text", "order": number}
            | facts
        )
    return UpperForm.objects.create(
        code="jobs", name="就业表", office="人社", subject="person", fields=["name", "phone", "work"],
        per_year=4,
    )  # fmt: skip


def browser(cast, name):
    return cast.client(name)


def test_a_person_is_registered_at_the_door_in_few_taps(cast, door):
    lin = browser(cast, "lin")
    front = lin.get("/field/people/").content.decode()
    assert "第一网格" in front
    building = reverse("people:field_building", args=[door.building_id])
    assert building in front or "网格" in front
    page = lin.get(reverse("people:field_new_door", args=[door.building_id])).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    sent = {"key": key, "entrance": str(door.entrance_id), "number": "601", "name": "梅小雨",
            "kind": "lives,owns", "phone": "100 0000 0001"}  # fmt: skip
    assert (
        lin.post(
            reverse("people:field_new_door", args=[door.building_id]), sent | {"name": ""}
        ).status_code
        == 422
    )
    for _twice in range(2):
        answer = lin.post(reverse("people:field_new_door", args=[door.building_id]), sent)
        assert answer.status_code == 302
    # At the door that was said, and not at another one of the same stairs.
    assert get_home(Person.objects.get().home_id).number == "601"
    shown = lin.get(answer["Location"]).content.decode()
    assert "梅**" in shown
    assert "梅小雨" not in shown
    assert "登记好了" in shown
    assert "梅**" in lin.get("/field/people/?q=mxy").content.decode()
    assert "没有找到" in lin.get("/field/people/?q=zzz").content.decode()


def test_the_card_hides_and_shows_with_a_reason(cast, door):
    mei = register(door.id, phone="10000000001", id_number=number_of(), actor=cast.lin)
    desk, page = browser(cast, "desk"), reverse("people:desk_person", args=[mei.pk])
    text = desk.get(page).content.decode()
    assert "10000000001" not in text
    assert number_of() not in text
    see = reverse("people:desk_seeing", args=[mei.pk])
    assert desk.post(see, {"purpose": ""}).status_code == 422
    seen = desk.post(see, {"purpose": "visit", "with_id": "on"})
    assert number_of() in seen.content.decode()
    assert seen.headers["Cache-Control"] == "no-store"
    assert Reveal.objects.get().person_id == mei.pk


def test_everything_is_changed_from_the_card(cast, door):
    mei = register(door.id, actor=cast.lin)
    desk = browser(cast, "desk")

    def post(name, sent, *more):
        return desk.post(reverse(f"people:desk_{name}", args=[mei.pk, *more]), sent)

    assert post("tags", {"tag": "elder_alone"}).status_code == 302
    assert post("tags", {"tag": "nothing"}).status_code == 422
    assert post("untagging", {}, "elder_alone").status_code == 302
    assert PersonTag.objects.get().ended_at is not None
    assert post("relatives", {"kind": "child", "name": "梅小小", "phone": "12"}).status_code == 422
    assert post("relatives", {"kind": "child", "name": "梅小小"}).status_code == 302
    mei.refresh_from_db()
    assert post("correction", {"version": mei.version, "phone": "10000000009"}).status_code == 302
    old = post("correction", {"version": 1, "phone": "10000000008"})
    assert "刚才有人改过" in old.content.decode()
    gone = post("leaving", {"home": door.id, "ends_on": "2999-01-01"})
    assert gone.status_code == 422
    assert post("leaving", {"home": door.id, "reason": "work"}).status_code == 302
    assert "不在这里住" in desk.get(reverse("people:desk_person", args=[mei.pk])).content.decode()
    home = desk.get(reverse("people:desk_home", args=[door.id])).content.decode()
    assert "以前" in home
    assert post("death", {"died_on": "2026-03-01"}).status_code == 302


def test_cards_of_grid_and_building_count_by_the_tallies(cast, door, django_assert_max_num_queries):
    for number in range(3):
        register(door.id, f"梅{'一二三'[number]}雨", actor=cast.lin)
    desk = browser(cast, "desk")
    for name, part in (("grid", cast.grid.pk), ("building", door.building_id)):
        with django_assert_max_num_queries(22):
            text = desk.get(reverse(f"people:desk_{name}", args=[part])).content.decode()
        assert "3 人" in text
    with django_assert_max_num_queries(22):
        assert "3 人" in desk.get("/desk/people/").content.decode()


def test_a_check_asks_only_what_is_stale_and_shows_the_age_of_the_rest(cast, door, form):
    mei = register(door.id, phone="10000000001", actor=cast.lin, now=NOW)
    household = Household.objects.get()
    page = reverse("people:field_check", args=[door.id])
    lin = browser(cast, "lin")
    text = lin.get(page).content.decode()
    assert f"f_work_{mei.pk.hex}" in text
    assert f"f_phone_{mei.pk.hex}" not in text  # known today: shown, not asked
    assert "不用再问" in text
    key = re.search(r'name="key" value="([^"]+)"', text)[1]
    sent = {"key": key, "version": household.version, f"p_{mei.pk.hex}": "still",
            f"f_work_{mei.pk.hex}": "退休", "f_pets": "yes"}  # fmt: skip
    assert lin.post(page, sent | {f"f_work_{mei.pk.hex}": "打鱼"}).status_code == 422
    for _twice in range(2):
        answer = lin.post(page, sent)
        assert answer.status_code == 302, answer.context["form"].errors
    facts = {fact.field.code: fact.value for fact in Fact.objects.select_related("field")}
    assert facts == {"work": "退休", "pets": "是"}
    assert EventRow.objects.filter(name="people.household.checked").count() == 1
    items = asked.check_items(*_asked(cast, door, NOW + timedelta(days=200)))
    assert {one.code for one in items} == {f"p_{mei.pk.hex}", f"f_work_{mei.pk.hex}"}


def _asked(cast, door, when):
    people = selectors.persons_of_home(door.id, cast.lin)
    path = door.area_path
    known = asked.known_of_home(Household.objects.get(), people, cast.lin, when, area_path=path)
    return people, known


def test_a_phone_hands_a_check_in_once_and_what_changed_meanwhile_is_shown_not_overwritten(
    cast, door, form
):
    mei = register(door.id, actor=cast.lin)
    (card,) = day.providers()["people"](cast.lin, NOW)
    assert (card.form, card.subject_id) == ("people.check", str(door.id))
    take = submissions.taker("people.check")

    def sent(answers, **facts):
        facts = {"base_version": card.version, "id": ids.new_id()} | facts
        return submissions.Sent(
            kind="people.check", subject_id=door.id, answers=answers, photos=(), made_at=NOW,
            actor=cast.lin, now=NOW, **facts,
        )  # fmt: skip

    work = f"f_work_{mei.pk.hex}"
    first = sent({f"p_{mei.pk.hex}": "still", work: "在职"})
    assert take(first).link == reverse("people:field_home", args=[door.id])
    take(first)  # a second delivery
    assert Fact.objects.get().value == "在职"
    with pytest.raises(submissions.Differs) as differs:
        take(sent({work: "退休"}))
    (difference,) = differs.value.differences
    assert (difference.sent, difference.here) == ("退休", "在职")
    assert Fact.objects.get().value == "在职"
    # The same answer by another one is no conflict; the dead are no surprise.
    take(sent({work: "在职"}))
    phone = f"f_phone_{mei.pk.hex}"
    take(sent({phone: "10000000001"}))
    take(sent({phone: "100-0000-0001"}))  # it is shown masked, and compared in clear
    with pytest.raises(submissions.Differs) as differs:
        take(sent({phone: "10000000991"}))
    assert "10000000001" not in differs.value.differences[0].here
    take(sent({f"p_{mei.pk.hex}": "died"}))
    with pytest.raises(submissions.Differs):
        take(sent({f"p_{mei.pk.hex}": "still"}))
    assert day.providers()["people"](cast.lead, NOW) == []


def test_forms_from_above_are_compiled_and_say_what_they_save(cast, door, form):
    register(door.id, phone="10000000001", actor=cast.lin, now=NOW)
    (saving,) = asked.savings(cast.lead, NOW)
    assert (saving.asked, saving.known, saving.minutes) == (12, 8, 1)
    lead = browser(cast, "lead")
    assert "减负单" in lead.get("/desk/people/forms/").content.decode()
    for purpose, shown in (("", False), ("verify", True)):
        run = lead.post(
            reverse("people:desk_form", args=["jobs"]), {"purpose": purpose, "key": ids.new_id()}
        )
        _carried(run)
        text = _result(run)
        assert ("梅小雨" in text, "10000000001" in text) == (shown, shown)
        assert "窗口登记" in text
    assert Reveal.objects.get().count == 1
    assert lead.post(reverse("people:desk_form", args=["none"])).status_code == 404


def _run(answer):
    return Run.objects.get(pk=answer["Location"].rstrip("/").split("/")[-1])


def _carried(answer):
    assert carry(_run(answer)).state == "done"


def _result(answer):
    run = _run(answer)
    with run_files.open_file(run.result_path) as file:
        if not run.result_name.endswith("xlsx"):
            return file.read().decode("utf-8-sig")
        with zipfile.ZipFile(file) as book:
            return "".join(
                book.read(name).decode() for name in book.namelist() if name.endswith(".xml")
            )


def test_a_list_goes_in_and_out_by_the_pages(cast, door):
    lead = browser(cast, "lead")
    table = "姓名,身份证号,手机号,楼栋,单元,房号\n梅小雨,,10000000001,3号楼,1单元,501\n,,,3号楼,1单元,501\n"
    sent = {"community": cast.community.pk, "file": SimpleUploadedFile("名单.csv", table.encode())}
    kept = lead.post("/desk/people/imports/", sent)
    page = lead.get(kept["Location"]).content.decode()
    assert "各列是什么" in page
    columns = {"c_name": "0", "c_phone": "2", "c_building": "3", "c_entrance": "4", "c_home": "5"}
    assert lead.post(kept["Location"], {"c_phone": "2"}).status_code == 422
    checked = lead.post(kept["Location"], columns)
    page = lead.get(checked["Location"]).content.decode()
    assert "登记 1 人" in page
    assert "没有姓名" in page
    done = lead.post(kept["Location"] + "confirmation/")
    assert "已登记 1 人" in lead.get(done["Location"]).content.decode()
    for kind in ("csv", "xlsx"):
        out = lead.post("/desk/people/export/", {"file_format": kind, "key": ids.new_id()})
        _carried(out)
        assert "梅**" in _result(out)
    full = lead.post(
        "/desk/people/export/", {"file_format": "csv", "purpose": "verify", "key": ids.new_id()}
    )
    _carried(full)
    assert "梅小雨,,,,10000000001,天山花园,3号楼,1单元,501" in _result(full)
    assert Reveal.objects.get().count == 1
    # A reason that is none makes no masked file instead; it says so.
    wrong = {"file_format": "csv", "purpose": "because", "key": ids.new_id()}
    assert lead.post("/desk/people/export/", wrong).status_code == 422
    assert "名单.csv" in lead.get("/desk/people/imports/").content.decode()
    with pytest.raises(NotFound):
        importing.get_import(ids.new_id(), cast.lead)
