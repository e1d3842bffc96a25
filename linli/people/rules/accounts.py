"""Phones, passwords and how long a session lives: values in, values out."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

MOST_FAILURES: Final = 5
LOCK: Final = timedelta(minutes=15)
CODE_LIFE: Final = timedelta(minutes=5)
CODE_PAUSE: Final = timedelta(seconds=60)
CODES_A_DAY: Final = 10
PASSWORD_LENGTH: Final = 10

# What people choose when they are asked for ten characters; compared in lower case, spaces taken out.
_COMMON: Final = frozenset(
    [
        "1234567890",
        "0123456789",
        "12345678910",
        "123456789a",
        "1234567890a",
        "a123456789",
        "aa123456789",
        "qq123456789",
        "abc123456789",
        "a1234567890",
        "1234567891",
        "1234512345",
        "1122334455",
        "1111122222",
        "0987654321",
        "9876543210",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "qazwsxedcrfv",
        "1q2w3e4r5t",
        "q1w2e3r4t5",
        "qwerty1234",
        "qwerty12345",
        "qwerty123456",
        "asdfghjkl1",
        "asdfghjkl;",
        "zxcvbnm123",
        "password12",
        "password123",
        "password1234",
        "passw0rd123",
        "p@ssw0rd123",
        "abcdefghij",
        "abcd123456",
        "abcde12345",
        "abc1234567",
        "admin12345",
        "admin123456",
        "administrator",
        "woaini1314",
        "woaini520520",
        "iloveyou123",
        "5201314520",
        "1314520520",
        "china12345",
        "shequ12345",
        "shequ123456",
        "wangge12345",
        "linli12345",
        "linli123456",
        "letmein123",
        "welcome123",
        "welcome1234",
        "changeme123",
        "test123456",
        "guest12345",
    ]
)


def normalise_phone(text: str) -> str | None:
    """Return a phone number as digits, or None when it is none.

    Full-width digits, spaces, hyphens, brackets and +86 are understood. Mobile numbers have 11 digits,
    landlines their area code: 010 or 02x with 8 digits, others 0xxx with 7 or 8.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"[\s\-\u2010-\u2015()\[\]·.]", "", plain)
    plain = re.sub(r"^(?:\+|00)86", "", plain)
    if not re.fullmatch(r"\d+", plain, re.ASCII):
        return None
    if re.fullmatch(r"86[1]\d{10}", plain):
        plain = plain[2:]
    if re.fullmatch(r"1\d{10}|0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8}", plain):
        return plain
    # Behind +86 the area code has lost its zero.
    is_landline = text.strip().startswith(("+86", "+86", "0086")) and re.fullmatch(
        r"(?:10|2\d)\d{8}|[3-9]\d{2}\d{7,8}", plain
    )
    return f"0{plain}" if is_landline else None


def weakness(password: str, *, login: str) -> str:
    """Return why others would guess a password: "short", "common", "like_login", or "" when they would not.

    Length is what counts; nobody is made to mix signs they then forget (NIST SP 800-63B, 5.1.1).
    """
    plain = re.sub(r"\s", "", password).lower()
    if len(password) < PASSWORD_LENGTH:
        return "short"
    if plain in _COMMON or len(set(plain)) < 4 or _is_run(plain):
        return "common"
    if login and (login in plain and len(plain) - len(login) < 4):
        return "like_login"
    return ""


def failures_after(failed_count: int, now: datetime) -> tuple[int, datetime | None]:
    """Return the count after one more failure, and until when the account waits if that was the last."""
    count = failed_count + 1
    return (0, now + LOCK) if count >= MOST_FAILURES else (count, None)


def code_wait(sent_at: list[datetime], now: datetime) -> timedelta:
    """Return how long a phone must wait for its next code, by when the codes of a day were sent."""
    today = sorted(moment for moment in sent_at if now - moment < timedelta(days=1))
    waits = [timedelta(0)]
    if today:
        waits.append(today[-1] + CODE_PAUSE - now)
    if len(today) >= CODES_A_DAY:
        waits.append(today[-CODES_A_DAY] + timedelta(days=1) - now)
    return max(waits)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives at most, and how long without a request."""

    age: timedelta
    idle: timedelta


def is_session_alive(
    *, since: datetime, seen: datetime, limits: SessionLimits, now: datetime
) -> bool:
    """Tell whether a session is young enough and was used lately enough."""
    return now - since < limits.age and now - seen < limits.idle


def common_head(first: str, second: str) -> str:
    """Return the deepest area path that both paths lie under; "" is the whole tenant."""
    shared = []
    for ours, theirs in zip(first.split("/")[:-1], second.split("/")[:-1], strict=False):
        if ours != theirs:
            break
        shared.append(ours)
    return "".join(f"{part}/" for part in shared)


def _is_run(text: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(steps) == 1
