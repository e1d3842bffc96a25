"""Plain lines with a few marks, read into blocks: headings, lists, check lists, paragraphs, links.

Nobody's HTML is ever shown: a template writes each block, and escapes every word of it.

    ## 谁可以办            a heading (# and ### too)
    - 一条                 a list;  1. 一条  a numbered one;  - [ ] 身份证  something to bring
    其他                   a paragraph; an empty line ends it, line ends inside stay
    [名字](https://…)      a link, anywhere; bare addresses and telephone links too
"""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"\s*#{1,3}\s+(.+)")
_CHECK = re.compile(r"\s*[-*]\s+\[[ xX]?\]\s*(.+)|\s*[□☐]\s*(.+)")
_BULLET = re.compile(r"\s*[-*•·]\s+(.+)")
_NUMBER = re.compile(r"\s*\d{1,2}(?:[.)]\s+|[、．]\s*)(.+)")
_STOPS = "。；：，、？.;:,?"
_LINK = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,80})\]\((?P<target>[^()\s]{1,500})\)"
    r"|(?P<bare>https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]{3,400})"
)
# Where a link may lead: the open web, a telephone, a mailbox, our own pages.
_SAFE = re.compile(r"(?:https?://[^\s/]|tel:[+\d-]{3,20}$|mailto:[^\s@]+@[^\s@]+$|/(?!/))", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """Some words; with a target they are a link."""

    words: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block; kind is heading, paragraph, bullets, numbers or checks; a line is its parts."""

    kind: str
    lines: tuple[tuple[Part, ...], ...]


def blocks(text: str) -> tuple[Block, ...]:
    """Return a text's blocks, in order."""
    found: list[tuple[str, list[str]]] = []
    is_open = False
    for line in text.replace("\r\n", "\n").split("\n"):
        kind, words = _read(line)
        if not words:
            is_open = False
            continue
        if is_open and kind != "heading" and found[-1][0] == kind:
            found[-1][1].append(words)
        else:
            found.append((kind, [words]))
        is_open = True
    return tuple(Block(kind, tuple(map(parts, lines))) for kind, lines in found)


def _read(line: str) -> tuple[str, str]:
    for kind, pattern in (
        ("heading", _HEADING),
        ("checks", _CHECK),
        ("bullets", _BULLET),
        ("numbers", _NUMBER),
    ):
        match = pattern.fullmatch(line)
        if match:
            return kind, next(one for one in match.groups() if one).strip()
    return "paragraph", line.strip()


def parts(line: str) -> tuple[Part, ...]:
    """Return a line as words and links; a link that leads nowhere safe stays as it was typed."""
    found: list[Part] = []
    end = 0
    for match in _LINK.finditer(line):
        target = match["target"] or match["bare"]
        if not _SAFE.match(target):
            continue
        if match.start() > end:
            found.append(Part(line[end : match.start()]))
        found.append(Part(match["words"] or target, target))
        end = match.end()
    if end < len(line):
        found.append(Part(line[end:]))
    return tuple(found)


def plain(text: str) -> str:
    """Return a text as one run of words, for feeds, lists and paper: no marks, no line ends."""
    lines = ["".join(part.words for part in line) for one in blocks(text) for line in one.lines]
    joined = "".join(line if line[-1:] in _STOPS else f"{line}；" for line in lines)
    return joined.removesuffix("；")
