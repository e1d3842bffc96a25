"""Start a community from one of the five blueprints."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linli.blueprints import selectors
from linli.blueprints.management.commands.install_blueprint import lines_of
from linli.blueprints.services import NewCommunity, start_community
from linli.kernel import clock
from linli.kernel.errors import DomainError

# Option, what it is, example.
_PLACE = (
    ("district", "区县名称", "新建区"),
    ("district-code", "区县的六位区划码", "360112"),
    ("subdistrict", "街道或镇的名称", "长堎镇"),
    ("subdistrict-code", "街道的九位区划码", "360112100"),
    ("community", "社区名称", "文教路社区"),
    ("community-code", "社区的十二位区划码", "360112100012"),
)


class Command(BaseCommand):
    help = "照一份现成的方案建一个新社区：写出方案文件、安装、建好第一个负责人账号。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [file.name for file in selectors.library()]
        parser.add_argument("like", choices=names, metavar="照哪一份", help="、".join(names))
        parser.add_argument("--code", required=True, help="代号：2 到 8 个小写字母，点位码以它开头")
        for name, text, example in _PLACE:
            parser.add_argument(f"--{name}", required=True, help=f"{text}，例如 {example}")
        parser.add_argument("--initials", default="SQ", help="工单编号的字头，两到四个大写字母")
        parser.add_argument("--lat", type=float, default=30.0, help="社区中心的纬度")
        parser.add_argument("--lon", type=float, default=110.0, help="社区中心的经度")
        parser.add_argument("--grids", type=int, default=6, help="分几个网格")
        parser.add_argument("--households", type=int, default=0, help="户数")
        parser.add_argument("--residents", type=int, default=0, help="人口")
        parser.add_argument("--lead-name", required=True, help="第一个负责人的姓名")
        parser.add_argument("--lead-login", default="", help="负责人的登录名，默认“代号-lead”")
        parser.add_argument("--to", type=Path, default=None, help="方案文件写到哪里")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.DATA_DIR) / "blueprints"
        fields = {name: options[name] for name in NewCommunity.__slots__ if name in options}
        try:
            started = start_community(
                like=options["like"],
                new=NewCommunity(tenant_code=options["code"], **fields),
                target=options["to"] or folder / f"{options['code']}.yaml",
                lead_login=options["lead_login"] or f"{options['code']}-lead",
                lead_name=options["lead_name"],
                now=clock.now(),
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("\n".join(lines_of(started.report)))
        self.stdout.write(f"方案文件：{started.path}（改过以后用 install_blueprint 再装）")
        self.stdout.write(f"负责人 {started.lead.name}：账号 {started.lead.login}")
        self.stdout.write(f"初始密码 {started.lead.password}（只显示这一次，第一次登录要改）")
