"""Splits a pasted stretch of a group chat by speaker and time. Rules, no model; nothing is thrown away.

What people copy looks different on a phone, on a computer and in a forwarded card:

    张三 2026-11-20 08:31        2026/11/20 8:31:05 张三       张三:              张三: 楼道灯坏了
    楼道灯坏了                   楼道灯坏了                    楼道灯坏了

A line is a head only where it can be one; all others belong to the message before.
Source: beyond.md 3, 群聊粘贴受理.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from linli.cases.rules.chat_lines import lines_of, plain_name

_TIME: Final = (
    r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*"
    r"(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：]\d{2})?(?:\s*(?P<half_after>[AaPp]\.?[Mm]\.?))?"
)
_DATE: Final = (
    r"(?P<date>\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?|\d{1,2}\s*[-/月]\s*\d{1,2}日?"
    r"|今天|昨天|前天|(?:星期|周)[一二三四五六日天])"
)
_NAME: Final = r"(?P<name>[^\s:：，。！？；][^:：，。！？；\n]{0,39}?)"
_TIMED: Final = re.compile(rf"^\s*{_NAME}\s+(?:{_DATE}\s*)?{_TIME}\s*$")
_TIMED_FIRST: Final = re.compile(rf"^\s*(?:{_DATE}\s+)?{_TIME}\s+{_NAME}\s*[:：]?\s*$")
_BARE: Final = re.compile(r"^\s*(?P<name>[^\s:：，。！？；][^:：，。！？；\n]{0,39}?)\s*[:：]\s*$")
_INLINE: Final = re.compile(
    r"^\s*(?P<name>[^\s:：，。！？；][^:：，。！？；\n]{0,24}?)[:：]\s*(?P<text>\S.*)$"
)
_DIVIDER: Final = re.compile(rf"^[\s—\-–─=·]*(?:{_DATE})?\s*(?:{_TIME})?[\s—\-–─=·]*$")
_QUOTE_OLD: Final = re.compile(r"^「(?P<name>[^：:」]{1,40})[：:](?P<text>.*)$", re.S)
_QUOTE_RULE: Final = re.compile(r"^\s*[-—–－]( ?[-—–－]){5,}\s*$")
_QUOTE_PC: Final = re.compile(r"^\s*引用\s*(?P<name>.{1,40}?)\s*的消息\s*[:：]\s*(?P<text>.*)$")
_SYSTEM: Final = re.compile(
    r"撤回了一条消息|加入了?群聊|移出了?群聊|修改群名|拍了拍|以下[为是]新消息|开启了(?:群|新|朋友|消息|进群)|发起了群|"
    r"^\s*\[?群公告\]?\s*$|(?:修改|发布)了?群公告|"
    r"通过扫描.{0,20}二维码|^\s*\[?红包\]?|领取了.{0,12}红包|(?:语音|视频)通话(?:时长|已取消|已结束)|"
    r"^\s*\[?(?:转账|语音通话|视频通话|群收款|接龙)\]|^\s*收到红包|已成为.{0,8}群主|被?(?:设为|添加为|设置为)群?管理员"
)
_MEDIA: Final = re.compile(
    r"\[(图片|照片|视频|语音|动画表情|表情|文件|位置|链接|小程序|音乐|名片|聊天记录|Photo|Image|Video|Voice|Sticker)[^\]]{0,40}\]"
)
# How long a voice message is.
_LENGTH: Final = re.compile(r"(\[(?:语音|Voice)[^\]]{0,20}\])\s*\d{1,3}\s*[\"'″”’秒]*")
LONG: Final = 7  # words that nobody says twice by chance
_CARD: Final = re.compile(r"[「\[【]?[^」\]】\n]{0,30}的?聊天记录[」\]】]?")
_FACE: Final = re.compile(r"\[[一-鿿A-Za-z]{1,6}\]")
_EMOJI: Final = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+"
)
_MENTION: Final = re.compile(r"@[^\s@，。！？,]{1,24}\s?")
# What stands before a colon in a text and is nobody.
_NOBODY: Final = re.compile(
    r"(时间|地点|电话|手机|联系人|地址|通知|备注|说明|注意|注意事项|内容|名单|如下|要求|价格|截止|原因|主题|链接|温馨提示|提醒|"
    r"回复|编号|问题|结果|费用|http|https|ps|PS|注)$"
)
_PICTURES: Final = ("图片", "照片", "视频", "Photo", "Image", "Video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: who (as copied), when if that was copied, what; its number from 1."""

    number: int
    name: str
    at: datetime | None
    text: str  # without quotes, placeholders and emoji
    raw: str  # as copied, for the evidence
    quoted: str = ""  # what it answers
    is_repeat: bool = False  # copied twice: the same words of the same person at the same time
    pictures: int = 0
    is_system: bool = False


