"""The five files: they are in order, say what systems.md says, and install again and again."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings

from linli.blueprints import selectors
from linli.blueprints.rules import Blueprint, check, read, schema, words
from linli.blueprints.services import install_as_system
from linli.kernel import icons, tenancy
from linli.kernel.models import EventRow, Tenant
from linli.posts.selectors import DUTIES, ROLES

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ASKING = re.compile("吗|什么|哪|怎么样|几天|几楼|多少|有没有|好不好")
FILES = {file.name: file for file in selectors.library()}


def load(name: str) -> Blueprint:
    return read(selectors.get_library_text(name), f"{name}.yaml")


def counts(tenant_id: int) -> dict[str, int]:
    """Return how many rows of each of the tenant's tables there are, besides what has happened."""
    with tenancy.tenant(tenant_id):
        return {
            model.__name__: model.objects.count()
            for model in apps.get_models()
            if issubclass(model, tenancy.TenantModel) and model is not EventRow
        }


def test_there_are_five():
    assert sorted(FILES) == ["dongcheng", "dongqu", "huanghai", "pingan", "wanmei"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_comes_with_the_product_is_in_order(name):
    assert check(selectors.get_library_text(name), name) == []


@pytest.mark.parametrize("name", FILES)
def test_every_icon_can_be_drawn_and_every_duty_and_role_has_a_name(name):
    blueprint = load(name)
    assert {category.icon for category in blueprint.cases.categories} <= icons.ICONS
    assert {duty for post in blueprint.posts.posts for duty in post.duties} <= set(DUTIES)
    assert {post.role for post in blueprint.posts.posts} <= set(ROLES)
    assert 10 <= len(blueprint.cases.categories) <= 15


@pytest.mark.parametrize("name", FILES)
def test_what_is_asked_ends_with_a_question_mark(name):
    """A label that is a question reads as one, on the form and beside its answer."""
    blueprint = load(name)
    asked = [ask.text for category in blueprint.cases.categories for ask in category.questions]
    lists = (*blueprint.patrols.lists, *blueprint.care.lists)
    asked += [item["label"] for one in lists for item in one.items]
    questions = [text for text in asked if ASKING.search(text)]
    assert questions
    assert [text for text in questions if not text.endswith("？")] == []


@pytest.mark.parametrize("name", FILES)
def test_it_installs_into_an_empty_database_and_again_without_harm(db, name):
    blueprint = load(name)
    first = install_as_system(blueprint=blueprint, now=NOW)
    once = counts(first.tenant_id)
    again = install_as_system(blueprint=blueprint, now=NOW)
    assert counts(first.tenant_id) == once
    assert (again.created, again.updated, again.kept, again.left) == (0, 0, [], [])
    assert once["Home"] == sum(b.household_count for b in blueprint.places.buildings)
    assert Tenant.objects.get().code == blueprint.tenant_code


def test_the_town_community_has_its_micro_communities_and_building_heads():
    """S1: 6 estates, 60 stand-alone buildings, 3 micro-communities, 12 grids of about 300, 50 heads."""
    blueprint = load("huanghai")
    kinds = Counter(area.kind for area in blueprint.places.areas)
    assert (kinds["micro"], kinds["grid"], len(blueprint.places.estates)) == (3, 12, 6)
    assert sum(not building.estate for building in blueprint.places.buildings) == 60
    homes: Counter[str] = Counter()
    for building in blueprint.places.buildings:
        homes[building.grid_code] += building.household_count
    assert len(homes) == 12
    assert all(240 <= count <= 370 for count in homes.values())
    assert sum(post.role == "building_head" for post in blueprint.posts.posts) == 50


def test_the_merged_estate_has_2229_homes_and_another_runs_itself():
    """S3: one estate of 2,229 households; one without a property company."""
    blueprint = load("dongcheng")
    merged = [b for b in blueprint.places.buildings if b.community_code == "659004002001"]
    assert sum(building.household_count for building in merged) == 2229
    assert [e.community_code for e in blueprint.places.estates if e.kind == "self_run"] == [
        "659004001006"
    ]
    assert blueprint.hours.opens_at.hour == 10


def test_the_district_has_489_full_time_and_30_part_time_grid_workers():
    """S4: 519 grids."""
    posts = Counter(post.code.split("-")[0] for post in load("dongqu").posts.posts)
    assert (posts["grid"], posts["parttime"]) == (489, 30)


def test_the_document_names_every_key_and_word_of_the_format():
    text = (settings.BASE_DIR / "docs" / "blueprints.md").read_text(encoding="utf-8")
    parts = (schema.ROOT, schema.CATEGORY, schema.COMMUNITY, schema.ORGANISATION, schema.POST)
    for record in (*parts, schema.ROUTE, schema.LEVEL, schema.DISTRICT, schema.WORDING):
        for key in record.fields:
            assert f"`{key}" in text, key
    for word in (*words.DUTIES, *words.ROLES, *words.SETTINGS, *words.LOCAL, *words.ESTATES):
        assert word in text, word
