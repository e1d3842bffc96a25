"""Makes the database ready, showing how far it is: tables, and the demo for an empty one."""

import io
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import tallies
from config.server import IS_DEMO
from linli.blueprints import selectors, services
from linli.kernel import clock
from linli.kernel.models import Tenant


def prepare() -> int:
    """Do what is missing before web and worker start; IS_DEMO says that the demo is installed."""
    build_static_files()
    migrate()
    if settings.DEMO and not Tenant.objects.exists():
        services.install_demo(now=clock.now(), progress=_say)
    return show_doors()


def migrate() -> None:
    """Make the tables, or bring them up to date."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(targets)
    if plan:
        executor.progress_callback = _Progress("建立数据表", len(plan))
        executor.migrate(targets, plan)
        print(f"· 数据表已是最新（{len(plan)} 步）", flush=True)
    tallies.count_the_uncounted()


def demo(*, is_anew: bool) -> int:
    """Install the demo into an empty database, or make the demo that is there anew."""
    migrate()
    if is_anew:
        services.reset_demo(now=clock.now(), progress=_say)
    elif Tenant.objects.exists():
        print("数据库里已经有内容，没有改动。要把示例从头建：linli demo --anew", file=sys.stderr)
        return 1
    else:
        services.install_demo(now=clock.now(), progress=_say)
    show_doors()
    return 0


def build_static_files() -> None:
    """Draw the icons and collect the static files, unless that was done (scripts/setup does it)."""
    if settings.DEBUG or (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    _say("整理页面文件")
    call_command("build_sprite", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)


def show_doors() -> int:
    """Print the doors and accounts of the demo; IS_DEMO when there are any."""
    rows = selectors.demo_doors()
    for line in table(rows):
        print(line)
    sys.stdout.flush()
    return IS_DEMO if rows else 0


def table(rows: Sequence[Iterable[Any]]) -> list[str]:
    """Return rows as lines in columns; Chinese characters are two wide."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell + " " * (wide - _width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _say(text: str) -> None:
    print(f"· {text}", flush=True)


class _Progress:
    """Shows each migration on a terminal, on one line."""

    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = total
        self._count = 0

    def __call__(self, action: str, *_about: Any) -> None:
        if action == "apply_success" and sys.stdout.isatty():
            self._count += 1
            end = "\n" if self._count == self._total else ""
            print(f"\r· {self._title} {self._count}/{self._total}", end=end, flush=True)
