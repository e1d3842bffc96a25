"""Install a blueprint, or a changed one again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.blueprints.management.commands.check_blueprint import read_text
from linli.blueprints.rules import read
from linli.blueprints.services import InstallReport, install_as_system
from linli.kernel import clock
from linli.kernel.errors import DomainError


class Command(BaseCommand):
    help = "安装社区方案文件；改过再装也不会覆盖在页面上改的内容。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            report = install_as_system(blueprint=read(read_text(path), path.name), now=clock.now())
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        for line in lines_of(report):
            self.stdout.write(line)


def lines_of(report: InstallReport) -> list[str]:
    """Return what an installation did, in words."""
    lines = [f"新建 {report.created} 项，随文件更新 {report.updated} 项。"]
    lines += [
        f"保留页面上的改动：{kept.noun}“{kept.name}”（{'、'.join(kept.fields)}）"
        for kept in report.kept
    ]
    lines += [f"文件里已经没有、系统里保留：{name}" for name in report.left]
    return lines
