"""A search finds every case that fits, newest first, and looks only as far as the word needs."""

from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from linli.cases.selectors import queue as queues
from linli.cases.selectors import search
from linli.cases.selectors.conditions import Question
from linli.cases.services import desk, indexing
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_neighbourhood
from tests import sqlguard


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def test_rare_and_common_words_find_all_newest_first(world, monkeypatch):
    """The newest two are looked at, then five, then what the index of words knows."""
    texts = ["铜锣巷口的垃圾", *["垃圾满了"] * 5, "路灯不亮", "垃圾没人收"]
    cases = [make_case(world, text=text, at=MONDAY + i * DAY) for i, text in enumerate(texts)]
    indexing.index_cases([case.pk for case in cases])
    for name, value in {"NEAR": 2, "FAR": 5, "OFTEN": 1}.items():
        monkeypatch.setattr(search, name, value)

    rubbish = [case.pk for case in reversed(cases) if "垃圾" in case.text]
    for communities in (None, [world.community.pk]):
        for most in (1, 3, 6, 300):
            found = search.find_ids("垃圾", community_ids=communities, most=most)
            assert found == rubbish[:most], most
        assert search.find_ids("铜锣巷", community_ids=communities) == [cases[0].pk]
        assert search.find_ids("路灯", community_ids=communities) == [cases[6].pk]
        assert search.find_ids("没有的", community_ids=communities) == []


def test_an_old_case_that_is_still_open_is_found_behind_many_that_are_closed(world, monkeypatch):
    old = make_case(world, text="垃圾一直没人收")
    newer = [make_case(world, text="垃圾满了", at=MONDAY + HOUR) for _ in range(4)]
    indexing.index_cases([old.pk, *(case.pk for case in newer)])
    for module in (search, queues):
        monkeypatch.setattr(module, "MOST", 2)
    monkeypatch.setattr(queues, "find_ids", partial(search.find_ids, most=2))
    for case in newer[1:]:
        desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + HOUR)

    def found(**asked):
        rows = queues.queue(Question(words="垃圾", **asked), world.desk, MONDAY + DAY).cases
        return [row.pk for row in rows]

    assert found(tab="reported") == [newer[0].pk, old.pk]
    assert found(tab="reported", after=newer[0].pk.hex) == [old.pk]
    assert found(tab="all") == [case.pk for case in (*reversed(newer), old)]


@contextmanager
def plans(found: list[str]):
    """Write down how each search is carried out."""

    def look(execute, sql, params, many, context):
        if sql.lstrip().startswith("SELECT case_id"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                found.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield


@pytest.fixture
def history(in_home):
    """Give words of six thousand cases that are not there, until the test ends."""
    made = """INSERT INTO cases_searchtext (id, tenant_id, words, case_id)
        SELECT gen_random_uuid(), %s, ('垃圾 ' || repeat('w', 300) || n)::tsvector, gen_random_uuid()
        FROM generate_series(1, 6000) n"""
    with transaction.atomic():
        with connection.cursor() as cursor, sqlguard.off():
            cursor.execute(made, [in_home.pk])
            cursor.execute("SELECT gin_clean_pending_list('search_text_words')")
            cursor.execute("ANALYZE cases_searchtext")
        yield
        transaction.set_rollback(True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="FTS5 walks its words' lists alone")
def test_a_rare_word_asks_the_index_of_words_and_not_the_whole_history(history, monkeypatch):
    monkeypatch.setattr(search, "NEAR", 400)
    steps: list[str] = []
    with plans(steps):
        search.find_ids("铜锣", community_ids=None)
    near, words = steps
    assert "search_text_words" in words
    assert "Sort" not in near, near

    steps.clear()
    with plans(steps):
        search.find_ids("垃圾", community_ids=None)
    assert len(steps) == 1
