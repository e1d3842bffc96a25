"""Prints what a field worker's day costs beside a large register: `python -m bench.field`.

One grid worker with cases in hand, people to visit and points to look at, in a tenant with as many
persons as asked, 2 in 100 of them cared for by the posts of 500 grids. Then the weights of the first
load of /field/, compressed as a server in front of us does it.
"""

import argparse
import gzip
import re
import statistics
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.mailbox import _room

CASES, PEOPLE, GRIDS, CARED = 12, 12, 500, 50  # one in CARED is looked after
BUDGET = {"/field/": 60.0}  # ms, at 400,000 persons


def main() -> int:
    """Read the arguments, fill, measure."""
    parser = argparse.ArgumentParser(prog="bench.field")
    parser.add_argument("--persons", type=int, default=400_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with _room(asked.database):
        _measure_all(asked)
    return 0


def _measure_all(asked: Any) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from linli.kernel import clock, tenancy
    from linli.kernel.models import Tenant

    call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(code="bench", name="测量", created_at=clock.now())
    with tenancy.tenant(tenant.pk):
        world = _fill(asked.persons)
        browser = _browser(world)
    print(f"{asked.database}: {asked.persons:,} persons, {GRIDS} grids", flush=True)
    if asked.profile:
        _profile(browser)
    for path in ("/field/", "/field/day/"):
        _time(browser, path, asked.times)
    _weigh(browser)


def _fill(persons: int) -> Any:
    from linli.care.models import CareProfile
    from linli.care.tests import makers as care
    from linli.kernel import clock
    from linli.people.models import Person
    from linli.posts.tests import makers as posts

    world = care.make_block()
    profile = care.make_profile(world, at=clock.now() - timedelta(days=40))
    mei = Person.objects.get(pk=profile.person_id)
    office = world.grid_post.organisation
    others = [
        posts.new_post(office, "grid_worker", area=world.grid, code=f"b{n}") for n in range(GRIDS)
    ]
    posts.save_posts([(one, None) for one in others])
    _copy(Person, mei, persons, lambda number: {})
    people = list(
        Person.objects.exclude(pk=mei.pk).values_list("pk", flat=True)[: persons // CARED]
    )
    own = {"turn": "first", "turn_post_id": world.grid_post.pk, "post_id": world.grid_post.pk}
    _copy(
        CareProfile, profile, len(people),
        lambda number: {"person_id": people[number]}
        | (own if number < PEOPLE else {"turn_post_id": others[number % len(others)].pk}),
    )  # fmt: skip
    _cases(world)
    _route(world)
    return world


def _copy(model: Any, row: Any, count: int, change: Any) -> None:
    """Write copies of a row, with what differs; ids are new."""
    from linli.kernel.ids import new_id
    from linli.kernel.rows import insert_all

    names = [field.attname for field in model._meta.concrete_fields]
    facts = {name: getattr(row, name) for name in names}
    for start in range(0, count, 2_000):
        numbers = range(start, min(start + 2_000, count))
        insert_all([model(**facts | change(number) | {"id": new_id()}) for number in numbers])


def _cases(world: Any) -> None:
    from linli.cases.services import desk, handling
    from linli.cases.tests.makers import make_case
    from linli.kernel import clock

    now = clock.now()
    for number in range(CASES):
        case = make_case(world, at=now, text=f"第 {number} 处垃圾没有清。", key=f"bench-{number}")
        facts = {"case_id": case.pk, "now": now}
        desk.assign_case(post_id=world.grid_post.pk, actor=world.desk, **facts)
        handling.take_case(actor=world.lin, **facts)


def _route(world: Any) -> None:
    from linli.kernel import clock
    from linli.patrols.services import routes
    from linli.patrols.tests import makers as patrols
    from linli.places.tests import makers as places

    now = clock.now()
    world.lin = patrols.allow(world.lin, "patrols.walk")
    lead = patrols.allow(world.lead, "patrols.view", "patrols.manage")
    world.list = patrols.make_list()
    day = (now - timedelta(days=1)).date()
    facts = replace(patrols.route_facts(world), starts_on=day)
    route = routes.create_route(facts=facts, actor=lead, now=now)
    parts = [
        routes.Part(
            building_id=places.make_building(world.estate, f"{90 + n}号楼", grid=world.grid).pk
        )
        for n in range(10)
    ]
    routes.add_points(route_id=route.pk, parts=parts, actor=lead, now=now)


def _browser(world: Any) -> Any:
    from linli.people.tests.makers import sign_in

    return sign_in(world.lin.account_id, world.lin.tenant_id)


def _time(browser: Any, path: str, times: int) -> None:
    from django.db import connection

    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    answer = browser.get(path)
    with connection.execute_wrapper(count):
        browser.get(path)
    spent, used = [], time.process_time()
    for _turn in range(times):
        began = time.perf_counter()
        browser.get(path)
        spent.append((time.perf_counter() - began) * 1000)
    used = (time.process_time() - used) * 1000 / times
    spent.sort()
    middle, late = statistics.median(spent), spent[int(len(spent) * 0.95)]
    told = f"  (wanted: {BUDGET[path]:.0f})" if path in BUDGET else ""
    print(
        f"{path:<12} p50 {middle:6.1f} ms  p95 {late:6.1f} ms  CPU {used:6.1f} ms  {len(asked):>3} queries  "
        f"{len(answer.content):>8,} B{told}", flush=True,
    )  # fmt: skip


def _profile(browser: Any) -> None:
    import cProfile
    import pstats

    browser.get("/field/")
    profile = cProfile.Profile()
    profile.runcall(lambda: [browser.get("/field/") for _turn in range(10)])
    pstats.Stats(profile).sort_stats("cumtime").print_stats("linli|template", 45)


def _weigh(browser: Any) -> None:
    from django.conf import settings
    from django.contrib.staticfiles import finders

    page, worker = browser.get("/field/").content, browser.get("/app/field.js").content
    files = set(re.findall(rf"{settings.STATIC_URL}([\w/.-]+)", page.decode()))
    weights = {"the page": len(gzip.compress(page, 6)), "the worker": len(gzip.compress(worker, 6))}
    for name in files:
        plain = re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name)
        found = finders.find(plain)
        weights[plain] = len(gzip.compress(Path(found).read_bytes(), 6)) if found else 0
    for name, weight in sorted(weights.items(), key=lambda one: -one[1]):
        print(f"  {weight:>7,} B  {name}")
    print(f"  {sum(weights.values()):>7,} B  the first load of /field/ (wanted: 60,000)")


if __name__ == "__main__":
    sys.exit(main())
