"""The register: people come, move, die, are marked; counted by differences, found by words."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from linli.kernel import events
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.people.errors import AlreadyRegistered, ChangedMeanwhile, IsGone
from linli.people.models import (
    Household,
    Person,
    RegisterTally,
    Residence,
    Reveal,
)
from linli.people.selectors import finding
from linli.people.selectors import register as asked
from linli.people.services import counting, looking, marking, moving
from linli.people.services import register as services
from linli.people.services.register import Stay
from linli.people.tests.makers import REGISTERED, make_home, make_tag, number_of, register
from linli.places.tests.makers import make_building, make_entrance

NOW = REGISTERED
DAY = date(2026, 2, 1)


@pytest.fixture
def door(cast):
    return make_home(cast.entrance, "501")


@pytest.fixture
def next_door(cast):
    return make_home(cast.entrance, "502")


def tallies(**where):
    rows = RegisterTally.objects.filter(**where).exclude(count=0)
    return {(row.figure, row.month): row.count for row in rows}


def test_the_number_tells_birthday_and_sex_and_nobody_reads_it_in_the_table(cast, door):
    mei = register(
        door.id, "梅 小雨", id_number=number_of("19520304"), phone="100-0000-0001", actor=cast.lin
    )
    assert (mei.name, mei.born_on, mei.sex) == ("梅小雨", date(1952, 3, 4), "m")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person WHERE tenant_id = %s", [cast.home.pk])
        written = str(cursor.fetchall())
    assert "梅" not in written
    assert "00000001" not in written
    line = asked.person_lines([mei.pk], cast.lin)[mei.pk]
    assert (line.name_masked, line.sex, line.phone_tail, line.home_label) == (
        "梅**", "男", "0001", f"{cast.estate.name} {cast.building.name} {cast.entrance.name} 501",
    )  # fmt: skip
    assert not line.is_gone
    assert [one.name for one in events.timeline(mei.pk)] == ["people.person.registered"]
    assert "梅" not in str([one.data for one in events.timeline(mei.pk)])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"id_number": number_of()[:17] + "5"}, "id_number"),
        ({"id_number": "12345"}, "id_number"),
        ({"id_number": number_of("19501301")}, "id_number"),
        ({"id_number": number_of("20990101")}, "id_number"),
        ({"id_number": number_of(), "sex": "f"}, "sex"),
        ({"id_number": number_of(), "born_on": date(1951, 1, 1)}, "born_on"),
        ({"phone": "12"}, "phone"),
        ({"name": "3号楼的老王"}, "name"),
        ({"born_on": date(2030, 1, 1)}, "born_on"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(cast, door, facts, field):
    with pytest.raises(BadInput) as refused:
        register(door.id, **{"name": "梅小雨"} | facts, actor=cast.lin)
    assert refused.value.field == field
    assert not Person.objects.exists()


def test_nobody_registers_or_sees_people_of_another_grid(cast, door):
    other = make_home(make_entrance(make_building(cast.estate, "9号楼")), "101")
    with pytest.raises(NotAllowed):
        register(other.id, actor=cast.lin)
    there = register(other.id, actor=cast.lead)
    assert asked.find_person(there.pk, cast.lin) is None
    assert asked.find_person(there.pk, cast.lead)
    assert asked.search("梅小雨", cast.lin).lines == []
    assert [one.id for one in asked.search("梅小雨", cast.lead).lines] == [there.pk]
    with pytest.raises(NotFound):
        asked.get_person(there.pk, cast.lin)
    with pytest.raises(NotAllowed):
        asked.search("梅小雨", cast.officer)
    for change in (
        lambda: services.correct_person(person_id=there.pk, facts={}, actor=cast.lin, now=NOW),
        lambda: services.record_death(person_id=there.pk, died_on=DAY, actor=cast.lin, now=NOW),
        lambda: looking.reveal_person(person_id=there.pk, purpose="visit", actor=cast.lin, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_the_same_number_is_not_registered_twice_and_the_place_is_told_to_who_may_know(cast, door):
    other = make_home(make_entrance(make_building(cast.estate, "9号楼")), "101")
    register(other.id, id_number=number_of(), actor=cast.lead)
    with pytest.raises(AlreadyRegistered, match="在别的社区或网格"):
        register(door.id, id_number=number_of(), actor=cast.lin)
    with pytest.raises(AlreadyRegistered, match="9号楼"):
        register(door.id, id_number=number_of(), actor=cast.lead)


def test_sending_twice_registers_once(cast, door):
    facts = services.PersonFacts(name="梅小雨")
    sent = {"home_id": door.id, "stay": Stay(), "actor": cast.lin, "now": NOW, "key": "k"}
    first = services.register_person(facts=facts, **sent)
    assert services.register_person(facts=facts, **sent) == first
    with pytest.raises(Conflict):
        services.register_person(facts=services.PersonFacts(name="梅大雨"), **sent)


@pytest.mark.parametrize(
    "words",
    ["梅小雨", "小雨", "mxy", "mx", "0001", "10000000001", "3号楼 梅", "501 mxy", "梅小雨 1单元"],
)
def test_people_are_found_by_name_initials_phone_and_address(cast, door, words):
    mei = register(door.id, phone="10000000001", actor=cast.lin)
    register(door.id, "林大山", actor=cast.lin)
    for actor in (cast.lin, cast.lead):
        assert [one.id for one in asked.search(words, actor).lines] == [mei.pk]


def test_people_are_found_by_their_number_whole_and_by_nothing_that_is_empty(cast, door):
    mei = register(door.id, id_number=number_of(), actor=cast.lin)
    assert [one.id for one in asked.search(number_of(), cast.lin).lines] == [mei.pk]
    for words in ("", "，。", "梅大雨", "4号楼 梅", "9999"):
        assert asked.search(words, cast.lin).lines == []


def test_searching_costs_few_queries(cast, door, django_assert_max_num_queries, monkeypatch):
    for number in range(12):
        register(door.id, f"梅{'一二三四五六七八九十百千'[number]}雨", actor=cast.lin)
    asked.search("梅", cast.lin)
    with django_assert_max_num_queries(6):  # five on SQLite
        assert len(asked.search("梅", cast.lin).lines) == 12
    # Those entered last come first, whether they are among those looked at first or not.
    every = finding.find_ids("梅", cast.lin)
    for near, most in ((3, 12), (12, 5), (3, 2)):
        monkeypatch.setattr(finding, "NEAR", near)
        assert finding.find_ids("梅", cast.lin, most=most) == every[:most]
    assert finding.find_ids("一雨", cast.lin) == every[-1:]


def test_moving_leaves_the_old_home_and_both_homes_remember(cast, door, next_door):
    mei = register(door.id, actor=cast.lin)
    stay = Stay(kinds=("rents",), starts_on=DAY, reason="rent")
    moved = moving.move_in(
        person_id=mei.pk, home_id=next_door.id, stay=stay, actor=cast.lin, now=NOW
    )
    assert (moved.home_id, moved.state, moved.version) == (next_door.id, "here", 2)
    rows = Residence.objects.order_by("id").values_list("home_id", "kind", "ends_on")
    assert list(rows) == [(door.id, "lives", DAY), (next_door.id, "rents", None)]
    assert asked.persons_of_home(door.id) == []
    assert [one.id for one in asked.persons_of_home(next_door.id)] == [mei.pk]
    # The same again, as a phone sends it that had no answer, changes nothing.
    again = moving.move_in(
        person_id=mei.pk, home_id=next_door.id, stay=stay, actor=cast.lin, now=NOW
    )
    assert again.version == 2
    assert asked.search("502 梅小雨", cast.lin).lines
    assert not asked.search("501 梅小雨", cast.lin).lines
    assert [one.version for one in Household.objects.order_by("home_id")] == [3, 2]


def test_an_owner_who_moves_out_stays_known_as_the_owner(cast, door):
    owner = register(door.id, stay=Stay(kinds=("lives", "owns"), starts_on=DAY), actor=cast.lin)
    with pytest.raises(BadInput):
        moving.move_out(
            person_id=owner.pk,
            home_id=door.id,
            ends_on=DAY - timedelta(days=1),
            actor=cast.lin,
            now=NOW,
        )
    out = moving.move_out(person_id=owner.pk, home_id=door.id, ends_on=DAY, reason="work",
                          place_to="外地", actor=cast.lin, now=NOW)  # fmt: skip
    assert out.state == "away"
    kinds = Residence.objects.filter(ended_at=None).values_list("kind", flat=True)
    assert list(kinds) == ["owns"]
    assert tallies() == {("in", "2026-02"): 1, ("out", "2026-02"): 1}


def test_counts_follow_every_change(cast, door, next_door):
    make_tag()
    mei = register(door.id, stay=Stay(kinds=("rents",), starts_on=DAY), actor=cast.lin)
    child = register(
        door.id, "梅小小", stay=Stay(starts_on=DAY, reason="birth"), born_on=DAY, actor=cast.lin
    )
    marking.tag_person(person_id=mei.pk, code="elder_alone", actor=cast.lin, now=NOW)
    building = {"building_id": door.building_id}
    assert tallies(**building, month="") == {
        ("people", ""): 2, ("homes", ""): 1, ("rents", ""): 1, ("tag:elder_alone", ""): 1,
    }  # fmt: skip
    assert tallies(**building, month="2026-02") == {("in", "2026-02"): 1, ("born", "2026-02"): 1}
    services.record_death(person_id=mei.pk, died_on=date(2026, 3, 1), actor=cast.lin, now=NOW)
    assert tallies(**building, month="") == {("people", ""): 1, ("homes", ""): 1}
    stay = Stay(starts_on=date(2026, 3, 1))
    moving.move_in(person_id=child.pk, home_id=next_door.id, stay=stay, actor=cast.lin, now=NOW)
    assert tallies(**building, month="") == {("people", ""): 1, ("homes", ""): 1}
    assert tallies(**building, month="2026-03") == {
        ("died", "2026-03"): 1, ("out", "2026-03"): 1, ("in", "2026-03"): 1,
    }  # fmt: skip
    before = tallies(**building)
    counting.recount()
    assert tallies(**building) == before


def test_the_dead_stay_known_and_are_not_changed(cast, door):
    mei = register(door.id, actor=cast.lin)
    for _twice in range(2):
        services.record_death(person_id=mei.pk, died_on=DAY, actor=cast.lin, now=NOW)
    assert [one.name for one in events.timeline(mei.pk)].count("people.person.died") == 1
    with pytest.raises(IsGone):
        services.correct_person(person_id=mei.pk, facts={"name": "梅大雨"}, actor=cast.lin, now=NOW)
    line = asked.search("梅小雨", cast.lin).lines[0]
    assert (line.is_gone, line.state_label) == (True, "已故")


def test_who_corrects_an_old_page_is_told_and_what_is_said_again_counts_as_seen(cast, door):
    mei = register(door.id, actor=cast.lin)
    later = NOW + timedelta(days=30)
    fixed = services.correct_person(
        person_id=mei.pk, facts={"phone": "10000000009"}, version=1, actor=cast.lin, now=later
    )
    assert (fixed.version, fixed.phone_tail, fixed.checked_at) == (2, "0009", later)
    with pytest.raises(ChangedMeanwhile):
        services.correct_person(
            person_id=mei.pk, facts={"phone": ""}, version=1, actor=cast.lin, now=later
        )
    assert asked.search("0009", cast.lin).lines


def test_sensitive_tags_ask_for_a_right_of_their_own(cast, door):
    make_tag("disabled", "残疾", is_sensitive=True)
    mei = register(door.id, actor=cast.lin)
    with pytest.raises(NotAllowed):
        marking.tag_person(person_id=mei.pk, code="disabled", actor=cast.lin, now=NOW)
    for _twice in range(2):
        marking.tag_person(person_id=mei.pk, code="disabled", actor=cast.desk, now=NOW)
    assert asked.get_person(mei.pk, cast.lin).line.tags == ()
    assert [str(one) for one in asked.get_person(mei.pk, cast.desk).line.tags] == ["残疾"]
    assert "disabled" not in str([one.data for one in events.timeline(mei.pk)])
    with pytest.raises(BadInput):
        marking.tag_person(person_id=mei.pk, code="none", actor=cast.desk, now=NOW)


def test_seeing_somebody_in_full_asks_why_and_leaves_a_row(cast, door):
    mei = register(door.id, phone="10000000001", id_number=number_of(), actor=cast.lin)
    with pytest.raises(BadInput):
        looking.reveal_person(person_id=mei.pk, purpose="", actor=cast.desk, now=NOW)
    seen = looking.reveal_person(person_id=mei.pk, purpose="visit", actor=cast.desk, now=NOW)
    assert (seen.name, seen.phone, seen.id_number) == ("梅小雨", "10000000001", "")
    seen = looking.reveal_person(
        person_id=mei.pk, purpose="visit", parts=("contact", "id"), actor=cast.desk, now=NOW
    )
    assert seen.id_number == number_of()
    rows = Reveal.objects.order_by("id").values_list("person_id", "account_id", "parts")
    who = cast.desk.account_id
    assert list(rows) == [(mei.pk, who, "contact"), (mei.pk, who, "contact,id")]


def test_relations_lead_to_people_of_the_register_or_to_a_name_and_phone(cast, door):
    mei, lin = register(door.id, actor=cast.lin), register(door.id, "林大山", actor=cast.lin)
    other = marking.Other(kind="spouse", person_id=lin.pk, is_contact=True)
    marking.add_relation(person_id=mei.pk, other=other, actor=cast.lin, now=NOW)
    daughter = marking.Other(kind="child", name="梅 小小", phone="100 0000 0007", is_contact=True)
    row = marking.add_relation(person_id=mei.pk, other=daughter, actor=cast.lin, now=NOW)
    assert (row.name, row.phone) == ("梅小小", "10000000007")
    marking.end_relation(relation_id=row.pk, actor=cast.lin, now=NOW)
    for wrong in (marking.Other(kind="spouse"), marking.Other(kind="boss", name="王二")):
        with pytest.raises(BadInput):
            marking.add_relation(person_id=mei.pk, other=wrong, actor=cast.lin, now=NOW)
    unknown = marking.Other(kind="spouse", person_id=uuid4())
    with pytest.raises(NotFound):
        marking.add_relation(person_id=mei.pk, other=unknown, actor=cast.lin, now=NOW)
