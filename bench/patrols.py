"""Prints what the desk's coverage and a worker's points of the day cost: `python -m bench.patrols`.

A tenant of 25 communities with 20 grids each is made, a route of 30 points in every grid, seen at
some time in the last weeks; then the pages are asked for as their readers do.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.mailbox import _room

GRIDS = 20  # of a community


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="bench.patrols")
    parser.add_argument("--grids", type=int, default=500)
    parser.add_argument("--points", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--turns", type=int, default=20)
    asked = parser.parse_args()
    with _room(asked.database):
        _measure_all(asked)
    return 0


def _measure_all(asked: Any) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from linli.kernel import clock, tenancy
    from linli.kernel.models import Tenant

    call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(code="bench", name="测量", created_at=clock.now())
    random.seed(7)
    with tenancy.tenant(tenant.pk):
        communities, posts = _ground(asked.grids, asked.points)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        print(f"{asked.database}: {asked.grids} grids × {asked.points} points", flush=True)
        _ask(communities, posts, asked.turns)


def _ground(grids: int, points: int) -> tuple[list[Any], list[Any]]:
    """Make the routes, past the services: they are not what is measured."""
    from linli.kernel import clock
    from linli.patrols.models import Point, Route
    from linli.patrols.tests.makers import make_list
    from linli.places.tests import makers as places
    from linli.posts.tests import makers as posts

    now, lists = clock.now(), make_list()
    communities, workers = [], []
    for number in range(-(-grids // GRIDS)):
        community = places.make_community(f"第{number}社区", f"{990000001001 + number}")
        communities.append(community)
        office = posts.make_organisation(community)
        rows = []
        for grid_number in range(min(GRIDS, grids - number * GRIDS)):
            square = places.square(87.5 + number / 50, 44.1 + grid_number / 500, 0.002)
            grid = places.make_grid(community, f"g{grid_number:02}", f"第{grid_number}网格", square)
            post = posts.make_post(office, area=grid)
            workers.append((post, grid))
            route = Route.objects.create(
                name=f"{grid.name}日巡", community=community, grid=grid, area_path=grid.path,
                post=post, item_list=lists, weekdays="12345", starts_on=now.date(),
                point_count=points,
            )  # fmt: skip
            for order in range(points):
                ago = timedelta(hours=random.randrange(1, 700))
                rows.append(
                    Point(route=route, order=order, name=f"{order} 号楼", community=community,
                          grid=grid, area_path=grid.path, lat=44.1, lon=87.5,
                          last_seen_at=None if order == 7 else now - ago,
                          due_on=(now - ago).date() + timedelta(days=7),
                          added_on=now.date())
                )  # fmt: skip
        Point.objects.bulk_create(rows, batch_size=500)
    return communities, workers


def _ask(communities: list[Any], workers: list[Any], turns: int) -> None:
    from linli.kernel import clock
    from linli.patrols import field
    from linli.people.tests.makers import make_account, sign_in
    from linli.posts import selectors
    from linli.posts.tests import makers as posts

    duties = ("patrols.view", "patrols.manage", "patrols.walk")
    district = communities[0].parent.parent
    hall = posts.make_organisation(district, kind="district")
    readers = {}
    for name, area, office in (
        ("district", district, hall), ("community", communities[3 % len(communities)], hall),
    ):  # fmt: skip
        account = make_account(name, area_path=area.path)
        posts.make_post(office, "lead", area=area, duties=duties, holder=account)
        readers[name] = sign_in(account.pk, account.tenant_id)
    post, grid = workers[len(workers) // 2]
    worker = make_account("worker", area_path=grid.path)
    posts.hold(post, worker)
    actor = selectors.actor_of(worker.pk, clock.now())
    actor = type(actor)(
        tenant_id=actor.tenant_id, kind=actor.kind, account_id=actor.account_id,
        post_ids=actor.post_ids, grants=actor.grants,
    )  # fmt: skip
    for name, client in readers.items():
        for path in ("/desk/patrols/", "/desk/patrols/plan/", "/desk/patrols/routes/"):
            _timed(f"{name:9} {path}", lambda c=client, p=path: c.get(p), turns)
    _timed("worker    cards of the day", lambda: field.cards(actor, clock.now()), turns)
    print(f"  {len(field.cards(actor, clock.now()))} cards")


def _timed(words: str, act: Callable[[], Any], turns: int) -> None:
    answer = act()
    status = getattr(answer, "status_code", 200)
    assert status == 200, (words, status)
    took = []
    for _turn in range(turns):
        began, used = time.perf_counter(), time.process_time()
        act()
        took.append((time.perf_counter() - began, time.process_time() - used))
    walls, cpus = ([one[at] * 1000 for one in took] for at in (0, 1))
    worst = sorted(walls)[int(len(walls) * 0.95) - 1]
    print(
        f"  {words:42} median {statistics.median(walls):6.1f} ms, p95 {worst:6.1f} ms, "
        f"cpu {statistics.median(cpus):6.1f} ms", flush=True,
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
