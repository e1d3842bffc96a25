"""The kinds of single values in a blueprint; each reads a YAML node and says what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar, Final, NamedTuple, Protocol

from yaml.nodes import Node, ScalarNode

from linli.blueprints.rules.findings import Findings, Spot, offer
from linli.blueprints.rules.source import spot_of

MISSING: Final = object()  # stands for a value that could not be read
YES, NO = ("是", "true", "yes"), ("否", "false", "no")


class Kind(Protocol):
    """Something that reads a node."""

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return the value, or MISSING with the reason among the findings."""


class Said(NamedTuple):
    """A word that refers to something else in the file, and where it stands."""

    text: str
    spot: Spot

    def __str__(self) -> str:
        return self.text


class Span(NamedTuple):
    """From one time of the day to another."""

    starts_at: time
    ends_at: time


class Limit(NamedTuple):
    """An amount of a unit of time; units as `kernel.worktime` names them."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words. is_reference: the value is wanted together with its place."""

    longest: int = 60
    pattern: str = ""
    looks: str = ""  # how it should look, in words, when there is a pattern
    is_reference: bool = False

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return the words without blanks at the ends."""
        spot = spot_of(node, path)
        text = scalar(node, spot, findings)
        if text is MISSING:
            return MISSING
        if len(text) > self.longest:
            return fail(findings, spot, f"太长了，最多 {self.longest} 个字，现在 {len(text)} 个。")
        if self.pattern and not re.fullmatch(self.pattern, text):
            return fail(findings, spot, f"“{short(text)}”写法不对，应为{self.looks}。")
        return Said(text, spot) if self.is_reference else text


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds; whole unless `is_whole` says otherwise."""

    least: float
    most: float
    is_whole: bool = True

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return an int, or a float."""
        spot = spot_of(node, path)
        text = scalar(node, spot, findings)
        if text is MISSING:
            return MISSING
        pattern = r"-?\d{1,9}" if self.is_whole else r"-?\d{1,9}(\.\d{1,9})?"
        plain = text.replace(",", "")
        if not re.fullmatch(pattern, plain, re.ASCII):
            return fail(
                findings, spot, f"“{short(text)}”不是{'整数' if self.is_whole else '数字'}。"
            )
        value = float(plain)
        if not self.least <= value <= self.most:
            return fail(
                findings, spot, f"{text} 超出范围，应在 {self.least:g} 到 {self.most:g} 之间。"
            )
        return int(value) if self.is_whole else value


@dataclass(frozen=True, slots=True)
class YesNo:
    """是 or 否."""

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return a bool."""
        spot = spot_of(node, path)
        text = scalar(node, spot, findings)
        if text is MISSING:
            return MISSING
        if text.lower() in YES + NO:
            return text.lower() in YES
        return fail(findings, spot, f"“{short(text)}”看不懂，写“是”或“否”。")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the words that are known; gives what the word stands for."""

    words: Mapping[str, str]

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return the code behind the word."""
        spot = spot_of(node, path)
        text = scalar(node, spot, findings)
        if text is MISSING or text in self.words:
            return MISSING if text is MISSING else self.words[text]
        return fail(findings, spot, f"“{short(text)}”不在可选的词里，{offer(text, self.words)}")


@dataclass(frozen=True, slots=True)
class Times:
    """A stretch of the day: 08:30-12:00. A night may cross midnight where `may_cross` says so."""

    may_cross: bool = False

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return a Span."""
        spot = spot_of(node, path)
        text = scalar(node, spot, findings)
        if text is MISSING:
            return MISSING
        match = re.fullmatch(r"(\d{1,2}):(\d\d)\s*[-–—至到]\s*(\d{1,2}):(\d\d)", text, re.ASCII)
        hours = [int(part) for part in match.groups()] if match else []
        if not hours or max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59:
            return fail(findings, spot, f"“{short(text)}”不是时间段，写成 08:30-12:00 这样。")
        span = Span(time(hours[0], hours[1]), time(hours[2], hours[3]))
        if span.starts_at == span.ends_at or (span.starts_at > span.ends_at and not self.may_cross):
            return fail(findings, spot, f"“{text}”的结束要晚于开始。")
        return span


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long something may take: 24 小时, 2 个工作小时, 3 个工作日, 当天."""

    UNITS: ClassVar = {"小时": "hour", "工作小时": "work_hour", "工作日": "work_day"}

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return a Limit."""
        spot = spot_of(node, path)
        text = scalar(node, spot, findings)
        if text is MISSING:
            return MISSING
        if text in ("当天", "当日"):
            return Limit(1, "same_day")
        match = re.fullmatch(r"(\d{1,4})\s*个?\s*(工作小时|小时|工作日)", text, re.ASCII)
        if match is None or not 1 <= int(match[1]) <= 9999:
            hint = "写成“24 小时”“2 个工作小时”“3 个工作日”或“当天”"
            return fail(findings, spot, f"“{short(text)}”不是期限，{hint}。")
        return Limit(int(match[1]), self.UNITS[match[2]])


@dataclass(frozen=True, slots=True)
class Numbers:
    """A list of numbers with ranges: 1-6, 8, 10-12."""

    most: int = 400

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return the numbers in the order written."""
        spot = spot_of(node, path)
        text = scalar(node, spot, findings)
        if text is MISSING:
            return MISSING
        numbers = numbers_in(text, self.most)
        if numbers is None:
            return fail(findings, spot, f"“{short(text)}”看不懂，写成 1-6, 8, 10-12 这样。")
        if len(set(numbers)) < len(numbers):
            return fail(findings, spot, f"“{short(text)}”里有重复的号。")
        return numbers


def numbers_in(text: str, most: int) -> list[int] | None:
    """Return the numbers of "1-6, 8", or None when it isn't one or there are more than `most`."""
    numbers: list[int] = []
    for part in re.split(r"[,，、]\s*", text.strip()):
        match = re.fullmatch(r"(\d{1,4})(?:\s*[-–—至到]\s*(\d{1,4}))?", part.strip(), re.ASCII)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or len(numbers) + last - first >= most:
            return None
        numbers.extend(range(first, last + 1))
    return numbers


def scalar(node: Node, spot: Spot, findings: Findings) -> Any:
    """Return the words of a single value, or MISSING."""
    if not isinstance(node, ScalarNode):
        return fail(findings, spot, "这里要写一个值，不是一串。")
    text = str(node.value).strip()
    if not text or text in ("~", "null"):
        return fail(findings, spot, "这里没有填；不需要就把整行去掉。")
    return text


def fail(findings: Findings, spot: Spot, message: str) -> Any:
    """Keep a finding and return MISSING."""
    findings.add(spot, f"{_key(spot)}{message}")
    return MISSING


def _key(spot: Spot) -> str:
    key = spot.path.rsplit(" › ", 1)[-1]
    return f"{key}：" if key else ""


def short(text: str) -> str:
    """Return the head of a long text, for messages."""
    return text if len(text) <= 20 else text[:20] + "…"
