"""Prints how fast an old mailbox comes in and its list goes out: `python -m bench.mailbox`.

A file of messages is made (half of them answered), checked, imported and exported as the pages do
it, by the runs' own work in one process; memory is this process's, at a tenth of the way and at the
end, so that growth shows.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEADER = ("编号", "主题", "时间", "内容", "小区", "姓名", "电话", "答复", "答复时间")
FIRST = datetime(2023, 1, 1, tzinfo=UTC)
WORDS = "门口路灯不亮，老人晚上出门看不清脚下，麻烦尽快安排人来修一下。"


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="bench.mailbox")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--kind", choices=("csv", "xlsx", "jsonl"), default="csv")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with _room(asked.database):
        _measure_all(asked.count, asked.kind)
    return 0


def _measure_all(count: int, kind: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from linli.kernel import clock, tenancy
    from linli.kernel.models import Tenant

    call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(code="bench", name="测量", created_at=clock.now())
    with tenancy.tenant(tenant.pk), tempfile.TemporaryDirectory() as folder:
        _measure_in(Path(folder, f"messages.{kind}"), count, kind)


def _measure_in(path: Path, count: int, kind: str) -> None:
    from linli.cases.selectors.conditions import Question
    from linli.cases.services import exporting, mailboxes
    from linli.cases.tests.makers import make_neighbourhood
    from linli.kernel import clock, tenancy
    from linli.kernel.actor import system

    world, actor = make_neighbourhood(), system(tenancy.current_tenant_id())
    _write(path, count, kind, world.estate.name)
    now = clock.now()
    with open(path, "rb") as file:
        kept = mailboxes.prepare_mailbox(
            community_id=world.community.pk, source_name="书记信箱", file_name=path.name,
            chunks=iter(lambda: file.read(1 << 20), b""), actor=actor, now=now,
        )  # fmt: skip
    _measure(f"check {kind}", count, mailboxes.check_mailbox(
        mailbox_id=kept.pk, columns=kept.columns, category_id=world.category.pk, actor=actor,
        now=now, key="bench",
    ))  # fmt: skip
    _measure(
        f"import {kind}",
        count,
        mailboxes.import_mailbox(mailbox_id=kept.pk, actor=actor, now=now),
    )
    for file_format in ("xlsx", "csv"):
        run = exporting.start_export(
            question=Question(tab="all"), wish=exporting.Wish(file_format=file_format),
            actor=actor, now=now, key=file_format,
        )  # fmt: skip
        _measure(f"export {file_format}", count, run)


def _measure(name: str, count: int, run: Any) -> None:
    from linli.kernel import clock, runs

    early: list[float] = []

    def show(done: int, _total: int | None) -> None:
        if done >= count // 10 and not early:
            early.append(_memory())

    began, cpu = time.perf_counter(), time.process_time()
    run = runs.carry_here(run, clock.now(), lambda: time.sleep(0.1), show=show)
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"{name:<12}{count:>9,} rows  {seconds:>6.1f} s  {count / seconds:>7,.0f} a second  "
        f"{used * 1000 / count:>5.2f} ms CPU each  memory {(early or [_memory()])[0]:.0f} → "
        f"{_memory():.0f} MiB  {run.state}: {run.message}",
        flush=True,
    )


def _memory() -> float:
    """Return what this process holds of its own now, in MiB: without what it has mapped of files."""
    told = Path("/proc/self/status").read_text()
    return int(told.partition("RssAnon:")[2].split()[0]) / 1024


def _write(path: Path, count: int, kind: str, estate: str) -> None:
    from linli.kernel import tables

    with open(path, "wb") as file:
        if kind == "jsonl":
            for row in _rows(count, estate):
                line = json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False)
                file.write(f"{line}\n".encode())
        else:
            tables.write(file, kind, "留言", HEADER, _rows(count, estate))


def _rows(count: int, estate: str) -> Iterator[tuple[Any, ...]]:
    """One message every ten minutes, in the order in which they came, as mailboxes hand them out."""
    for number in range(count):
        is_answered = number % 2 == 0
        at = FIRST + timedelta(minutes=10 * number)
        yield (
            number, f"第 {number} 件", f"{at:%Y-%m-%d %H:%M}", WORDS * 3,
            f"{estate}{number % 40}栋", "梅小雨", f"100{number % 20_000:08}",
            "已安排人处理，三天内修好了。" if is_answered else "",
            f"{at:%Y年%m月%d日} 23:59" if is_answered else "",
        )  # fmt: skip


@contextlib.contextmanager
def _room(database: str) -> Iterator[None]:
    folder = tempfile.mkdtemp(prefix="linli-bench-")
    os.environ |= {"LINLI_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("DATABASE_URL", None)
    stop: Callable[[], object] = lambda: None  # noqa: E731
    if database == "postgresql":
        script = [sys.executable, str(ROOT / "scripts" / "postgres")]
        started = subprocess.run(
            [*script, "start", "--durable"], check=True, stdout=subprocess.PIPE, text=True
        )
        address = started.stdout.strip().splitlines()[-1]
        os.environ["DATABASE_URL"] = address
        stop = lambda: subprocess.run([*script, "stop", address], check=True)  # noqa: E731
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