@dataclass(slots=True)
class _Head:
    name: str
    at: datetime | None
    lines: list[str] = field(default_factory=list)


def split(text: str, now: datetime) -> list[Message]:
    """Return the messages of a chat, in order.

    now: local and aware; "昨天" and times without a day are counted from it.
    Shape: [] for a text in which nobody speaks.
    """
    lines = lines_of(text, lambda line: bool(_timed(line) or _bare(line)))
    known = _speakers(lines)
    heads = _heads(lines, known, now)
    return _told_once([_message(number, head) for number, head in enumerate(heads, 1)])


def key_of(message: Message) -> tuple[str, datetime | None, str]:
    """Return what makes a message the same one when it is pasted again."""
    return message.name, message.at, " ".join(message.raw.split())


def _told_once(messages: list[Message]) -> list[Message]:
    """Mark what stands there twice; without a time only what nobody says twice by chance, and what
    follows such a repeat.
    """
    seen: set[tuple[str, datetime | None, str]] = set()
    found: list[Message] = []
    for one in messages:
        key = key_of(one)
        is_told = one.at is not None or len(one.text) >= LONG or (found and found[-1].is_repeat)
        is_repeat = key in seen and bool(is_told)
        seen.add(key)
        found.append(replace(one, is_repeat=True) if is_repeat else one)
    return found


def _speakers(lines: list[str]) -> set[str]:
    """Return who certainly speaks: the names of heads with a time, and of bare ones after a gap."""
    found: set[str] = set()
    bare = _bare_alone(lines)
    for before, line in zip(["", *lines], lines, strict=False):
        match = _timed(line) or (_bare(line) if not before.strip() or bare else None)
        if match:
            found.add(plain_name(match["name"]))
    return found


def _bare_alone(lines: list[str]) -> bool:
    """Tell whether the heads are bare names, one below the other without a gap: the chat begins with
    one, has another, and no head has a time.
    """
    said = [line for line in lines if line.strip()]
    if not said or not _bare(said[0]) or any(map(_timed, said)):
        return False
    return sum(_bare(line) is not None for line in said) > 1


def _timed(line: str) -> re.Match[str] | None:
    if len(line) > 90:
        return None
    match = _TIMED.match(line) or _TIMED_FIRST.match(line)
    if match is None or _is_day(match["name"]) or _SYSTEM.search(line):
        return None
    return match


def _is_day(name: str) -> bool:
    return bool(
        re.fullmatch(
            rf"{_DATE}|明天|后天|今晚|每天|凌晨|早上|上午|中午|下午|傍晚|晚上", name.strip()
        )
    )


def _bare(line: str) -> re.Match[str] | None:
    match = _BARE.match(line) if len(line) <= 45 else None
    return None if match is None or _NOBODY.search(match["name"]) else match


def _inline(line: str, known: set[str]) -> re.Match[str] | None:
    """Return a head with its text on the same line: of somebody known, or where nobody is known."""
    match = _INLINE.match(line)
    if match is None:
        return None
    name = plain_name(match["name"])
    if known:
        return match if name in known else None
    is_nobody = _NOBODY.search(name) or name.isdigit() or _is_day(name) or name.startswith("「")
    return None if is_nobody else match


