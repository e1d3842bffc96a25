"""What changed between two versions of a text, line by line, for whoever reads back."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: as before, not there any more, or new."""

    kind: str
    words: str


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[Line, ...]]:
    """Return the lines of every text that either version has, by its name, in the order of the new."""
    found = {}
    for name, words in new.items():
        before, after = old.get(name, "").splitlines(), words.splitlines()
        if before or after:
            found[name] = tuple(_lines(before, after))
    return found


def _lines(before: list[str], after: list[str]) -> list[Line]:
    result: list[Line] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            result += [Line(SAME, words) for words in before[i1:i2]]
        else:
            result += [Line(GONE, words) for words in before[i1:i2]]
            result += [Line(NEW, words) for words in after[j1:j2]]
    return result
