"""Brings an old mailbox in from a file: `linli import-messages`."""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linli.kernel.errors import BadInput

_CHUNK = 1024 * 1024
_SHOWN = 20


def add_options(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.add_argument("file", type=Path, metavar="文件", help="CSV、XLSX 或 JSON 行")
    command.add_argument("--community", required=True, metavar="代码", help="社区的代码，12 位")
    command.add_argument(
        "--source", required=True, metavar="名称", help="哪个信箱；同名信箱里的同一条只进来一次"
    )
    command.add_argument(
        "--category", required=True, metavar="类别", help="对不上类别的归到哪一类，名称或代码"
    )
    command.add_argument(
        "--column", action="append", default=[], metavar="字段=列名",
        help="某个字段在哪一列，例如 内容=留言详情；不写就按列名猜",
    )  # fmt: skip
    command.add_argument("--yes", action="store_true", help="检查以后不问，直接导入")


def bring_in(options: argparse.Namespace) -> int:
    """Check the file row by row, say what is wrong, and import it once that is confirmed."""
    from linli.cases import selectors
    from linli.cases.services import mailboxes
    from linli.kernel import clock, tenancy
    from linli.kernel.actor import system
    from linli.places import selectors as places

    tenant_id = _tenant_of(options.community)
    with tenancy.tenant(tenant_id):
        actor, now = system(tenant_id), clock.now()
        category = _category(options.category, selectors.active_categories())
        kept = mailboxes.prepare_mailbox(
            community_id=places.get_community(options.community).pk,
            source_name=options.source,
            file_name=options.file.name,
            chunks=_chunks(options.file),
            actor=actor,
            now=now,
        )
        columns = {**kept.columns, **_columns(options.column, kept.header)}
        _say_columns(columns, kept.header)
        checked = _carried(
            mailboxes.check_mailbox(
                mailbox_id=kept.pk, columns=columns, category_id=category.pk, actor=actor,
                now=now, key=str(kept.pk),
            )
        )  # fmt: skip
        _say_found(checked, kept)
        ask: dict[str, Any] = {"mailbox_id": kept.pk, "actor": actor, "now": now}
        if not _good(kept) or not (options.yes or _is_wanted(_good(kept))):
            mailboxes.discard_mailbox(**ask)
            print("· 什么都没有改。")
            return 0 if _good(kept) else 1
        run = _carried(mailboxes.import_mailbox(**ask))
        print(f"· {run.message}")
        return 0 if run.state == "done" else 1


def _tenant_of(code: str) -> int:
    from linli.kernel import tenancy
    from linli.kernel.models import Tenant
    from linli.places import selectors as places

    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        with tenancy.tenant(tenant.pk):
            if places.communities().filter(code=code).exists():
                return tenant.pk
    raise BadInput(f"没有代码是 {code} 的社区。")


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise BadInput(f"打不开 {path.name}：{error.strerror}。") from None


def _category(said: str, categories: Any) -> Any:
    for one in categories:
        if said in (one.code, one.name):
            return one
    names = "、".join(one.name for one in categories)
    raise BadInput(f"没有“{said}”这一类。现有：{names}。")


def _columns(said: list[str], header: list[str]) -> dict[str, int]:
    from linli.cases.services.mailbox_columns import FIELDS

    fields = {key: field.name for field in FIELDS for key in (field.name, str(field.label))}
    found = {}
    for one in said:
        field, _sep, column = one.partition("=")
        if field not in fields:
            raise BadInput(
                f"没有“{field}”这个字段。可以写：{'、'.join(str(f.label) for f in FIELDS)}。"
            )
        if column not in header:
            raise BadInput(f"文件里没有“{column}”这一列。有：{'、'.join(header)}。")
        found[fields[field]] = header.index(column)
    return found


def _say_columns(columns: dict[str, int], header: list[str]) -> None:
    from linli.cases.services.mailbox_columns import FIELDS

    pairs = [
        f"{field.label} ← {header[columns[field.name]]}"
        for field in FIELDS
        if field.name in columns
    ]
    print("· " + "，".join(pairs))


def _carried(run: Any) -> Any:
    """Carry a run here, or follow the worker that has it, showing how far it is."""
    from linli.kernel import clock, runs

    run = runs.carry_here(run, clock.now(), lambda: time.sleep(0.5), show=_show)
    if sys.stdout.isatty():
        print()
    return run


def _show(done: int, total: int | None) -> None:
    if sys.stdout.isatty():
        print(f"\r· {done:,}{f' / {total:,}' if total else ''} 行", end="", flush=True)


def _say_found(run: Any, kept: Any) -> None:
    from linli.kernel import runs

    kept.refresh_from_db()
    print(f"· {run.message}")
    for words, count in kept.found.get("warnings", ()):
        print(f"  {words}：{count:,} 行")
    errors = runs.errors_of(run)
    for error in errors[:_SHOWN]:
        print(f"  第 {error.row} 行：{error.text}")
    if run.error_count > _SHOWN:
        print(f"  …… 还有 {run.error_count - _SHOWN:,} 行")


def _good(kept: Any) -> int:
    return int(kept.found.get("new", 0) + kept.found.get("history", 0))


def _is_wanted(count: int) -> bool:
    try:
        return input(f"导入 {count:,} 条？写“是”开始：").strip() in ("是", "y", "yes", "Y")
    except EOFError:
        return False
