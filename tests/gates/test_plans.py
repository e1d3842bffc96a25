"""Queues, search and clocks read what they show and not the history: measured, on both databases."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from bench import world as years
from linli.cases.models import Case
from linli.cases.selectors import (
    attention,
    board,
    conditions,
    counts,
    hands,
    judging,
    mine,
    open311,
    open311_updates,
    queue,
    reading,
    surroundings,
)
from linli.cases.selectors.conditions import Question
from linli.cases.services import clocks
from linli.cases.tests import makers
from linli.kernel import clock, events, outbox, tenancy, worker
from linli.kernel.actor import reporter
from linli.people.models import Contact, LoginIdentity
from linli.places import selectors as places
from linli.posts import selectors as posts
from tests import sqlguard

# Nine cases in ten are history: whoever reads a tenth of the table has read it.
CASES = 6_000
MOST_ROWS = CASES // 10
MOST_STEPS = CASES * 4  # of SQLite's machine; to look at each case costs about eight
MOST_STEPS_OF_WORDS = MOST_ROWS * 100  # to look for words in one case costs about eighty
# Not the search words: for a word that every tenth case has, walking the newest is the better plan.
BIG = ("cases_case", "kernel_eventrow", "people_contact")


class Watch:
    """Runs the statements of a block a second time, to see how much each of them reads."""

    def __init__(self) -> None:
        self.greedy: list[str] = []
        self.count = 0
        self._is_busy = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_read = sql.lstrip("( ").upper().startswith("SELECT") and any(one in sql for one in BIG)
        if is_read and not many and not self._is_busy:
            self._is_busy = True
            try:
                self._look(sql, params)
            finally:
                self._is_busy = False
        return execute(sql, params, many, context)

    def _look(self, sql: str, params: Any) -> None:
        self.count += 1
        told = (
            _on_sqlite(sql, params)
            if connection.vendor == "sqlite"
            else _on_postgresql(sql, params)
        )
        if told:
            self.greedy.append(f"{told}: {sql}")


def _on_sqlite(sql: str, params: Any) -> str:
    raw: sqlite3.Connection = connection.connection
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 100
        return 0

    raw.set_progress_handler(count, 100)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()
    finally:
        raw.set_progress_handler(None, 0)
    most = MOST_STEPS_OF_WORDS if "cases_fts" in sql else MOST_STEPS
    return f"{steps:,} steps" if steps > most else ""


def _on_postgresql(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    read = {
        node["Relation Name"]: rows
        for node in _nodes(plan)
        if node.get("Relation Name") in BIG and (rows := _rows(node)) > MOST_ROWS
    }
    return f"rows read {read}" if read else ""


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _rows(node: dict[str, Any]) -> float:
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return (node["Actual Rows"] + dropped) * node["Actual Loops"]


@contextmanager
def frugal(name: str) -> Iterator[None]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield
    assert watch.count, f"{name} read nothing of the big tables"
    assert not watch.greedy, f"{name}:\n" + "\n".join(watch.greedy)


@pytest.fixture
def lived(transactional_db, monkeypatch):
    """Give a small community after years of use, its desk and one of its cases; tenant set."""
    monkeypatch.setattr(makers, "MONDAY", makers.MONDAY)  # the bench moves it
    with sqlguard.off():
        made = years.build(CASES, lambda _words: None)
    with tenancy.tenant(int(made["tenant_id"])):
        for number in range(11):
            makers.make_category(f"c{number}", f"类别{number}")
        # Some reporters have accounts: statistics of a column that is always empty mislead.
        Contact.objects.filter(phone_tail__endswith="7").update(account_id=F("pk"))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        account_id = LoginIdentity.objects.get(login="bench").account_id
        yield posts.actor_of(account_id, clock.now()), Case.objects.get(pk=made["case"])


def test_the_lists_of_staff_and_residents_read_what_they_show(lived):
    actor, case = lived
    now = clock.now()
    for tab in conditions.TABS:
        with frugal(f"tab {tab}"):
            queue.queue(Question(tab=tab), actor, now)
    for asked in ({"words": "路灯"}, {"words": "1234"}, {"due": "late"}, {"is_mine": True}):
        with frugal(f"queue {asked}"):
            queue.queue(Question(**asked), actor, now)
    with frugal("queue, all, words"):
        queue.queue(Question(tab="all", words="漏水"), actor, now)
    with frugal("strip"):
        counts.strip(actor, now)
    with frugal("attention"):
        attention.attention(actor, now)
    with frugal("in hand"):
        hands.in_hand(actor, now)
    with frugal("timeline"):
        reading.timeline(case, for_staff=True)
    with frugal("events of a case"):
        events.timeline(case.pk)
    with frugal("nearby"):
        where = places.where_of(community_id=case.community_id, building_id=case.building_id)
        surroundings.nearby(where=where, category_id=case.category_id, now=now)
    with frugal("similar"):
        surroundings.similar_cases(case, actor)
    with frugal("reported before"):
        judging.earlier_report(case, metres=150, days=30)
    case.building_id = None
    with frugal("reported before, no building"):
        judging.earlier_report(case, metres=150, days=30)
    with frugal("by number"):
        reading.find_by_number(case.number, "5678")
    with frugal("of an account"):
        mine.cases_of_account(actor.account_id)
    with frugal("for the board"):
        board.candidates(case.community_id, now - timedelta(days=14), actor)


def test_the_workers_round_reads_what_is_due(lived):
    now = clock.now()
    with frugal("clocks"):
        clocks.check_due_cases(now)
    with frugal("events"):
        outbox.deliver_events(now)
    with frugal("tenants with work"):
        worker.tenants_with_work(now)


def test_the_lists_of_other_systems_read_what_they_show(lived):
    actor, case = lived
    now, day = clock.now(), timedelta(days=1)
    before = (now - 90 * day, now)
    long_ago = (now - 800 * day, now - 710 * day)
    for whose, reader in (
        ("staff", open311.reader_of(actor, case.community_id)),
        ("nobody", open311.reader_of(reporter(actor.tenant_id))),
        ("nobody here", open311.reader_of(reporter(actor.tenant_id), case.community_id)),
    ):
        for start, end in (before, long_ago):
            for states in ("", "open", "closed"):
                for more in ({}, {"service_codes": (case.category.code,)}):
                    asked = open311.Asked(start=start, end=end, states=states, limit=50, **more)
                    with frugal(f"open311 for {whose} {states} {end:%F} {more}"):
                        rows = open311.requests(asked, reader)
                    if rows:
                        last = replace(asked, after=(rows[-1].reported_at, rows[-1].id))
                        with frugal(f"open311 for {whose} {states} {end:%F}, next page"):
                            open311.requests(last, reader)
        with frugal(f"open311 by number for {whose}"):
            open311.find_requests([case.number], reader)
        with frugal(f"open311 updates for {whose}"):
            open311_updates.updates(
                start=now - day / 24, end=now, numbers=[], reader=reader, limit=100
            )
