"""What is wrong with a blueprint, and where: every finding names its line."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

MAX_FINDINGS = 100


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something to put right. line, column: from 1; path: the keys that lead there, for people."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.message}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the file: where a value stands, and the keys that lead to it."""

    line: int
    column: int
    path: str = ""

    def below(self, step: str) -> "Spot":
        """Return the same place with one more key in its path."""
        return Spot(self.line, self.column, f"{self.path} › {step}" if self.path else step)


class Findings:
    """Collects findings while a file is read."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def add(self, spot: Spot, message: str) -> None:
        """Keep one more finding; what goes beyond MAX_FINDINGS helps nobody and is left out."""
        if len(self._found) < MAX_FINDINGS:
            self._found.append(Finding(spot.line, spot.column, spot.path, message))

    def sorted(self) -> list[Finding]:
        """Return what was found, from the top of the file, each once."""
        return sorted(set(self._found))

    def __bool__(self) -> bool:
        return bool(self._found)


def offer(wanted: str, known: Iterable[str]) -> str:
    """Return "是不是想写“…”" when something similar is known, else what there is to choose from."""
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    if near:
        return f"是不是想写“{near[0]}”？"
    if not names:
        return "这里还一个都没有写。"
    shown = "、".join(names[:12])
    return f"可用的有：{shown}{' 等' if len(names) > 12 else ''}。"
