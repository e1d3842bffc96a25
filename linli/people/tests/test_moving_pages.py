"""Moving at the desk and at the door: who comes, who goes together, and what was wrong is taken back."""

import pytest
from django.urls import reverse

from linli.kernel import clock
from linli.people.models import Merge, Person, Relation, Residence
from linli.people.services import marking, merging
from linli.people.services.register import Stay
from linli.people.tests.makers import make_home, number_of, register
from linli.places.tests.makers import make_building, make_entrance

NOW = clock.now()


@pytest.fixture
def door(cast):
    return make_home(cast.entrance, "501")


@pytest.fixture
def far(cast):
    """A home of the same community that belongs to no grid."""
    building = make_building(cast.estate, "7号楼")
    return make_home(make_entrance(building, "7单元"), "102")


def address(name, home_id, door="field"):
    return reverse(f"people:{door}_{name}", args=[home_id])


def test_somebody_comes_to_a_home_found_here_or_by_name_and_number(cast, door, far):
    mei = register(make_home(cast.entrance, "401").id, actor=cast.lin)
    zhang = register(far.id, "张大山", id_number=number_of(), actor=cast.desk)
    lin, page = cast.client("lin"), address("arrival", door.id)
    hits = lin.get(f"{page}?q=mxy").content.decode()
    assert f"?person={mei.pk}" in hits
    assert "梅**" in lin.get(f"{page}?person={mei.pk}").content.decode()
    sent = {"person": str(mei.pk), "kind": "rents", "starts_on": "2026-03-01", "reason": "rent"}
    answer = lin.post(page, sent)
    assert answer["Location"] == address("home", door.id) + "?done=arrived"
    assert Person.objects.get(pk=mei.pk).home_id == door.id
    # Whoever is registered elsewhere is no hit, and comes with name and number only.
    assert str(zhang.pk) not in lin.get(f"{page}?q=zds").content.decode()
    assert lin.post(page, {"person": str(zhang.pk), "kind": "lives"}).status_code == 404
    for wrong in ({}, {"id_number": number_of()}, {"name": "张小山", "id_number": number_of()}):
        assert lin.post(page, {"kind": "lives", **wrong}).status_code == 422
    known = {"kind": "lives", "name": "张大山", "id_number": number_of()}
    assert lin.post(page, known).status_code == 302
    assert Person.objects.get(pk=zhang.pk).home_id == door.id


def test_a_household_moves_together_and_some_of_it_leaves(cast, door, far):
    head = Stay(kinds=("lives", "owns"), relation="head")
    mei = register(door.id, stay=head, actor=cast.lin)
    child = register(door.id, "梅小小", stay=Stay(relation="child"), actor=cast.lin)
    cast_desk, page = cast.client("desk"), address("moving", door.id, "desk")
    assert cast_desk.get(page).content.decode().count(" checked>") >= 2
    sent = {"people": [str(mei.pk), str(child.pk)], "way": "here", "kind": "lives",
            "community": str(cast.community.pk), "building": "7号楼", "number": "103",
            "moved_on": "2026-03-01"}  # fmt: skip
    assert cast_desk.post(page, sent | {"building": "70号楼"}).status_code == 422
    assert cast_desk.post(page, sent | {"people": []}).status_code == 422
    moved = cast_desk.post(page, sent)
    now = Residence.objects.filter(ended_at=None).order_by("id")
    there = Person.objects.get(pk=mei.pk).home_id
    assert moved["Location"].startswith(address("home", there, "desk"))
    assert [(one.home_id, one.kind, one.relation) for one in now] == [
        (door.id, "owns", ""), (there, "lives", "head"), (there, "lives", "child"),
    ]  # fmt: skip
    gone = {"people": [str(child.pk)], "way": "elsewhere", "place_to": "外地"}
    assert cast_desk.post(address("moving", there, "desk"), gone).status_code == 302
    assert Person.objects.get(pk=child.pk).state == "away"
    again = cast_desk.get(reverse("people:desk_person", args=[child.pk])).content.decode()
    assert f"{address('arrival', there, 'desk')}?person={child.pk}" in again


def test_a_grid_worker_moves_nobody_into_anothers_grid(cast, door, far):
    mei = register(door.id, actor=cast.lin)
    sent = {"people": [str(mei.pk)], "way": "here", "kind": "lives",
            "community": str(cast.community.pk), "building": "7号楼"}  # fmt: skip
    page = address("moving", door.id)
    refused = cast.client("lin").post(page, sent | {"number": "102"})
    assert refused.status_code == 422
    assert "不归您登记" in refused.content.decode()
    assert cast.client("lin").post(page, sent | {"number": "109"}).status_code == 404
    assert Person.objects.get(pk=mei.pk).home_id == door.id


@pytest.mark.parametrize("side", ["desk", "field"])
def test_a_relation_is_ended_and_a_merge_undone_where_one_looks_for_it(cast, door, side):
    first, second = (register(door.id, actor=cast.lin) for _each in range(2))
    other = marking.Other(kind="child", name="梅小小")
    kin = marking.add_relation(person_id=first.pk, other=other, actor=cast.lin, now=NOW)
    merge = merging.merge_people(kept_id=first.pk, gone_id=second.pk, actor=cast.lin, now=NOW)
    lin, page = cast.client("lin"), reverse(f"people:{side}_person", args=[first.pk])
    shown = lin.get(page).content.decode()
    ending = reverse(f"people:{side}_unrelating", args=[first.pk, kin.pk])
    parting = reverse(f"people:{side}_parting", args=[merge.pk])
    assert ending in shown
    assert parting in shown
    assert parting in lin.get(page.replace(str(first.pk), str(second.pk))).content.decode()
    assert (
        reverse("people:desk_parting", args=[merge.pk])
        in lin.get("/desk/people/duplicates/").content.decode()
    )
    assert lin.post(ending)["Location"] == page
    assert Relation.objects.get().ended_at is not None
    assert lin.post(parting)["Location"] == reverse(f"people:{side}_person", args=[second.pk])
    assert Merge.objects.get().undone_at is not None
    assert parting not in lin.get(page).content.decode()
