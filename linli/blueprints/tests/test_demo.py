"""The demo: a few days are lived through the services that people use, and can be lived again."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.apps import apps

from linli.blueprints import selectors
from linli.blueprints.demo import drawing, words
from linli.blueprints.rules import read
from linli.blueprints.services import demo
from linli.cases import selectors as cases
from linli.cases.selectors.search import find_ids
from linli.cases.services.indexing import recount
from linli.clients.models import ApiKey, Webhook, WebhookDelivery
from linli.kernel import seals, tenancy
from linli.kernel.actor import system
from linli.kernel.models import EventRow, Tenant
from linli.people import services as people
from linli.posts import selectors as posts

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


@pytest.fixture
def world(db):
    """Return ten days of a community, its tenant set."""
    blueprint = read(selectors.get_library_text("pingan"), "pingan.yaml")
    made = demo.live_in(blueprint, now=NOW, days=10, share=2)
    with tenancy.tenant(made.tenant.pk):
        yield made


def test_days_are_lived_through_the_services_and_again(world, monkeypatch):
    names = Counter(EventRow.objects.values_list("name", flat=True))
    assert names["cases.case.reported"] >= 15
    assert names["cases.case.resolved"] >= 5
    assert names["publishing.article.released"] >= 6  # guides, notices, cases
    assert {"cases.case.taken", "cases.case.closed", "posts.holding.started"} <= set(names)
    assert sum(world.refused.values()) <= 2, world.refused
    assert names["cases.followups.sampled"] >= 1
    check_order(world)
    check_nothing_is_left_for_the_worker(world)
    check_counts_are_those_of_a_recount(world)
    check_a_case_is_found_by_its_words(world)
    check_doors_and_accounts(world)
    check_other_systems_are_connected(world)
    check_it_can_be_made_anew(world, monkeypatch)


def check_order(world):
    """Every case's steps lie in the order in which they happened."""
    for subject in EventRow.objects.values_list("subject_id", flat=True).distinct():
        moments = EventRow.objects.filter(subject_id=subject).order_by("id")
        assert all(a <= b for a, b in pairwise(moments.values_list("happened_at", flat=True)))


def check_other_systems_are_connected(world):
    assert ApiKey.objects.count() >= 2
    assert ApiKey.objects.exclude(used_at=None).exists()
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) >= {"delivered"}
    assert Webhook.objects.get().paused_at is not None  # nothing leaves the demo


def check_nothing_is_left_for_the_worker(world):
    assert not EventRow.objects.filter(delivered_at=None).exists()
    assert not EventRow.objects.filter(seal=None).exists()
    assert list(seals.verify()) == []


def check_counts_are_those_of_a_recount(world):
    tally = apps.get_model("cases", "QueueTally")

    def counted():
        return set(tally.objects.exclude(count=0).values_list("state", "is_confidential", "count"))

    before = counted()
    recount()
    assert before == counted()


def check_a_case_is_found_by_its_words(world):
    ids = find_ids("盛世", community_ids=None)
    assert ids
    assert ids == sorted(ids, reverse=True)
    assert "盛世豪庭" in cases.get_case(ids[0], system(world.tenant.pk)).place_label


def check_doors_and_accounts(world):
    assert posts.vacant_posts("", NOW) == []
    found = people.sign_in(login="jh-desk", password="linli-demo-2026", address="", now=NOW)
    assert found is not None
    head, *rows = selectors.demo_doors()
    assert head == ("社区", "谁", "打开", "账号", "密码")
    assert rows[0][2].startswith("/s/jh-")
    assert ("金湖县平安路社区", "受理岗", "/desk/", "jh-desk", "linli-demo-2026") in rows


def check_it_can_be_made_anew(world, monkeypatch):
    blueprint = read(selectors.get_library_text("pingan"), "pingan.yaml")
    told: list[str] = []

    def install_demo(*, now, progress):
        return [demo.live_in(blueprint, now=now, days=2, share=1)]

    monkeypatch.setattr(demo, "install_demo", install_demo)
    made = demo.reset_demo(now=NOW, progress=told.append)
    assert told == ["清除示例：金湖县"]
    assert Tenant.objects.count() == 1
    assert made[0].tenant.pk != world.tenant.pk
    assert not EventRow.objects.exists()  # of the old tenant, which is still set here


def test_without_a_demo_there_are_no_doors(db):
    assert selectors.demo_doors() == []


def test_all_categories_of_the_five_have_voices_and_scenes_are_drawn():
    for blueprint in selectors.library_blueprints():
        assert {c.code for c in blueprint.cases.categories} <= set(words.voices())
    assert sum(len(voice.says) for voice in words.voices().values()) >= 120
    for voice in words.voices().values():
        for kind, pool in (("done", voice.done), ("goes", voice.goes)):
            marks = voice.fits[kind].split()
            assert len(marks) == len(voice.says)
            assert {int(mark) for mark in marks if mark != "-"} <= set(range(len(pool)))
    noise = words.voices()["noise"]  # nobody mends a saw with felt under chairs
    assert noise.ending("12 号楼下面的门面切割不锈钢，吱吱响了三天。") == tuple(
        words.manners()["done"]
    )
    for scene in {voice.scene for voice in words.voices().values()} - {""}:
        drawn = drawing.picture(scene, is_after=True)
        assert drawn is not None
        assert drawn.width > 400
