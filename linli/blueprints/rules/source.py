"""From text to YAML nodes, refusing what could hurt or confuse: links, depth, size, two documents."""

from typing import Any

import yaml
from yaml.events import AliasEvent, DocumentStartEvent, NodeEvent
from yaml.nodes import Node

from linli.blueprints.rules.findings import Findings, Spot

MAX_CHARACTERS = 400_000
MAX_DEPTH = 16
# The same parser in C, ten times as fast, where it was built.
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str, findings: Findings) -> Node | None:
    """Return the root node, or None with the reason among the findings."""
    if len(text) > MAX_CHARACTERS:
        findings.add(Spot(1, 1), f"文件太大，最多 {MAX_CHARACTERS:,} 个字。")
        return None
    try:
        if not _is_plain(text, findings):
            return None
        node = yaml.compose(text, Loader=LOADER)
    except UnicodeEncodeError as error:
        findings.add(_at(error.start, text), "这里有认不出的字符，删掉后重写这一行。")
        return None
    except yaml.YAMLError as error:
        spot = _spot(error, text)
        findings.add(spot, _why(error, _line(text, spot.line)))
        return None
    if node is None:
        findings.add(Spot(1, 1), "文件是空的。")
    return node


def spot_of(node: Node, path: str = "") -> Spot:
    """Return where a node starts."""
    mark = node.start_mark
    return Spot(mark.line + 1, mark.column + 1, path)


def _is_plain(text: str, findings: Findings) -> bool:
    """Walk the events first: composing recurses, so depth is bounded before it starts."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        mark = event.start_mark
        spot = Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)
        documents += isinstance(event, DocumentStartEvent)
        depth += {"[": 1, "]": -1}.get(_bracket(event), 0)
        if problem := _problem(event, depth, documents):
            findings.add(spot, problem)
            return False
    return True


def _bracket(event: yaml.Event) -> str:
    if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
        return "["
    return "]" if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent) else ""


def _problem(event: yaml.Event, depth: int, documents: int) -> str:
    if documents > 1:
        return "一个文件只写一份方案，去掉这里的“---”。"
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
        return "不要用 & 和 * 引用别处的内容，直接写出来。"
    if depth > MAX_DEPTH:
        return f"缩进层数超过 {MAX_DEPTH} 层，看不懂了。"
    return ""


def _spot(error: yaml.YAMLError, text: str) -> Spot:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return Spot(mark.line + 1, mark.column + 1)
    position = getattr(error, "position", 0)
    return _at(position if isinstance(position, int) else 0, text)


def _at(position: int, text: str) -> Spot:
    before = text[:position]
    return Spot(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _line(text: str, number: int) -> str:
    return "".join(text.splitlines()[number - 1 : number])


def _why(error: yaml.YAMLError, line: str) -> str:
    problem = str(getattr(error, "problem", "") or "")
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "行首用了制表符（Tab），请改成空格。"
    if "mapping values are not allowed" in problem:
        return "这里多了一个冒号，或者上一行的缩进不对；文字里有冒号时用引号括起来。"
    if isinstance(error, yaml.reader.ReaderError):
        return "这里有看不见的控制字符，删掉后重写这一行。"
    return "看不懂这里的写法：检查缩进、冒号后面的空格和引号是否成对。"
