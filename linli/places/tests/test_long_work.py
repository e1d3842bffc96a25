"""Long lists and many stickers are runs; short ones are there at once."""

import pytest

from linli.kernel import clock, jobs, runs
from linli.kernel.models import Run
from linli.places.models import Building, PlaceImport
from linli.places.services import long_work
from linli.places.tests.makers import make_code, make_entrance
from linli.places.tests.pages import text_of, to, upload

pytestmark = pytest.mark.django_db


def carry() -> int:
    return jobs.run_jobs(clock.now(), is_external=True, is_long=True)


def uploaded(lead, cast, count: int) -> PlaceImport:
    rows = "\n".join(f"长街花园,有物业小区,{n}号楼" for n in range(1, count + 1))
    sent = {
        "file": upload("楼栋.csv", f"小区,小区类型,楼栋\n{rows}"),
        "source_crs": "wgs84",
        "kind": "buildings",
    }
    lead.post(to("imports", cast.community.pk), sent)
    return PlaceImport.objects.get()


def test_a_long_list_is_put_in_place_by_a_run(cast, lead):
    before = Building.objects.count()
    waiting = uploaded(lead, cast, 301)
    answer = lead.post(to("import_confirm", waiting.pk))
    again = lead.post(to("import_confirm", waiting.pk))
    assert answer["Location"] == again["Location"]
    assert Building.objects.count() == before
    assert carry() == 1
    run = Run.objects.get()
    assert (run.state, run.done_count, answer["Location"]) == ("done", 301, runs.url_of(run))
    assert Building.objects.count() == before + 301
    page = text_of(lead.get(runs.url_of(run)))
    assert to("imports", cast.community.pk) in page
    # Now it is applied, confirming leads back to the list.
    assert "imports" in lead.post(to("import_confirm", waiting.pk))["Location"]


def test_a_short_list_is_put_in_place_at_once(cast, lead):
    waiting = uploaded(lead, cast, 3)
    answer = lead.post(to("import_confirm", waiting.pk))
    assert "done=applied" in answer["Location"]
    assert not Run.objects.exists()


def test_a_long_list_that_has_a_mistake_by_now_changes_nothing_and_says_so(cast, lead):
    waiting = uploaded(lead, cast, 301)
    lead.post(to("import_confirm", waiting.pk))
    # What it names is not known any more.
    PlaceImport.objects.filter(pk=waiting.pk).update(
        rows=[{"number": 2, "cells": {"estate": "新街花园", "building": "1号楼"}, "dates": []}]
    )
    before = Building.objects.count()
    carry()
    run = Run.objects.get()
    assert (run.state, run.error_count) == ("failed", 0)
    assert "1 行不对" in run.message
    assert Building.objects.count() == before


def test_many_stickers_are_asked_about_and_drawn_by_a_run(cast, lead, monkeypatch):
    monkeypatch.setattr(long_work, "FEW_STICKERS", 2)
    for name in ("2单元", "3单元", "4单元"):
        make_code(make_entrance(cast.building, name))
    address = to("stickers", community=cast.community.pk)
    page = text_of(lead.get(address))
    assert "张点位码" in page
    assert "开始制作" in page
    assert not Run.objects.exists()
    answer = lead.post(address)
    assert lead.post(address)["Location"] == answer["Location"]
    assert carry() == 1
    run = Run.objects.get()
    assert (run.state, run.result_type) == ("done", "application/pdf")
    file = b"".join(lead.get(answer["Location"] + "result/").streaming_content)
    assert file.startswith(b"%PDF-")


def test_drawing_can_be_stopped(cast, lead, monkeypatch):
    from linli.kernel import running

    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(long_work, "FEW_STICKERS", 0)
    answer = lead.post(to("stickers", community=cast.community.pk))
    run = Run.objects.get()
    Run.objects.update(cancel_asked_at=clock.now())
    carry()
    run.refresh_from_db()
    assert (run.state, run.result_path) == ("cancelled", "")
    assert answer["Location"] == runs.url_of(run)


def test_who_lost_the_community_draws_nothing(cast):
    run = long_work.start_stickers(
        community=cast.community, estate_id=None, codes=[], title="x", address="http://x",
        actor=cast.lead, now=clock.now(), key="a",
    )  # fmt: skip
    cast.community.ends_on = clock.now().date()
    cast.community.save(update_fields=["ends_on"])
    carry()
    run.refresh_from_db()
    assert run.state == "failed"
