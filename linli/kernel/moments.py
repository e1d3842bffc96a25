"""Moments as old lists write them: with dashes, slashes, 年月日, or as a spreadsheet's number."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from linli.kernel.clock import BEIJING

_SERIALS: Final = (20_000.0, 80_000.0)  # 1954 to 2119: everything else is no moment
_EPOCH: Final = datetime(1899, 12, 30, tzinfo=BEIJING)
_DIGITS: Final = str.maketrans("０１２３４５６７８９：／－．", "0123456789:/-.")
_FORMS: Final = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:\s*(?:T|星期.|周.|,)?\s*(?P<half>上午|下午|晚上|凌晨|中午|AM|PM)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*分?(?::(?P<second>\d{1,2})(?:\.\d+)?)?"
    r"\s*秒?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2})(\d{2})(\d{2})?)?")


def read_moment(text: str) -> datetime | None:
    """Return the moment that a text names, aware; None when it names none.

    2024-09-26 14:30, 2024/9/26, 2024年9月26日 下午2时30分, 20240926, 45561.6 (a spreadsheet's day
    number). Without a zone it is the community's own clock, without a time the day's beginning.
    """
    text = text.strip().translate(_DIGITS)
    try:
        return _of_form(text) or _of_compact(text) or _of_serial(text)
    except (ValueError, OverflowError):
        return None


def _of_form(text: str) -> datetime | None:
    found = _FORMS.fullmatch(text)
    if found is None:
        return None
    day = (int(found["year"]), int(found["month"]), int(found["day"]))
    hour = int(found["hour"] or 0)
    if (found["half"] or "").upper() in ("下午", "晚上", "PM") and hour < 12:
        hour += 12
    moment = datetime(
        *day, hour, int(found["minute"] or 0), int(found["second"] or 0), tzinfo=BEIJING
    )
    zone = found["zone"]
    if not zone:
        return moment.astimezone(UTC)
    said = "+00:00" if zone.upper() == "Z" else zone
    return datetime.fromisoformat(moment.strftime("%Y-%m-%dT%H:%M:%S") + said).astimezone(UTC)


def _of_compact(text: str) -> datetime | None:
    found = _COMPACT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING).astimezone(UTC)


def _of_serial(text: str) -> datetime | None:
    try:
        days = float(text)
    except ValueError:
        return None
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        return None
    # A day number has a precision of some microseconds; people's clocks have seconds.
    return (_EPOCH + timedelta(seconds=round(days * 86400))).astimezone(UTC)
