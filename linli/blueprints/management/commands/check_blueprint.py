"""Check blueprints: what has to be put right, line by line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.blueprints.rules import check


class Command(BaseCommand):
    help = "检查社区方案文件，有错会说是第几行、怎么改；不改动任何数据。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="文件")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for path in options["files"]:
            found = check(read_text(path), path.name)
            count += len(found)
            for finding in found:
                self.stdout.write(f"{path.name} {finding}")
            if not found:
                self.stdout.write(f"{path.name} 没有问题，可以安装。")
        if count:
            raise CommandError(f"共有 {count} 处要改。")


def read_text(path: Path) -> str:
    """Return a file's text. Errors: CommandError when it can't be read or isn't UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"打不开 {path}：{error.strerror}。") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} 不是 UTF-8 编码，用编辑器“另存为”UTF-8 再试。") from None
