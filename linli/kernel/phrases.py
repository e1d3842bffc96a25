"""Turns a file of ways to say things into many texts to learn from, the same each time.

A phrase holds choices in brackets: `[路灯|楼道灯][不亮|坏了]`. Each is spoken in a few of its ways,
some with a place before it, some with how long it has been so and a plea behind, as people write.
A word alone is spoken in the few ways in which people name a matter.
"""

import hashlib
import re
from itertools import product
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import yaml

from linli.kernel.errors import BadInput
from linli.kernel.examples import Example

WAYS: Final = 8  # how many texts are made of one phrase
_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_BEFORE: Final = (
    "", "", "", "3号楼2单元", "我们小区", "小区北门", "我家楼下", "5栋", "幼儿园门口那边", "东区",
    "二期", "咱们楼", "老院子里", "12号楼前面", "社区门口", "一单元", "我们这栋", "广场旁边",
)  # fmt: skip
_BEHIND: Final = (
    "", "", "", "，已经三天了", "，好几个星期了", "，从昨天晚上开始的", "，一直这样", "，又这样了",
    "，反映过没人管", "，上个月就说过",
)  # fmt: skip
_PLEAS: Final = (
    "", "", "", "。", "，请尽快处理。", "，麻烦派人来看看", "。希望解决一下，谢谢", "，什么时候能弄好？",
    "，求帮忙", "。请社区管一管。", "，影响大家生活",
)  # fmt: skip

_ASKED: Final = (
    "反映{}的问题", "{}的事怎么没人管", "想反映一下{}", "关于{}，请社区处理", "投诉{}", "{}问题一直没解决",
)  # fmt: skip


def read_phrases(path: Path) -> list[Example]:
    """Return the texts that a file of phrases gives, those of one phrase in one group.

    Shape of the file: a list of {类: [label, also right…], 话: [phrase, …], 词: [word, …]}.
    Errors: BadInput for a file of another shape.
    """
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(blocks, list):
        raise BadInput(f"文件 {path.name} 里应当是一段段“类”和“话”、“词”。")
    examples: list[Example] = []
    for block in blocks:
        labels, phrases, words = _parts_of(block, path.name)
        several = [*map(spoken, phrases), *map(named, words)]
        for phrase, texts in zip([*phrases, *words], several, strict=True):
            examples += [
                Example(text=text, label=labels[0], also=tuple(labels[1:]), group=phrase)
                for text in texts
            ]
    return examples


def digest_of(path: Path) -> str:
    """Return what tells which file a model was learnt from."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _parts_of(block: Any, name: str) -> tuple[list[str], list[str], list[str]]:
    try:
        labels = list(map(str, block["类"]))
        phrases, words = (list(map(str, block.get(key) or ())) for key in ("话", "词"))
    except (AttributeError, TypeError, KeyError):
        raise BadInput(f"文件 {name} 里有一段没有“类”。") from None
    if not labels or not (phrases or words):
        raise BadInput(f"文件 {name} 里有一段的“类”是空的，或者没有“话”和“词”。")
    return labels, phrases, words


def named(word: str) -> list[str]:
    """Return the few ways in which people name a matter, the same each time."""
    mark = crc32(word.encode())
    before, plea = _BEFORE[mark % len(_BEFORE)], _PLEAS[mark // 97 % len(_PLEAS)]
    asked = _ASKED[mark // 9973 % len(_ASKED)]
    return list(dict.fromkeys((word, f"{before}{word}{plea}", asked.format(word))))


def spoken(phrase: str) -> list[str]:
    """Return some ways of saying a phrase, all different, the same each time."""
    ways = ["".join(parts) for parts in product(*_pieces(phrase))]
    texts: dict[str, None] = {}
    for turn in range(WAYS):
        # Even steps through all ways, so that no choice is left out.
        way = ways[turn * len(ways) // WAYS]
        mark = crc32(f"{phrase}{turn}".encode())
        before = _BEFORE[mark % len(_BEFORE)]
        behind = _BEHIND[mark // 97 % len(_BEHIND)]
        plea = _PLEAS[mark // 9973 % len(_PLEAS)]
        texts[f"{before}{way}{behind}{plea}"] = None
    return list(texts)


def _pieces(phrase: str) -> list[list[str]]:
    """Return what stands fixed and what is chosen, in order."""
    pieces = []
    for place, piece in enumerate(_CHOICE.split(phrase)):
        pieces.append(piece.split("|") if place % 2 else [piece])
    return pieces
