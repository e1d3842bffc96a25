"""Names of buildings and entrances: how they are written, compared, joined and put in order."""

import re
import unicodedata
from typing import Final

_DIGITS: Final = dict(
    zip("〇零一二三四五六七八九两", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2), strict=True)
)
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
# Only where a number is meant: 百合园 and 千禧楼 are names.
_CHINESE_NUMBER: Final = re.compile(
    f"[{''.join(_DIGITS)}{''.join(_UNITS)}]+(?=[号栋幢座单门区期组#-]|楼$|$)"
)
_NUMBER: Final = re.compile(r"\d+")
# What stands for a number where none is written: 甲单元 before 乙单元, 东单元 before 西单元.
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_SIDES: Final = "东南西北中"
_BLANK: Final = re.compile(r"\s+")
_LATIN_GAP: Final = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
# An order is letter · 1,000,000 + number · 100 + second number, so it fits a 32-bit column.
_LETTER_STEP, _NUMBER_STEP = 1_000_000, 100
NO_NUMBER: Final = 9999
LABEL_MAX: Final = 120


def clean_name(text: str) -> str:
    """Return a name as it is kept: half-width digits, no blanks except between Latin words.

    "３ 号楼" and "3号楼" are one name; what is inside is otherwise left as people write it.
    """
    return _LATIN_GAP.sub("", _BLANK.sub(" ", unicodedata.normalize("NFKC", text)).strip())


def same_name_key(text: str) -> str:
    """Return what two spellings of one name have in common (case and Chinese numerals)."""
    return _CHINESE_NUMBER.sub(lambda m: str(chinese_number(m.group())), clean_name(text)).lower()


def chinese_number(text: str) -> int:
    """Return the value of Chinese numerals: "十二" is 12, "一百零二" 102, "二〇三" 203."""
    if not any(sign in _UNITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = digit = 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def natural_order(name: str) -> int:
    """Return the place of a name among its sisters: 1, 2, 10; A1 after 9; 十二 where 12 stands.

    A name without any number comes last. Two names may share an order; the name then decides.
    """
    plain = clean_name(name).upper()
    written = _CHINESE_NUMBER.sub(lambda m: str(chinese_number(m.group())), plain)
    numbers = [int(found) for found in _NUMBER.findall(written)]
    letter = ord(plain[0]) - ord("A") + 1 if plain[:1].isascii() and plain[:1].isalpha() else 0
    first = min(numbers[0] if numbers else _stand_in(plain, letter), NO_NUMBER)
    second = min(numbers[1], _NUMBER_STEP - 1) if len(numbers) > 1 else _branch(plain)
    return letter * _LETTER_STEP + first * _NUMBER_STEP + second


def natural_key(name: str) -> tuple[int, str]:
    """Return a key for `sorted` that puts names as people count them."""
    return natural_order(name), name


def first_number(name: str) -> int | None:
    """Return the number that a name is called by, or None: 3 for "3号楼", "三栋" and "3幢"."""
    found = _NUMBER.search(same_name_key(name))
    return int(found.group()) if found else None


def floor_of(number: str) -> int | None:
    """Return the floor that a home's number tells: 3 for "301", 12 for "1203"; else None."""
    return (
        int(number[:-2])
        if number.isascii() and number.isdigit() and 3 <= len(number) <= 4
        else None
    )


def place_label(*parts: str) -> str:
    """Return a place in words, as printed and as kept with a case: the parts that there are."""
    return " ".join(part for part in parts if part)[:LABEL_MAX]


def _stand_in(name: str, letter: int) -> int:
    for signs in (_STEMS, _SIDES):
        if name[:1] and name[0] in signs:
            return signs.index(name[0]) + 1
    return 0 if letter else NO_NUMBER


def _branch(name: str) -> int:
    """3甲 comes after 3 and before 4."""
    found = re.search(f"\\d([{_STEMS}A-Z])", name)
    if found is None:
        return 0
    sign = found.group(1)
    return _STEMS.index(sign) + 1 if sign in _STEMS else ord(sign) - ord("A") + 1
