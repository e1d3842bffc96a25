"""Labelled texts to learn from, and the files in which they come."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linli.kernel.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text and its label.

    group: examples of one group are near copies and stay in one fold.
    also: other labels that are as right: communities divide the same things differently.
    """

    text: str
    label: str
    title: str = ""
    group: str = ""
    also: tuple[str, ...] = ()


def read_examples(path: Path) -> list[Example]:
    """Read a labelled file: CSV with a header, JSON lines, or a JSON list.

    Columns: text, label; title and group if there are.
    Errors: BadInput, with the row, for what can't be read.
    """
    rows = _rows_of(path)
    examples = []
    for number, row in enumerate(rows, 1):
        text, title = str(row.get("text") or "").strip(), str(row.get("title") or "").strip()
        label = str(row.get("label") or "").strip()
        if not label or not (text or title):
            raise BadInput(f"第 {number} 行没有 text 或 label。")
        group = "" if row.get("group") is None else str(row["group"])
        examples.append(Example(text=text, label=label, title=title, group=group))
    return examples


def _rows_of(path: Path) -> list[dict[str, Any]]:
    try:
        content = path.read_bytes()
    except OSError:
        raise BadInput(f"打不开文件 {path.name}。") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        if text.lstrip().startswith("["):
            rows = json.loads(text)
        elif text.lstrip().startswith("{"):
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = list(csv.DictReader(text.splitlines()))
    except ValueError as error:
        raise BadInput(f"文件 {path.name} 读不懂：{error}") from None
    if not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"文件 {path.name} 里应当每行一条，有 text 和 label。")
    return rows
