"""Whose pages these are: to everybody else they are not there."""

from datetime import date

import pytest
from django.urls import resolve

from linli.places import services, urls
from linli.places.models import Area, Building, PlaceCode, PlaceImport
from linli.places.tests.makers import make_code, make_facility, make_grid_plan, manager
from linli.places.tests.pages import text_of, to


def every_page(cast, waiting) -> list[str]:
    facility, (plan, planned) = make_facility(cast.community), make_grid_plan(cast.community)
    f, p = facility.pk, plan.pk
    c, e, b, d = cast.community.pk, cast.estate.pk, cast.building.pk, cast.entrance.pk
    g, k, i = cast.grid.pk, cast.code.pk, waiting.pk
    return [
        to("community", c), to("community_edit", c), to("estate_new", c), to("standalone", c),
        to("estate", e), to("estate_edit", e), to("estate_end", e), to("building_new", c),
        to("building", b), to("entrances", b), to("building_end", b), to("entrance", d),
        to("homes", d), to("entrance_end", d), to("grids", c), to("grid_new", c), to("grid", g),
        to("boundary", g), to("grid_buildings", g), to("grid_end", g), to("codes", c),
        to("codes_new", c), to("code_spot", c), to("stickers", estate=e), to("stickers", community=c),
        to("stickers", code=k), to("code", k), to("code_end", k), to("code_replacement", k),
        to("poster", k), to("imports", c), to("import", i), to("import_confirm", i),
        to("import_discard", i), to("export", c, "grids", "geojson"),
        to("table", c, "houses"), to("area", c), to("area_end", c),
        to("area_new", parent=c), to("facilities", c), to("facility_new", c),
        to("facility_targets", c), to("facility", f), to("facility_edit", f), to("facility_code", f),
        to("facility_end", f), to("plans", c), to("plan", p), to("plan_move", p),
        to("plan_grid", p, planned.pk), to("plan_schedule", p), to("plan_withdraw", p),
        to("plan_discard", p),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["away_lead", "lin", "desk", "property", "mei"])
def test_nobody_else_finds_any_of_these_pages(cast, who):
    raw = services.read_file("buildings", "x.csv", "小区,楼栋\n天山花园,9号楼".encode())
    waiting = services.prepare_import(
        community_id=cast.community.pk, file_name="x.csv", raw=raw,
        actor=manager(), now=cast.code.created_at,
    )  # fmt: skip
    browser = cast.client(who)
    for address in every_page(cast, waiting):
        for answer in (
            browser.get(address),
            browser.post(address, {"name": "x", "kind": "company"}),
        ):
            assert answer.status_code in (404, 405), (address, answer.status_code)
    assert not Building.objects.filter(name="9号楼").exists()
    assert PlaceImport.objects.filter(applied_at=None).count() == 1
    assert Area.objects.get(pk=cast.grid.pk).ends_on is None
    assert PlaceCode.objects.filter(ended_at=None).count() == 1


def test_every_address_of_the_room_is_in_that_walk(cast):
    names = {pattern.name for pattern in urls.urlpatterns}

    walked = {
        resolve(address.partition("?")[0]).url_name
        for address in every_page(cast, waiting=cast.code)  # any id will do
    }
    assert names - walked == {"index", "areas"}


def test_without_signing_in_there_is_only_the_door(cast, client):
    answer = client.get(to("community", cast.community.pk))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_the_index_is_not_there_for_a_post_without_the_duty(cast):
    assert cast.client("lin").get(to("index")).status_code == 404


def test_the_rail_shows_the_room_to_those_who_keep_it(cast, lead):
    assert "小区与点位码" in text_of(lead.get(to("community", cast.community.pk)))


def test_an_ended_community_is_gone(cast, lead):
    Area.objects.filter(pk=cast.community.pk).update(ends_on=date(2026, 1, 1))
    assert lead.get(to("community", cast.community.pk)).status_code == 404
    make_code(cast.community, "home-999999")
