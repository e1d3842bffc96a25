"""What a new community has to say about itself: as options, or answered on a terminal."""

import argparse
import re
import sys
from dataclasses import dataclass, replace
from typing import Final

from linli.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a new community has to say. `pattern`: what an answer looks like."""

    name: str
    words: str
    pattern: str = r".+"
    default: str | None = None


QUESTIONS: Final = (
    Question("like", "从哪个示例开始"),
    Question("tenant_code", "代号：链接和二维码的开头，两到八个小写字母", r"[a-z]{2,8}"),
    Question("district", "区县名称"),
    Question("district_code", "区县代码（6 位）", r"\d{6}"),
    Question("subdistrict", "街道或镇名称"),
    Question("subdistrict_code", "街道或镇代码（9 位）", r"\d{9}"),
    Question("community", "社区名称"),
    Question("community_code", "社区代码（12 位）", r"\d{12}"),
    Question("initials", "编号开头的字母", r"[A-Za-z]{1,4}", "SQ"),
    Question("lat", "纬度，例如 34.6", r"-?\d+(\.\d+)?", "30.0"),
    Question("lon", "经度，例如 119.2", r"-?\d+(\.\d+)?", "110.0"),
    Question("grids", "网格数", r"\d+", "6"),
    Question("households", "户数", r"\d+", "0"),
    Question("residents", "人口", r"\d+", "0"),
    Question("lead_name", "社区负责人姓名"),
    Question("lead_login", "社区负责人的登录名", r"[A-Za-z0-9._-]{3,}"),
    Question("file", "方案写到哪个文件", r".+\.yaml"),
)


def about(titles: dict[str, str]) -> tuple[Question, ...]:
    """Return the questions; the first offers these blueprints, by name with their titles."""
    offered = "；".join(f"{name} {title}" for name, title in titles.items())
    first = QUESTIONS[0]
    like = replace(first, words=f"{first.words}（{offered}）", pattern="|".join(titles))
    return (like, *QUESTIONS[1:])


def add_options(command: argparse.ArgumentParser) -> None:
    """Take every answer as an option; what is missing is asked on a terminal."""
    for question in QUESTIONS:
        option = f"--{question.name.replace('_', '-')}"
        command.add_argument(option, dest=question.name, metavar="…", help=question.words)


def answer(question: Question, options: argparse.Namespace) -> str:
    """Return the answer, given or asked for. Errors: BadInput, saying what is missing."""
    given = getattr(options, question.name)
    while True:
        said = given or _ask(question)
        if re.fullmatch(question.pattern, said):
            return said
        if given or not sys.stdin.isatty():
            raise BadInput(f"“{said}”不行。{question.words}")
        print(f"“{said}”不行。")


def _ask(question: Question) -> str:
    words = question.words
    if sys.stdin.isatty():
        shown = f"{words}［{question.default}］：" if question.default else f"{words}："
        return input(shown).strip() or question.default or ""
    if question.default is None:
        raise BadInput(f"缺 --{question.name.replace('_', '-')}：{words}")
    return question.default
