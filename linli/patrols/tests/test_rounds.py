"""Notices are taken round, kind words written down, roots proposed once."""

from datetime import timedelta

import pytest

from linli.cases.models import Case, Source
from linli.cases.services.correcting import correct_case
from linli.cases.services.intake import Report, report_case
from linli.cases.tests.makers import make_category
from linli.kernel import outbox
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.patrols.errors import AlreadyDone
from linli.patrols.models import Persuasion, Point, Root, Stop
from linli.patrols.services import persuading, roots, rounds
from linli.patrols.tests.makers import DAY, MONDAY, make_clause, make_walk
from linli.places import selectors as places
from linli.places.models import FacilityFault
from linli.places.services import facilities

pytestmark = pytest.mark.usefixtures("in_home")


def make_round(world, **facts):
    usual = {"area_id": world.grid.pk, "title": "停水通知", "due_on": (MONDAY + DAY).date()}
    return rounds.make_round(**usual | facts, actor=world.lead, now=MONDAY)


def take(world, found, outcomes, actor=None):
    return rounds.take_stops(
        round_id=found.pk, outcomes=outcomes, at=MONDAY, actor=actor or world.lin, now=MONDAY
    )


def test_a_round_goes_to_every_entrance_and_ends_with_the_last():
    world = make_walk()
    found = make_round(world)
    stops = list(Stop.objects.order_by("order"))
    labels = ["天山花园 3号楼 1单元", "天山花园 3号楼 2单元", "天山花园 4号楼"]
    assert [one.label for one in stops] == labels
    found = take(world, found, {stops[0].pk: "given", stops[1].pk: "closed"})
    assert (found.done_count, found.ended_at) == (1, None)
    found = take(world, found, {stops[0].pk: "posted", stops[1].pk: "posted"})
    stops[0].refresh_from_db()
    assert (found.done_count, stops[0].outcome) == (2, "given")
    found = take(world, found, {stops[2].pk: "given"})
    assert (found.done_count, found.ended_at) == (3, MONDAY)
    with pytest.raises(BadInput):
        take(world, found, {stops[2].pk: "lost"})


def test_a_round_that_cannot_be_is_refused():
    world = make_walk()
    for facts in ({"title": " "}, {"due_on": (MONDAY - DAY).date()}):
        with pytest.raises(BadInput):
            make_round(world, **facts)
    with pytest.raises(NotAllowed):
        rounds.make_round(
            area_id=world.grid.pk, title="x", due_on=MONDAY.date(), actor=world.lin, now=MONDAY
        )
    found, stop = make_round(world), Stop.objects.order_by("order").first()
    with pytest.raises(NotFound):
        take(world, found, {stop.pk: "given"}, actor=world.manager)
    rounds.end_round(round_id=found.pk, actor=world.lead, now=MONDAY)
    with pytest.raises(AlreadyDone):
        take(world, found, {stop.pk: "given"})


def test_a_kind_word_names_clause_place_and_outcome_and_nobody():
    world, clause = make_walk(), make_clause()
    where = places.where_of(community_id=world.community.pk, building_id=world.building.pk)
    facts = {
        "clause_id": clause.pk, "where": where, "outcome": "mended", "at": MONDAY, "key": "k",
        "actor": world.lin, "now": MONDAY,
    }  # fmt: skip
    made = persuading.record_persuasion(**facts)
    assert persuading.record_persuasion(**facts) == made
    texts = {
        f.name for f in Persuasion._meta.concrete_fields if f.get_internal_type() == "TextField"
    }
    assert texts == set(), "there is nowhere to write a name"
    for wrong in ({"outcome": "fined"}, {"count": 0}, {"clause_id": new_id()}):
        with pytest.raises(BadInput):
            persuading.record_persuasion(**facts | wrong | {"key": ""})
    with pytest.raises(NotAllowed):
        persuading.record_persuasion(**facts | {"actor": world.desk})


def test_the_third_report_at_a_facilitys_code_proposes_its_root_once():
    world = make_walk()
    code = facilities.code_facility(facility_id=world.hydrant.pk, actor=world.lead, now=MONDAY)
    where = places.where_of_code(places.get_code(code.pk))
    for number in range(4):
        at = MONDAY + number * 9 * DAY
        report_case(
            report=_report(world, where, number), actor=reporter(world.community.tenant_id), now=at
        )
        while outbox.deliver_events(at + timedelta(minutes=1)):
            pass
    root = Root.objects.get()
    assert (root.fault_count, root.facility_id) == (3, world.hydrant.pk)
    root = roots.access.get_root(root.pk, world.lead)
    words = roots.words_of(root)
    assert "90 天里坏了 3 次" in words
    with pytest.raises(NotFound):
        roots.open_root(
            root_id=root.pk, category_id=world.category.pk, text=words, actor=world.lin, now=MONDAY
        )
    secret = make_category("secret", "保密", is_confidential=True)
    with pytest.raises(BadInput):
        roots.open_root(
            root_id=root.pk, category_id=secret.pk, text=words, actor=world.lead, now=MONDAY
        )
    opened = roots.open_root(
        root_id=root.pk, category_id=world.category.pk, text=words, actor=world.lead, now=MONDAY
    )
    assert (opened.state, Case.objects.count()) == ("opened", 5)
    while outbox.deliver_events(MONDAY):
        pass
    assert FacilityFault.objects.count() == 4, "looking for the root is no fault"
    with pytest.raises(AlreadyDone):
        roots.dismiss_root(root_id=root.pk, reason="够了", actor=world.lead, now=MONDAY)


def test_the_fault_of_a_case_that_becomes_confidential_is_forgotten():
    world = make_walk()
    code = facilities.code_facility(facility_id=world.hydrant.pk, actor=world.lead, now=MONDAY)
    where = places.where_of_code(places.get_code(code.pk))
    case, _is_new = report_case(
        report=_report(world, where, 1), actor=reporter(world.community.tenant_id), now=MONDAY
    )
    while outbox.deliver_events(MONDAY):
        pass
    world.hydrant.refresh_from_db()
    assert (world.hydrant.status, FacilityFault.objects.count()) == ("faulty", 1)
    secret = make_category("secret", "保密", is_confidential=True)
    correct_case(case_id=case.pk, category_id=secret.pk, actor=world.lead, now=MONDAY)
    while outbox.deliver_events(MONDAY):
        pass
    world.hydrant.refresh_from_db()
    assert (world.hydrant.status, FacilityFault.objects.count()) == ("in_use", 0)


def _report(world, where, number):
    return Report(
        category_id=world.category.pk, text=f"又漏水了，第 {number} 次", where=where,
        source=Source.SCAN, key=f"k{number}",
    )  # fmt: skip


def test_nobody_is_sent_to_a_facility_that_is_gone():
    world = make_walk()
    there = Point.objects.filter(facility=world.hydrant, ended_on=None)
    assert there.count() == 1
    facilities.end_facility(facility_id=world.hydrant.pk, actor=world.lead, now=MONDAY)
    while outbox.deliver_events(MONDAY + timedelta(minutes=1)):
        pass
    assert there.count() == 0
