"""Starts a community of one's own from a blueprint, and installs a file again after a change."""

import argparse
from pathlib import Path
from typing import Any

from config import prepare
from config.questions import about, answer
from linli.blueprints import selectors, services
from linli.blueprints.rules import read
from linli.kernel import clock
from linli.kernel.errors import BadInput


def start(options: argparse.Namespace) -> int:
    """Start a community and print where its file is and how its lead signs in."""
    prepare.migrate()
    titles = {file.name: file.title for file in selectors.library()}
    answers: dict[str, Any] = {each.name: answer(each, options) for each in about(titles)}
    numbers: dict[str, Any] = {
        name: int(answers.pop(name)) for name in ("grids", "households", "residents")
    }
    numbers |= {name: float(answers.pop(name)) for name in ("lat", "lon")}
    begun = services.start_community(
        like=answers.pop("like"), target=Path(answers.pop("file")), lead_login=answers.pop("lead_login"),
        lead_name=answers.pop("lead_name"), new=services.NewCommunity(**answers, **numbers), now=clock.now(),
    )  # fmt: skip
    print(f"已建好。方案在 {begun.path}，改好后再装一次：linli install {begun.path}")
    print(f"负责人登录名 {begun.lead.login}，第一次的密码 {begun.lead.password}（只显示这一次）")
    return 0


def install(file: Path) -> int:
    """Install a blueprint file, or follow the changes in it."""
    prepare.migrate()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"读不了 {file}：{error}") from None
    report = services.install_as_system(blueprint=read(text, file.name), now=clock.now())
    print(f"已装好：新建 {report.created} 项，更新 {report.updated} 项。")
    for kept in report.kept:
        print(f"! 页面上改过，没有动：{kept.noun} {kept.name}（{'、'.join(kept.fields)}）")
    for name in report.left:
        print(f"! 方案里没有了，留着没有删：{name}")
    return 0
