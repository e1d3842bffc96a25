"""Identity numbers (GB 11643), names and ages: what a number says, and when it can't be one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_OLDEST: Final = 130  # years
_DOTS: Final = re.compile(r"[·•‧・.．｡。]")
_NAME: Final = re.compile(r"[^\W\d_][^\W\d_·\- ']*(?:[·\- '][^\W\d_]+)*")
_SPACE_IN_HAN: Final = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


class IdMistake(StrEnum):
    """Why a number can't be an identity number."""

    LENGTH = "length"
    SIGNS = "signs"
    DATE = "date"
    FUTURE = "future"
    CHECK_DIGIT = "check_digit"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """An identity number in its one form, and what it says."""

    number: str
    born_on: date
    sex: str  # "m" or "f"


def read_id_number(text: str, *, today: date) -> IdNumber | IdMistake:
    """Return what an identity number says, or what is wrong with it.

    The old form of 15 digits is brought into the new one. Source: GB 11643-1999.
    """
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(plain) == 15 and plain.isascii() and plain.isdigit():
        plain = plain[:6] + "19" + plain[6:]
        plain += check_digit(plain)
    if len(plain) != 18:
        return IdMistake.LENGTH
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", plain, re.ASCII):
        return IdMistake.SIGNS
    born_on = _day(plain[6:14])
    if born_on is None or today.year - born_on.year > _OLDEST:
        return IdMistake.DATE
    if born_on > today:
        return IdMistake.FUTURE
    if plain[17] != check_digit(plain):
        return IdMistake.CHECK_DIGIT
    return IdNumber(plain, born_on, "m" if int(plain[16]) % 2 else "f")


def check_digit(number: str) -> str:
    """Return the last sign of an identity number from its first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def clean_name(text: str) -> str:
    """Return a name as it is kept: no spaces between Chinese characters, one kind of dot."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return _DOTS.sub("·", _SPACE_IN_HAN.sub("", plain)).strip("·- ")


def is_name(text: str) -> bool:
    """Tell whether this could be what somebody is called: letters, no digits, at most forty."""
    return 2 <= len(text) <= 40 and _NAME.fullmatch(text) is not None


def name_key(name: str) -> str:
    """Return what two spellings of one name share."""
    return re.sub(r"[\s·\-']", "", name).lower()


def age_on(born_on: date | None, day: date) -> int | None:
    """Return how many birthdays somebody has had by a day; None when the birthday isn't known."""
    if born_on is None:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