class _Reader:
    """Reads line by line: remembers who spoke last, on which day, at what time."""

    def __init__(self, known: set[str], now: datetime, *, is_bare: bool) -> None:
        self.heads: list[_Head] = []
        self._known, self._now = known, now
        self._day: date | None = None
        self._at: datetime | None = None
        self._is_bare = is_bare  # bare names need no gap before them
        self._in_card = False  # what was forwarded names its own speakers

    def read(self, line: str, *, is_after_gap: bool) -> None:
        """Take one line in: a divider, a head, or what somebody said."""
        divider = _DIVIDER.match(line) if line.strip() and len(line) <= 60 else None
        if divider and (divider["date"] or divider["hour"]):
            self._pass(divider)
        elif match := _timed(line):
            self._pass(match)
            self._begin(match)
        elif match := (_bare(line) if is_after_gap or self._is_bare else None):
            self._begin(match)
        elif match := _inline(line, set() if self._in_card else self._known):
            card = self._in_card
            self._begin(match, match["text"])
            self._in_card = card
        elif self.heads and _is_system(line) and any(map(str.strip, self.heads[-1].lines)):
            # What the app says stands between messages, and belongs to none.
            self.heads.append(_Head("", self._at, [line]))
        elif self.heads:
            self.heads[-1].lines.append(line)
            self._in_card = self._in_card or bool(line.strip() and _CARD.fullmatch(line.strip()))
        elif line.strip():
            self.heads.append(_Head("", None, [line]))

    def _pass(self, match: re.Match[str]) -> None:
        self._day = _day(match["date"], self._now) or self._day
        self._at = _moment(match, self._day, self._now)

    def _begin(self, match: re.Match[str], *lines: str) -> None:
        self._in_card = False
        self.heads.append(_Head(plain_name(match["name"]), self._at, list(lines)))


def _heads(lines: list[str], known: set[str], now: datetime) -> list[_Head]:
    reader = _Reader(known, now, is_bare=_bare_alone(lines))
    for before, line in zip(["", *lines], lines, strict=False):
        reader.read(line, is_after_gap=not before.strip())
    return reader.heads


def _day(said: str | None, now: datetime) -> date | None:
    """Return the day that words name, never after today."""
    if not said:
        return None
    words = {"今天": 0, "昨天": 1, "前天": 2}
    if said in words:
        return now.date() - timedelta(days=words[said])
    if said[-1] in "一二三四五六日天" and said[0] in "星周":
        wanted = "一二三四五六日".find(said[-1].replace("天", "日"))
        return now.date() - timedelta(days=(now.weekday() - wanted) % 7)
    numbers = [int(one) for one in re.findall(r"\d+", said)]
    year, month, day = numbers if len(numbers) == 3 else (now.year, *numbers)
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    if found > now.date() and len(numbers) == 2:
        return found.replace(year=year - 1) if (month, day) != (2, 29) else None
    return found


def _moment(match: re.Match[str], day: date | None, now: datetime) -> datetime | None:
    if not match["hour"]:
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    after = (match["half_after"] or "").lower()
    if (match["half"] in ("下午", "傍晚", "晚上") or after.startswith("p")) and hour < 12:
        hour += 12
    if (after.startswith("a") or match["half"] in ("凌晨", "晚上")) and hour == 12:
        hour = 0
    if match["half"] == "中午" and hour < 3:
        hour += 12
    if hour > 23 or minute > 59:
        return None
    found = datetime.combine(day or now.date(), datetime.min.time(), tzinfo=now.tzinfo).replace(
        hour=hour, minute=minute
    )
    # A time alone that is still to come was yesterday's.
    return found - timedelta(days=1) if day is None and found > now else found


def _message(number: int, head: _Head) -> Message:
    raw = "\n".join(head.lines).strip("\n")
    quoted, own = _unquoted(raw)
    media = _MEDIA.findall(own)
    pictures = sum(one in _PICTURES for one in media)
    words = _FACE.sub(" ", _MEDIA.sub(" ", _LENGTH.sub(r"\1", own)))
    words = _MENTION.sub(" ", _EMOJI.sub(" ", words))
    words = re.sub(r"[ \t\u3000]+", " ", re.sub(r"\s*\n\s*", "\n", words)).strip()
    if _CARD.fullmatch(words):
        words = ""
    said = [line for line in head.lines if line.strip()]
    is_system = bool(said) and all(map(_is_system, said))
    return Message(
        number=number, name=head.name, at=head.at, text="" if is_system else words, raw=raw,
        quoted=quoted, pictures=pictures, is_system=is_system,
    )  # fmt: skip


def _is_system(line: str) -> bool:
    return len(line) < 60 and bool(_SYSTEM.search(line))


def _unquoted(raw: str) -> tuple[str, str]:
    """Return what a message quotes, and what it says itself."""
    lines = raw.split("\n")
    for at, line in enumerate(lines):
        if _QUOTE_RULE.match(line) and at and "「" in raw[:2]:
            quote = "\n".join(lines[:at]).rstrip("」 ")
            match = _QUOTE_OLD.match(quote)
            return (match["text"] if match else quote), "\n".join(lines[at + 1 :])
        match = _QUOTE_PC.match(line)
        if match:
            return match["text"], "\n".join(lines[:at] + lines[at + 1 :])
    return "", raw
