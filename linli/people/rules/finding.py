"""The words by which people are found: pairs of characters, initials in pinyin, tails, addresses.

A word says of which kind it is ("c:小明", "i:zxm", "t:5678", "b:3"), so that building 3 is not
taken for room 3. What is stored are keyed hashes of these words, made in the services.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Final

MOST_READINGS: Final = 6  # of a name with characters that are read in several ways
MOST_WORDS: Final = 12  # of a query
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_NUMBER: Final = re.compile(r"\d+|(?<![a-z])[a-z](?![a-z])")
_BUILDING: Final = r"(?:号楼|楼栋|栋|幢|座|楼)"
_PIECES: Final = re.compile(
    rf"(?P<chain>\d+-\d+(?:-\d+)?)|(?P<building>\d+|[a-z])\s*{_BUILDING}|(?P<entrance>\d+)\s*(?:单元|门)"
    r"|(?P<home>\d+)\s*(?:室|户|房)|(?P<digits>\d+)\s*号?|(?P<letters>[a-z]+)|(?P<han>[\u3400-\u9fff]+)"
)


def person_words(name: str, phone_tail: str) -> list[str]:
    """Return the words of a name and the tail of a phone."""
    words = dict.fromkeys(_pairs(name))
    if name:
        words[f"c:{name[0]}"] = None
    words.update(dict.fromkeys(f"i:{said}" for said in initials(name)))
    if phone_tail:
        words[f"t:{phone_tail}"] = None
    return list(words)


def address_words(estate: str, building: str, entrance: str, number: str) -> list[str]:
    """Return the words of a home's address."""
    words = dict.fromkeys(_pairs(estate))
    for kind, part in (("b", building), ("u", entrance)):
        found = _NUMBER.search(_plain(part))
        if found:
            words[f"{kind}:{_bare(found[0])}"] = None
        else:
            words.update(dict.fromkeys(_pairs(part)))
    if number:
        words[f"h:{_bare(_plain(number))}"] = None
    return list(words)


def query_words(query: str) -> list[tuple[str, ...]]:
    """Return what somebody looks for: every entry must be found, in one of its spellings.

    Shape: 4 digits are a phone's tail or a room, 1 or 2 a building or an entrance, 3-2-501 a whole
    address, letters initials, Chinese characters pairs of a name or of an estate's name.
    """
    wanted: dict[tuple[str, ...], None] = {}
    for found in _PIECES.finditer(_plain(query)):
        wanted.update(dict.fromkeys(_looked_for(found)))
    return list(islice(wanted, MOST_WORDS))


def initials(name: str) -> list[str]:
    """Return the initials of a name in pinyin, in every reading, and their beginnings from two on.

    单小明 is sxm, dxm and cxm: which reading a surname has is not guessed.
    """
    readings = [_letters(one) for one in "".join(_HAN.findall(name))]
    found: dict[str, None] = {}
    for letters in islice(product(*(one for one in readings if one)), MOST_READINGS):
        said = "".join(letters)
        for length in {2, 3, 4, len(said)}:
            if 2 <= length <= len(said):
                found[said[:length]] = None
    return list(found)


def _looked_for(found: re.Match[str]) -> Iterator[tuple[str, ...]]:
    kind, text = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "chain":
        parts: Sequence[str] = text.split("-")
        kinds = ("b", "u", "h") if len(parts) == 3 else ("b", "h")
        yield from ((f"{one}:{_bare(part)}",) for one, part in zip(kinds, parts, strict=True))
    elif kind in ("building", "entrance", "home"):
        yield (f"{ {'building': 'b', 'entrance': 'u', 'home': 'h'}[kind] }:{_bare(text)}",)
    elif kind == "digits":
        yield _digits(text)
    elif kind == "letters":
        yield (f"i:{text}", f"b:{text}") if len(text) == 1 else (f"i:{text}",)
    else:
        pairs = _pairs(text)
        yield from ((pair,) for pair in pairs or [f"c:{text}"])


def _digits(text: str) -> tuple[str, ...]:
    if len(text) <= 2:
        return (f"b:{_bare(text)}", f"u:{_bare(text)}")
    if len(text) == 3:
        return (f"h:{_bare(text)}",)
    return (f"t:{text[-4:]}", f"h:{_bare(text)}") if len(text) == 4 else (f"t:{text[-4:]}",)


def _pairs(text: str) -> list[str]:
    return [f"c:{run[at : at + 2]}" for run in _HAN.findall(text) for at in range(len(run) - 1)]


def _bare(number: str) -> str:
    return number.lstrip("0") or "0"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=10_000)
def _letters(character: str) -> tuple[str, ...]:
    # The phrases are 40 MB that readings of single characters have no use for.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # 13 MB in those processes only that look for people

    said = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return tuple(letter for letter in (said[0] if said else ()) if letter)
