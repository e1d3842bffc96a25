"""People entered twice are looked at side by side, made one, and parted when it was a mistake."""

import pytest
from django.urls import reverse

from linli.kernel import clock
from linli.kernel.actor import Actor, ActorKind, Grant
from linli.kernel.errors import NotFound
from linli.people.models import Duplicate, Merge
from linli.people.selectors import register as selectors
from linli.people.services import merging
from linli.people.tests.makers import make_home, number_of, register
from linli.people.tests.test_register import tallies
from linli.people.tests.test_register_pages import browser, door

__all__ = ["door"]
NOW = clock.now()


def test_two_records_of_one_person_are_seen_side_by_side_and_merged_and_parted(cast, door):
    other = make_home(cast.entrance, "502")
    first = register(door.id, phone="10000000001", actor=cast.lead)
    second = register(other.id, phone="10000000001", id_number=number_of(), actor=cast.lead)
    pair = Duplicate.objects.get()
    assert (pair.first_id, pair.second_id, pair.reason) == (first.pk, second.pk, "phone")
    desk = browser(cast, "desk")
    assert "姓名和电话相同" in desk.get("/desk/people/duplicates/").content.decode()
    page = reverse("people:desk_pair", args=[pair.pk])
    assert "先登记的" in desk.get(page).content.decode()
    desk.post(reverse("people:desk_tags", args=[second.pk]), {"tag": "elder_alone"})
    stale = {"keep": "first", "first": first.version, "second": second.version}
    assert desk.post(page, stale).status_code == 409  # the tag came after that look
    second.refresh_from_db()
    assert f'value="{second.version}"' in desk.get(page).content.decode()
    assert desk.post(page, stale | {"second": second.version}).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.id_number, second.state, second.merged_into_id) == (
        number_of(),
        "merged",
        first.pk,
    )
    assert [str(one) for one in selectors.get_person(first.pk, cast.lead).line.tags] == ["独居老人"]
    assert [one.id for one in selectors.search("梅小雨", cast.lead).lines] == [first.pk]
    assert tallies(month="")["people", ""] == 1
    assert "已合并" in desk.get(reverse("people:desk_person", args=[second.pk])).content.decode()
    merge = Merge.objects.get()
    for _twice in range(2):
        merging.part_people(merge_id=merge.pk, actor=cast.desk, now=NOW)
    second.refresh_from_db()
    assert second.state == "here"
    assert tallies(month="")["people", ""] == 2
    assert len(selectors.search("梅小雨", cast.lead).lines) == 2


def test_two_who_are_two_stay_two(cast, door):
    register(door.id, phone="10000000001", actor=cast.lead)
    register(door.id, phone="10000000001", actor=cast.lead)
    pair = Duplicate.objects.get()
    browser(cast, "desk").post(reverse("people:desk_pair", args=[pair.pk]), {"keep": "apart"})
    pair.refresh_from_db()
    assert pair.state == "different"
    assert browser(cast, "desk").get("/desk/people/duplicates/").content.decode().count("梅**") == 0
    there = Actor(cast.home.pk, ActorKind.STAFF, grants=(Grant("people.register", "1/"),))
    with pytest.raises(NotFound):
        merging.keep_apart(duplicate_id=pair.pk, actor=there, now=NOW)
