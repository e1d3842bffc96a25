"""Prints how fast a register of people comes in, and how fast it is searched: `python -m bench.register`.

A tenant of communities, grids, buildings and homes is made, a list of people per community is checked
and imported as the pages do it, by the runs' own work in one process; then people are looked for by
name, initials, phone and address, as a grid worker, a community and a whole district look for them.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from bench.mailbox import _memory, _room

HEADER = ("姓名", "身份证号", "性别", "手机号", "小区", "楼栋", "单元", "房号", "与户主关系",
          "居住性质", "入住日期", "标签")  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华慧玉萍红玲建国平志永桂兰春梅海燕文辉晓东雪峰宁欣"
GRIDS, HOMES = 20, 320  # grids of a community, homes of a grid
PER_BUILDING, PER_ENTRANCE = 80, 20


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="bench.register")
    parser.add_argument("--persons", type=int, default=400_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kind", choices=("csv", "xlsx"), default="csv")
    parser.add_argument("--searches", type=int, default=200)
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
    random.seed(7)
    with tenancy.tenant(tenant.pk):
        homes = asked.persons * 2 // 5
        communities = _ground(-(-homes // (GRIDS * HOMES)))
        print(
            f"{asked.database}: {asked.persons:,} persons, {homes:,} homes, "
            f"{len(communities) * GRIDS} grids, {len(communities)} communities", flush=True,
        )  # fmt: skip
        people = _import_all(communities, asked)
        _search_all(communities, people, asked.searches)


def _ground(count: int) -> list[Any]:
    """Make the places, past the services: they are not what is measured."""
    from django.db import connection

    from linli.people.models import TagKind
    from linli.places.models import Building, Entrance, EstateKind, Home
    from linli.places.tests import makers as places

    TagKind.objects.create(code="elder_alone", name="独居老人")
    communities = []
    for number in range(count):
        community = places.make_community(f"第{number}社区", f"{990000001001 + number}")
        communities.append(community)
        houses, doors, homes = [], [], []
        for grid_number in range(GRIDS):
            grid = places.make_grid(community, f"第{grid_number}网格", f"g{grid_number:02}")
            estate = places.make_estate(
                community, f"幸福{SURNAMES[grid_number]}园", kind=EstateKind.COMPANY
            )
            for house in range(HOMES // PER_BUILDING):
                building = Building(
                    community=community,
                    estate=estate,
                    grid=grid,
                    name=f"{house + 1}号楼",
                    order=house,
                )
                houses.append(building)
                for door in range(PER_BUILDING // PER_ENTRANCE):
                    entrance = Entrance(building=building, name=f"{door + 1}单元", order=door)
                    doors.append(entrance)
                    homes += [
                        Home(entrance=entrance, number=f"{home // 2 + 1}0{home % 2 + 1}")
                        for home in range(PER_ENTRANCE)
                    ]
        for rows in (houses, doors, homes):
            type(rows[0]).objects.bulk_create(rows, batch_size=500)
    if connection.vendor == "postgresql":
        # As its own housekeeping would within the minute.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return communities


def _import_all(communities: list[Any], asked: Any) -> list[tuple[str, ...]]:
    samples: list[tuple[str, ...]] = []
    left = asked.persons
    spent = {"check": 0.0, "import": 0.0, "cpu": 0.0, "memory": 0.0}
    for number, community in enumerate(communities):
        count = min(left, GRIDS * HOMES * 5 // 2)
        left -= count
        with tempfile.NamedTemporaryFile(suffix=f".{asked.kind}") as file:
            _write(file, community, count, asked.kind, samples)
            file.seek(0)
            said = _import_one(community, file, spent, is_profiled=asked.profile and not number)
        if number in (0, len(communities) - 1):
            print(f"  {said} memory {_memory():.0f} MiB", flush=True)
    total = asked.persons
    print(
        f"check  {total / spent['check']:>7,.0f} rows a second\n"
        f"import {total / spent['import']:>7,.0f} rows a second, {spent['cpu'] * 1000 / total:.2f} ms "
        f"CPU of ours each, memory {spent['memory']:.0f} MiB at most", flush=True,
    )  # fmt: skip
    return samples


def _import_one(community: Any, file: Any, spent: dict[str, float], *, is_profiled: bool) -> str:
    from linli.kernel import clock, runs, tenancy
    from linli.kernel.actor import system
    from linli.people.services import importing

    actor = system(tenancy.current_tenant_id())
    kept = importing.prepare_import(
        community_id=community.pk, file_name="名单", chunks=iter(lambda: file.read(1 << 20), b""),
        actor=actor, now=clock.now(),
    )  # fmt: skip
    run = importing.check_import(
        import_id=kept.pk, columns=kept.columns, makes_homes=False, actor=actor, now=clock.now(),
        key=str(kept.pk),
    )  # fmt: skip
    began = time.perf_counter()
    runs.carry_here(run, clock.now(), lambda: time.sleep(0.1))
    spent["check"] += time.perf_counter() - began
    run = importing.confirm_import(import_id=kept.pk, actor=actor, now=clock.now())
    began, cpu = time.perf_counter(), time.process_time()
    carry = partial(runs.carry_here, run, clock.now(), lambda: time.sleep(0.1))
    run = _profiled(carry) if is_profiled else carry()
    spent["import"] += time.perf_counter() - began
    spent["cpu"] += time.process_time() - cpu
    spent["memory"] = max(spent["memory"], _memory())
    return str(run.message)


def _profiled(carry: Any) -> Any:
    import cProfile
    import pstats

    profile = cProfile.Profile()
    run = profile.runcall(carry)
    pstats.Stats(profile).sort_stats("tottime").print_stats(35)
    return run


def _write(
    file: Any, community: Any, count: int, kind: str, samples: list[tuple[str, ...]]
) -> None:
    from linli.kernel import tables
    from linli.people.rules.identity import check_digit

    def rows() -> Iterator[tuple[str, ...]]:
        for number in range(count):
            home = number * 2 // 5
            grid, inside = divmod(home, HOMES)
            house, inside = divmod(inside, PER_BUILDING)
            door, inside = divmod(inside, PER_ENTRANCE)
            name = random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=2))
            head = f"990000{random.randint(1935, 2015)}{random.randint(101, 112)}"
            head = f"{head[:10]}{random.randint(1, 12):02}{random.randint(1, 28):02}"
            order = (number * 7919 + int(community.code[-6:]) * 104_729) % 1000
            head += f"{order:03}"
            sex = "男" if int(head[16]) % 2 else "女"
            phone = f"100{random.randrange(10**8):08}"
            where = (f"幸福{SURNAMES[grid]}园", f"{house + 1}号楼", f"{door + 1}单元",
                     f"{inside // 2 + 1}0{inside % 2 + 1}")  # fmt: skip
            if number % 997 == 0:
                samples.append((name, phone, *where))
            yield (
                name, head + check_digit(head), sex, phone, *where,
                "户主" if number % 5 in (0, 2) else "其他", "租住" if number % 7 == 0 else "自住",
                "2019-05-01" if number % 2 else "", "独居老人" if number % 50 == 0 else "",
            )  # fmt: skip

    tables.write(file, kind, "名单", HEADER, rows())
    file.flush()


def _search_all(communities: list[Any], people: list[tuple[str, ...]], count: int) -> None:
    from linli.kernel import tenancy
    from linli.kernel.actor import Actor, ActorKind, Grant
    from linli.places.selectors import grids_of

    def actor(path: str) -> Any:
        return Actor(
            tenant_id=tenancy.current_tenant_id(), kind=ActorKind.STAFF,
            grants=(Grant("people.register", path),),
        )  # fmt: skip

    who = {
        "grid": actor(grids_of(communities[0].pk)[0].path),
        "community": actor(communities[0].path),
        "district": actor(""),
    }
    from linli.people.rules.finding import initials
    from linli.people.selectors.register import search

    asks = {
        "name": lambda one: one[0],
        "surname": lambda one: one[0][0],
        "initials": lambda one: initials(one[0])[-1],
        "phone tail": lambda one: one[1][-4:],
        "whole phone": lambda one: one[1],
        "address": lambda one: f"{one[2]}{one[3]}{one[4]}{one[5]}",
        "estate + name": lambda one: f"{one[2]} {one[0][:2]}",
    }
    for place, looking in who.items():
        for ask, words in asks.items():
            times, hits = [], 0
            for number in range(count):
                said = words(people[number * 31 % len(people)])
                began = time.perf_counter()
                found = search(said, looking)
                hits += found.count
                times.append((time.perf_counter() - began) * 1000)
            cuts = statistics.quantiles(times, n=20)
            print(
                f"search {place:<10}{ask:<14} p50 {cuts[9]:>6.1f} ms  p95 {cuts[18]:>6.1f} ms  "
                f"{hits / count:.0f} found",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
