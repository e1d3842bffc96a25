"""Prints what the product does at 10,000 and at 1,000,000 cases: `make bench`.

Each database and size gets a fresh folder, the product's own `linli serve` and `linli worker`, eight
clients, and a table. CPU is application and database together, without the clients.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import load, scenarios
from bench.processes import Group

ROOT = Path(__file__).resolve().parent.parent
HEAD = (
    f"{'database':<11}{'cases':>10}  {'scenario':<10}{'per s':>8}{'p50 ms':>8}{'p95 ms':>8}"
    f"{'CPU ms':>8}{'queries':>9}"
)


def main() -> int:
    """Read the arguments and run what they ask."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--sizes", default="10000,1000000")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--keep", help="a folder in which filled databases stay, to be used again")
    parser.add_argument("--scenarios", help="only these, by name")
    asked = parser.parse_args()
    print(HEAD, flush=True)
    for database in asked.databases.split(","):
        for size in (int(one) for one in asked.sizes.split(",")):
            with _room(database, size, asked.keep) as environment:
                _one(database, size, asked.seconds, environment, _wanted(asked.scenarios))
    return 0


def _wanted(names: str | None) -> list[scenarios.Scenario]:
    wanted = names.split(",") if names else [one.name for one in scenarios.ALL]
    return [one for one in scenarios.ALL if one.name in wanted]


def _one(
    database: str,
    size: int,
    seconds: float,
    environment: dict[str, str],
    wanted: list[scenarios.Scenario],
) -> None:
    facts = _fill(size, environment)
    port = _free_port()
    with _product("serve", port, environment) as (web, _started_in):
        # The worker's share is measured apart: it may lag, and its work is not the request's.
        group = Group([web.pid, _database_pid(environment)])
        for one in wanted:
            _measure(
                database=database,
                size=size,
                one=one,
                seconds=seconds,
                facts=facts,
                port=port,
                group=group,
            )
        with _worker(environment):
            drained_in = _drain(environment)
            lag, pace = _lag(seconds, facts, port, environment)
    memory, open_after = _as_one_command(_free_port(), facts, environment, wanted)
    print(
        f"{database:<11}{size:>10,}  memory {memory:.0f} MiB · open after {open_after:.1f} s · backlog "
        f"drained in {drained_in:.0f} s · worker lag {lag:.2f} s at {pace:.0f} reports/s · figures "
        f"counted anew in {facts.get('rebuilt_in', '-')} s",
        flush=True,
    )


def _as_one_command(
    port: int,
    facts: dict[str, str],
    environment: dict[str, str],
    wanted: list[scenarios.Scenario],
) -> tuple[float, float]:
    """Start everything as `linli run` does; return its memory after every scenario, and the start."""
    with _product("run", port, environment | {"LINLI_DEMO": "0"}) as (product, open_after):
        for one in wanted:
            prepare, step = one.make(facts)
            load.run(port, prepare, step, seconds=2, accepted=one.accepted)
        return Group([product.pid, _database_pid(environment)]).memory_mib(), open_after


def _measure(
    *,
    database: str,
    size: int,
    one: scenarios.Scenario,
    seconds: float,
    facts: dict[str, str],
    port: int,
    group: Group,
) -> None:
    prepare, step = one.make(facts)
    load.run(port, prepare, step, seconds=1.5, accepted=one.accepted)  # warm
    before = group.cpu_seconds()
    result = load.run(port, prepare, step, seconds=seconds, accepted=one.accepted)
    used = group.cpu_seconds() - before
    print(
        f"{database:<11}{size:>10,}  {one.name:<10}{result.count / result.seconds:>8.0f}"
        f"{result.percentile(0.5):>8.1f}{result.percentile(0.95):>8.1f}"
        f"{used * 1000 / max(result.count, 1):>8.2f}{facts.get('queries:' + one.name, '-'):>9}",
        flush=True,
    )
    if result.failures:
        print(f"  {len(result.failures)} failed, for example {result.failures[0]}", flush=True)


def _lag(
    seconds: float, facts: dict[str, str], port: int, environment: dict[str, str]
) -> tuple[float, float]:
    """Return how old the oldest undelivered event is at the end of a steady stream, and its pace."""
    prepare, step = scenarios.REPORT.make(facts)
    result = load.run(
        port, prepare, step, seconds=max(seconds, 10), accepted=(302,), per_second=100
    )
    return float(_ask("lag", environment)), result.count / result.seconds


def _fill(size: int, environment: dict[str, str]) -> dict[str, str]:
    facts = Path(environment["LINLI_DATA"], "facts.json")
    if facts.exists():
        _ask("migrate", environment)
        return dict(json.loads(facts.read_text()))
    begun = time.perf_counter()
    answer = _ask("fill", environment, str(size))
    print(f"  filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return dict(json.loads(answer))


def _ask(what: str, environment: dict[str, str], *words: str) -> str:
    """Run a step that needs Django in a process of its own, so that this one stays small."""
    return subprocess.run(
        [sys.executable, "-m", "bench.inside", what, *words],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.strip().splitlines()[-1]  # fmt: skip


@contextlib.contextmanager
def _room(database: str, size: int, keep: str | None) -> Iterator[dict[str, str]]:
    """Give a data folder, and a PostgreSQL where one is asked for; both stay where they are kept."""
    folder = Path(keep, f"{database}-{size}") if keep else Path(tempfile.mkdtemp(prefix="linli-"))
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "LINLI_DATA": str(folder),
        "LINLI_TRUSTED_PROXIES": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **({"TMPDIR": keep} if keep else {}),
    }
    environment.pop("DATABASE_URL", None)
    script = [sys.executable, str(ROOT / "scripts" / "postgres")]
    try:
        if database == "postgresql":
            started = subprocess.run(
                [*script, "start", "--durable", *(["--keep", str(size)] if keep else [])],
                check=True, stdout=subprocess.PIPE, text=True, env=environment,
            )  # fmt: skip
            environment["DATABASE_URL"] = started.stdout.strip().splitlines()[-1]
        yield environment
    finally:
        if "DATABASE_URL" in environment:
            url = environment["DATABASE_URL"]
            subprocess.run([*script, "stop", url], check=True, env=environment)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _drain(environment: dict[str, str]) -> float:
    """Wait until nothing is left to hand out; return how long it took, at most two minutes."""
    begun = time.perf_counter()
    while float(_ask("lag", environment)) > 0 and time.perf_counter() - begun < 120:
        time.sleep(1)
    return time.perf_counter() - begun


@contextlib.contextmanager
def _worker(environment: dict[str, str]) -> Iterator[Any]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "worker"], cwd=ROOT, env=environment
    )
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(30)


@contextlib.contextmanager
def _product(command: str, port: int, environment: dict[str, str]) -> Iterator[tuple[Any, float]]:
    begun = time.perf_counter()
    product = subprocess.Popen(
        [sys.executable, "-m", "config.cli", command, "--host", "127.0.0.1", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(lambda: load.Client(port).get("/health/")[0] == 200)
        yield product, time.perf_counter() - begun
    finally:
        product.terminate()
        product.wait(20)


def _wait(is_ready: Callable[[], bool]) -> None:
    for _attempt in range(600):
        with contextlib.suppress(OSError):
            if is_ready():
                return
        time.sleep(0.1)
    raise RuntimeError("The product did not open.")


def _database_pid(environment: dict[str, str]) -> int | None:
    if "DATABASE_URL" not in environment:
        return None
    return int(_ask("database_pid", environment))


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
