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
    parser.add_argument("--filled", help="a data folder that `bench.inside fill` filled before")
    asked = parser.parse_args()
    print(HEAD, flush=True)
    for database in asked.databases.split(","):
        for size in (int(one) for one in asked.sizes.split(",")):
            with _room(database, asked.filled) as environment:
                _one(database, size, asked.seconds, environment)
    return 0


def _one(database: str, size: int, seconds: float, environment: dict[str, str]) -> None:
    facts = _fill(size, environment)
    port = _free_port()
    with _product(port, environment) as (web, started_in):
        # The worker's share is measured apart: it may lag, and its work is not the request's.
        group = Group([web.pid, _database_pid(environment)])
        for one in scenarios.ALL:
            _measure(
                database=database,
                size=size,
                one=one,
                seconds=seconds,
                facts=facts,
                port=port,
                group=group,
            )
        with _worker(environment) as worker:
            drained_in = _drain(environment)
            lag, pace = _lag(seconds, facts, port, environment)
            everybody = Group([web.pid, worker.pid, _database_pid(environment)])
            print(
                f"{database:<11}{size:>10,}  memory {everybody.memory_mib():.0f} MiB · open after "
                f"{started_in:.1f} s · backlog drained in {drained_in:.0f} s · worker lag "
                f"{lag:.2f} s at {pace:.0f} reports/s · figures counted anew in "
                f"{facts.get('rebuilt_in', '-')} s",
                flush=True,
            )


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
def _room(database: str, filled: str | None) -> Iterator[dict[str, str]]:
    folder = tempfile.mkdtemp(prefix="linli-bench-")
    if filled:
        shutil.copytree(filled, folder, dirs_exist_ok=True)
    environment = os.environ | {
        "LINLI_DATA": folder,
        "LINLI_TRUSTED_PROXIES": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("DATABASE_URL", None)
    script = str(ROOT / "scripts" / "postgres")
    try:
        if database == "postgresql":
            started = subprocess.run(
                [sys.executable, script, "start", "--durable"],
                check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            environment["DATABASE_URL"] = started.stdout.strip().splitlines()[-1]
        yield environment
    finally:
        if "DATABASE_URL" in environment:
            subprocess.run(
                [sys.executable, script, "stop", environment["DATABASE_URL"]], check=True
            )
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
def _product(port: int, environment: dict[str, str]) -> Iterator[tuple[Any, float]]:
    begun = time.perf_counter()
    product = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "serve", "--host", "127.0.0.1", "--port", str(port)],
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
