"""Brings the lines of a pasted chat into one shape: invisible signs go, heads on two lines become one."""

import re
from collections.abc import Callable
from typing import Final

# Direction marks, zero-width spaces and the byte order mark: chat programs put them around names.
_UNSEEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WIDE: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")
# What an export writes above the chat.
_PREAMBLE: Final = re.compile(
    r"^\s*(={8,}|消息记录（.*|消息分组[:：].*|消息对象[:：].*|微信聊天记录|聊天记录如下.*)\s*$"
)
# [2026-11-20 08:31] 张三: …   2026/11/20 08:31 - 张三: …
_STAMPED: Final = re.compile(
    r"^\s*[\[【(（]?\s*(?P<when>\d{2,4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?[ T,，]+"
    r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
    r"\s*[\]】)）]?\s*[-–—]?\s*(?P<name>[^\s:：\d][^:：，。！？；\n]{0,24}?)\s*[:：]\s*(?P<text>\S.*)$"
)
_WHOLE_TIME: Final = re.compile(
    r"^\s*(?:\d{4}\s*[-/.年]\s*)?(?:\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|今天|昨天|前天|(?:星期|周)[一二三四五六日天])?"
    r"\s*(?:凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?\s*$"
)
_SHORT_NAME: Final = re.compile(r"^\s*[^\s:：，。！？；,!?][^:：，。！？；,!?\n]{0,19}\s*$")
# Numbers, addresses and titles that a program writes beside a name.
_BESIDE: Final = re.compile(
    r"[(（<＜]\s*(?:\d{5,12}|[^()（）<>\s]{1,40}@[^()（）<>\s]{1,40})\s*[)）>＞]|@微信$|^【[^】\n]{1,8}】"
)


def lines_of(text: str, is_head: Callable[[str], bool]) -> list[str]:
    """Return the lines of a chat, each head on a line of its own with its time.

    is_head: tells whether a line names a speaker already. Where one does, nothing is joined.
    """
    seen = _WIDE.sub(" ", _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = [line for line in seen.split("\n") if not _PREAMBLE.match(line)]
    lines = [part for line in lines for part in _unstamped(line)]
    return lines if any(map(is_head, lines)) else _joined(lines)


def plain_name(name: str) -> str:
    """Return a name without the number, address or title that stands beside it."""
    return _BESIDE.sub("", name.strip()).strip() or name.strip()


def _unstamped(line: str) -> list[str]:
    match = _STAMPED.match(line) if len(line) < 2000 else None
    if match is None:
        return [line]
    return [f"{match['name'].strip()} {match['when'].replace('T', ' ')}", match["text"]]


def _joined(lines: list[str]) -> list[str]:
    """Join a name with the time below it, where a chat begins with such a pair and has another."""
    starts = [at for at in range(len(lines) - 1) if _is_pair(lines, at)]
    said = [at for at, line in enumerate(lines) if line.strip()]
    if len(starts) < 2 or starts[0] != said[0]:
        return lines
    found, times = [], {at + 1 for at in starts}
    for at, line in enumerate(lines):
        if at not in times:
            found.append(f"{line.strip()} {lines[at + 1].strip()}" if at + 1 in times else line)
    return found


def _is_pair(lines: list[str], at: int) -> bool:
    return bool(
        _SHORT_NAME.match(lines[at])
        and _WHOLE_TIME.match(lines[at + 1])
        and not _WHOLE_TIME.match(lines[at])
    )
