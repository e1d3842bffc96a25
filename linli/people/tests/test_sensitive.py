"""What a blueprint calls sensitive is seen where the right to it holds, and nowhere else."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from linli.kernel import clock
from linli.kernel.actor import Actor, ActorKind, Grant
from linli.kernel.records import Record
from linli.people.models import Fact, FieldKind, Household, UpperForm
from linli.people.selectors import checking, collecting, people_card
from linli.people.selectors import households as cards
from linli.people.services import compiling, exporting, marking
from linli.people.services import register as register_services
from linli.people.services.import_reading import PeopleReader
from linli.people.services.looking import InFull
from linli.people.tests.makers import make_home, make_tag, number_of, register
from linli.places.tests.makers import make_building, make_entrance

NOW = clock.now()


@pytest.fixture
def town(cast):
    """Two homes with an ill person in each: one in Lin's grid, one in no grid; a reader of the grid's."""
    make_tag("ill", "长期患病", is_sensitive=True)
    field = FieldKind.objects.create(
        code="illness", name="什么病", subject="person", value="text", is_sensitive=True
    )
    UpperForm.objects.create(
        code="ill", name="患病表", office="卫健", subject="person", fields=["illness"]
    )
    far = make_home(make_entrance(make_building(cast.estate, "7号楼"), "1单元"), "101")
    near = make_home(cast.entrance, "501")
    keeper = Actor(
        cast.home.pk, ActorKind.STAFF,
        grants=(
            Grant("people.register", cast.community.path),
            Grant("people.sensitive", cast.grid.path),
        ),
    )  # fmt: skip
    people = [register(home.id, actor=cast.lead) for home in (near, far)]
    whole = Actor(
        cast.home.pk, ActorKind.STAFF,
        grants=(Grant("people.register", ""), Grant("people.sensitive", "")),
    )  # fmt: skip
    for person in people:
        marking.tag_person(person_id=person.pk, code="ill", actor=whole, now=NOW)
        Fact.objects.create(person=person, field=field, value="咳嗽", known_at=NOW, source="desk")
    return SimpleNamespace(near=near, far=far, keeper=keeper, people=people)


def test_fields_of_a_door_are_those_of_its_place(town):
    asked = [
        [one.code for one in checking.check_of(home, town.keeper, NOW)[1]]
        for home in (town.near, town.far)
    ]
    assert [bool(one) for one in asked] == [True, False]
    assert Household.objects.count() == 2


def test_names_and_counts_of_tags_are_those_of_their_place(cast, town):
    for home, seen in ((town.near, True), (town.far, False)):
        assert bool(people_card.tag_choices(town.keeper, home.area_path)) is seen
        building = cards.building_in_scope(home.building_id, town.keeper)
        counts = cards.counts_of_buildings([building], town.keeper, NOW.date())[home.building_id]
        assert counts.tags == ((("长期患病", 1),) if seen else ())
    (grid,) = cards.grid_cards(town.keeper, NOW.date())
    assert grid.counts.tags == (("长期患病", 1),)
    assert cards.counts_of_scope(town.keeper, NOW.date()).tags == ()


@pytest.mark.parametrize(("tag", "rows"), [("", 2), ("ill", 1)])
def test_a_form_for_several_areas_shows_each_row_what_may_be_seen_there(town, tag, rows):
    form = UpperForm.objects.get()
    form.tag_code = tag
    fields = collecting.fields_of(town.keeper, None)
    shown = InFull(town.keeper, is_asked=True)
    found = list(compiling._rows(form, fields, town.keeper, NOW, shown))
    assert len(found) == rows
    assert {row[0]: row[1] for row in found if row[1]} == {town.near.label: "咳嗽"}


def test_a_list_in_full_is_in_full_only_where_each_part_may_be_seen(cast, town):
    for person, order in zip(town.people, ("021", "022"), strict=True):
        facts = {"id_number": number_of(order=order), "phone": "10012345678"}
        register_services.correct_person(person_id=person.pk, facts=facts, actor=cast.lead, now=NOW)
    grants = (*town.keeper.grants, Grant("people.reveal", cast.community.path))
    keeper, near = replace(town.keeper, grants=grants), number_of(order="021")
    by_number = InFull(keeper, is_asked=True)
    rows = list(exporting._rows(keeper, by_number))
    assert {row[4] for row in rows} == {"10012345678"}  # both phones, and one identity number
    assert sorted(row[1] == near for row in rows) == [False, True]
    assert sorted(str(row[3]) for row in rows) == ["1950", "1950-01-01"]
    elsewhere = InFull(town.keeper, is_asked=True)
    assert {row[0] for row in exporting._rows(town.keeper, elsewhere)} == {"梅**"}
    assert (by_number.count, elsewhere.count) == (2, 0)

    columns = ["name", "phone", "id_number"]
    fields = [FieldKind(code=one, name=one, subject="person", column=one) for one in columns]
    form, shown = UpperForm.objects.get(), InFull(keeper, is_asked=True)
    cells = list(compiling._rows(form, fields, keeper, NOW, shown))
    assert {(row[1], row[3]) for row in cells} == {("梅小雨", "10012345678")}
    assert sorted(row[5] == near for row in cells) == [False, True]


def test_a_list_gives_sensitive_tags_only_where_they_may_be_given(cast, town):
    names = ("name", "id_number", "building", "entrance", "home", "tags")
    columns = {name: at for at, name in enumerate(names)}
    reader = PeopleReader(
        columns=columns, community_id=cast.community.pk, makes_homes=False, actor=town.keeper,
        today=NOW.date(),
    )  # fmt: skip
    plans = reader.read([
        Record(2, ("张一", number_of(order="011"), "3号楼", "1单元", "501", "长期患病")),
        Record(3, ("张二", number_of(order="012"), "7号楼", "1单元", "101", "长期患病")),
    ])  # fmt: skip
    assert [plan.status for plan in plans] == ["new", "wrong"]
