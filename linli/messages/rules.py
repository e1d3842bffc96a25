"""How words are filled, when the night ends, how several messages become one, how long to wait."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# Ends of sentences: 。 full-width exclamation and question mark ；
_END = r"\u3002\uff01\uff1f\uff1b\n"
_SENTENCE = re.compile(f"[^{_END}]*[{_END}]|[^{_END}]+")
_SPACES = re.compile(r"\s+")
# A fact with the mark behind it: what people write often brings a full stop of its own.
_FILLED = re.compile(r"\{([a-z_]+)\}([。，；]?)")

QUIET_FROM: Final = time(21, 0)
QUIET_UNTIL: Final = time(8, 0)

# How long a message waits for others to the same address, so that they leave as one.
STAFF_WINDOW: Final = timedelta(minutes=10)
REPORTER_WINDOW: Final = timedelta(seconds=40)
ROBOT_WINDOW: Final = timedelta(minutes=2)

# A day of outage loses nothing; what could not leave in a day and a half is too old to be told.
GIVE_UP: Final = timedelta(hours=36)
# How long the log keeps addresses and texts; that something was sent stays.
KEEP: Final = timedelta(days=180)
# An outage shorter than this is nobody's business.
TELL_AFTER: Final = timedelta(minutes=15)
_PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 15, 30, 60))

# How long a one-time code is good for (people/rules.py); a later one would only confuse.
CODE_LIFE: Final = timedelta(minutes=5)

DIGEST_ITEMS: Final = 5
DIGEST_ITEM_LENGTH: Final = 28
SMS_FACT_LENGTH: Final = 60


# Words


def placeholders(words: str) -> set[str]:
    """Return the names in braces."""
    return set(_PLACEHOLDER.findall(words))


def unknown_placeholders(words: str, known: Collection[str]) -> list[str]:
    """Return what stands in braces and can't be filled, braces without a partner included."""
    strange = sorted(placeholders(words) - set(known))
    rest = _PLACEHOLDER.sub("", words)
    return [*(f"{{{name}}}" for name in strange), *sorted({sign for sign in "{}" if sign in rest})]


def fill(words: str, facts: Mapping[str, str], *, longest: int = 0) -> str:
    """Return the words with the facts in place. A sentence that lacks a fact is left out whole.

    facts: blank values count as absent. longest: facts beyond it end in an ellipsis; 0 is no limit.
    A fact is put in as it is: braces inside it are not filled again. Only its own last mark goes
    where the words bring one.
    """
    given = {name: _clip(value.strip(), longest) for name, value in facts.items() if value.strip()}
    sentences = [one for one in _SENTENCE.findall(words) if placeholders(one) <= given.keys()]
    return _FILLED.sub(lambda at: _ended(given[at[1]], at[2]), "".join(sentences)).strip()


def _ended(fact: str, mark: str) -> str:
    if mark:
        fact = fact.rstrip("。，；")
    return fact if mark == "。" and fact.endswith(("？", "！", "?", "!")) else fact + mark


def clip(text: str, longest: int) -> str:
    """Return the text in one line of at most that many characters."""
    return _clip(_SPACES.sub(" ", text).strip(), longest)


def _clip(text: str, longest: int) -> str:
    return f"{text[: longest - 1]}…" if longest and len(text) > longest else text


@dataclass(frozen=True, slots=True)
class Line:
    """One message among several: what it is about, and its kind in words (新工单)."""

    title: str
    kind: str


def fold(lines: Sequence[Line], *, is_reporter: bool, link: str) -> str:
    """Return one text for several messages to the same address, the first few named.

    link: where all of them are found; "" when there is no such place.
    """
    kinds = list(dict.fromkeys(line.kind for line in lines))
    count = len(lines)
    if is_reporter:
        head = f"您反映的事项有 {count} 条新进展："
    elif len(kinds) == 1:
        head = f"您有 {count} 件{kinds[0]}："
    else:
        head = f"您有 {count} 条新消息："
    # “新工单：楼道灯不亮” needs its head only where the kinds differ.
    is_plain = len(kinds) == 1 and not is_reporter
    said = [
        line.title.partition("：")[2] or line.title if is_plain else line.title for line in lines
    ]
    titles = list(dict.fromkeys(clip(title, DIGEST_ITEM_LENGTH) for title in said))
    named = "；".join(titles[:DIGEST_ITEMS])
    tail = " 等。" if len(titles) > DIGEST_ITEMS else "。"
    return f"{head}{named}{tail}" + (f"查看：{link}" if link else "")


# Time


def after_quiet(moment: datetime, *, starts_at: time, ends_at: time) -> datetime:
    """Return the moment itself, or the end of the quiet time that it falls into.

    moment: aware, on the community's own clock. Equal times mean that it is never quiet.
    """
    at = moment.timetz().replace(tzinfo=None)
    crosses = starts_at > ends_at
    is_quiet = (at >= starts_at or at < ends_at) if crosses else starts_at <= at < ends_at
    if not is_quiet:
        return moment
    day = moment.date() + timedelta(days=1 if crosses and at >= starts_at else 0)
    return datetime.combine(day, ends_at, tzinfo=moment.tzinfo)


def next_morning(moment: datetime, *, at: time) -> datetime:
    """Return the next time the clock shows `at`, for those who want one message a day."""
    today = datetime.combine(moment.date(), at, tzinfo=moment.tzinfo)
    return today if moment < today else today + timedelta(days=1)


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after that many failures in a row: ever longer, an hour at most."""
    return _PAUSES[min(failures, len(_PAUSES)) - 1]


def last_link(text: str) -> str:
    """Return the last address in a text, "" when there is none."""
    found = re.findall(r"(?:https?://|(?<!\w)/)[^\s，。；、]+", text)
    return found[-1] if found else ""


def count_sms(text: str) -> int:
    """Return how many text messages carry it: 70 characters alone, 67 each when there are several.

    Source: 3GPP TS 23.040, UCS-2 with concatenation.
    """
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= 70 else -(-length // 67)
