"""Says whether all is well: the installation (`linli check`) and what happened (`linli verify`)."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import Error as DatabaseProblem
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

from linli.kernel import calendar, clock, seals, tenancy
from linli.kernel.models import EventRow, Job, Retry, Tenant

ENOUGH_BYTES: Final = 2 * 1024**3
TOO_FEW_BYTES: Final = 256 * 1024**2
# The worker marks every ten seconds that it is there.
WORKER_SILENCE: Final = timedelta(minutes=1)
LAG: Final = timedelta(seconds=30)


class Grade(StrEnum):
    """How a finding is: as it should be, worth a look, or to be mended."""

    GOOD = "✓"
    LOOK = "!"
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    grade: Grade
    text: str


Check = Callable[[datetime], Iterator[Finding]]


def check() -> int:
    """Print what was found; exit code 1 when something has to be mended."""
    found = list(findings(clock.now()))
    for finding in found:
        print(f"{finding.grade} {finding.text}")
    bad = sum(finding.grade is Grade.BAD for finding in found)
    print(f"有 {bad} 处要处理。" if bad else "可以正常使用。")
    return 1 if bad else 0


def findings(now: datetime) -> Iterator[Finding]:
    """Yield what each check found; without a database, or its tables, there is nothing more to ask."""
    yield from _settings(now)
    yield from _disk(now)
    try:
        yield from _database(now)
        tables = list(_migrations(now))
        yield from tables
        if any(finding.grade is Grade.BAD for finding in tables):
            return
        for look in (_worker, _lag, _parked, _calendar):
            yield from look(now)
    except DatabaseProblem as error:
        yield Finding(Grade.BAD, f"数据库用不了：{str(error).strip().splitlines()[0]}")


def verify() -> int:
    """Check all tenants' seals and print the newest; exit code 1 when something was changed."""
    count = 0
    for tenant in Tenant.objects.order_by("code"):
        with tenancy.tenant(tenant.pk):
            found = 0
            for finding in seals.verify():
                found += 1
                print(f"✗ {tenant.name}：{finding.message}", flush=True)
            newest = seals.newest()
        if newest is not None and not found:
            local = clock.local(newest.sealed_at)
            last = f"{newest.number} 次封存，最后一次 {local:%Y-%m-%d %H:%M}"
            print(f"✓ {tenant.name}：{last}，{newest.hash}")
        count += found
    print(f"发现 {count} 处和封存时不一样。" if count else "记录和封存时一样。")
    return 1 if count else 0


def _settings(_now: datetime) -> Iterator[Finding]:
    for error in run_checks():
        grade = Grade.BAD if error.level >= ERROR else Grade.LOOK
        yield Finding(grade, f"设置：{error.msg}")
    if settings.DEBUG:
        yield Finding(Grade.BAD, "LINLI_DEBUG=1：出错时会把内部内容显示给访客。正式使用时去掉它。")
    if settings.DEMO:
        yield Finding(Grade.LOOK, "LINLI_DEMO=1：验证码直接显示在页面上，只能用来试用。")
    if not settings.PUBLIC_URL:
        yield Finding(Grade.LOOK, "没有设 LINLI_PUBLIC_URL：二维码和短信里的链接会用访问时的地址。")
    for name in ("data.key", "secret.key"):
        path = settings.DATA_DIR / name
        if path.exists() and path.stat().st_mode & 0o077:
            yield Finding(Grade.BAD, f"密钥 {path} 别的用户也能读：chmod 600 {path}")


def _disk(_now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    grade = Grade.GOOD if free > ENOUGH_BYTES else Grade.LOOK if free > TOO_FEW_BYTES else Grade.BAD
    yield Finding(grade, f"磁盘还剩 {free / 1024**3:.1f} GB（{settings.DATA_DIR}）")


def _database(_now: datetime) -> Iterator[Finding]:
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if is_sqlite else "SHOW server_version")
        version = cursor.fetchone()[0]
    yield Finding(Grade.GOOD, f"数据库：{'SQLite' if is_sqlite else 'PostgreSQL'} {version}")


def _migrations(_now: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        yield Finding(Grade.BAD, f"数据表差 {missing} 步没有更新：linli migrate")
    else:
        yield Finding(Grade.GOOD, "数据表是最新的")


def _worker(now: datetime) -> Iterator[Finding]:
    last = Tenant.objects.filter(is_active=True).aggregate(last=Max("ticked_at"))["last"]
    if not Tenant.objects.exists():
        yield Finding(Grade.LOOK, "还没有社区：linli new-community")
    elif last is None:
        yield Finding(Grade.BAD, "后台还没有运行过：linli worker")
    elif last > now + WORKER_SILENCE:
        behind = round((last - now).total_seconds())
        yield Finding(Grade.BAD, f"这台机器的时钟比后台见过的时间慢 {behind} 秒，请校准时钟。")
    elif last < now - WORKER_SILENCE:
        yield Finding(
            Grade.BAD, f"后台从 {clock.local(last):%Y-%m-%d %H:%M:%S} 起没有动静：linli worker"
        )
    else:
        yield Finding(Grade.GOOD, "后台在运行")


def _lag(now: datetime) -> Iterator[Finding]:
    with tenancy.all_tenants():
        waiting = EventRow.objects.filter(delivered_at=None, recorded_at__lt=now - LAG).count()
    if waiting:
        yield Finding(Grade.BAD, f"有 {waiting} 条记录等了 {LAG.seconds} 秒以上还没有发出去")


def _parked(_now: datetime) -> Iterator[Finding]:
    with tenancy.all_tenants():
        jobs = Job.objects.filter(done_at=None, parked_at__isnull=False).count()
        retries = Retry.objects.filter(parked_at__isnull=False).count()
    if jobs or retries:
        yield Finding(Grade.LOOK, f"多次没有成功、已经停下来的：任务 {jobs} 个，通知 {retries} 个")
    else:
        yield Finding(Grade.GOOD, "没有停下来的任务")


def _calendar(now: datetime) -> Iterator[Finding]:
    for tenant in Tenant.objects.filter(is_active=True).order_by("code"):
        with tenancy.tenant(tenant.pk):
            warning = calendar.find_year_warning(clock.local(now).date())
        if warning:
            yield Finding(Grade.LOOK, f"{tenant.name}：{warning}")
