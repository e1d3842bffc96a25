"""Which messages of a chat speak of something to be done, and which of them speak of the same."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from linli.cases.rules.chat import Message

# What somebody says who wants something done. A chat is full of the rest.
_WRONG: Final = re.compile(
    r"坏|漏|堵|不亮|没亮|不制热|不热|停水|停电|没水|没电|断电|跳闸|臭|异味|垃圾|堆|占道|占用|占了|占车位|乱停|挡|吵|噪音|噪声|扰民|"
    r"飞线|充电|电梯|井盖|塌|掉落|掉下|脱落|裂|积水|返水|溢|僵尸车|摔|滑倒|危险|隐患|着火|冒烟|燃气|煤气|蟑螂|老鼠|蚊|野狗|流浪狗|狗|遛|"
    r"锁|门禁|打不开|关不上|卡住|脏|没人扫|没人管|没打扫|毁绿|种菜|搭|私建|违建|飘|油烟|熏|收费|乱收|物业费|监控|路灯|楼道灯|"
    r"修一下|维修|报修|反映|投诉|举报|求助|帮忙|能不能|怎么还|什么时候|谁管|有没有人管|处理一下|看一下|摊位|高空抛物|泄漏|冻裂|爆"
)
_SAME: Final = re.compile(
    r"^\s*(\+1|加一|同上|同求|一样|我家也|我们也|我这也|我也是|俺也|顶|对呀?|是的|是啊|可不|确实|也是|也有|还有我)"
)
_TALK: Final = re.compile(
    r"^\s*(收到|好的?|好嘞|谢谢.{0,6}|感谢.{0,8}|辛苦.{0,8}|早上?好.{0,4}|早安|晚安|哈+|嗯+|哦+|ok|OK|明白|知道了|不客气|[👍👌🙏\W]+)\s*$"
)
_DONE: Final = re.compile(r"修好了|好了[，。 ]?谢谢|已经(修|通|清|处理)|解决了|来电了|来水了")
_URGENT: Final = re.compile(
    r"着火|冒烟|燃气|煤气|漏气|触电|困在?电梯|被困|塌|昏倒|摔伤|爆管|高空抛物"
)
NEAR: Final = timedelta(minutes=30)
ANYWAY: Final = timedelta(hours=24)


@dataclass(slots=True)
class Matter:
    """One thing, said in one or several messages."""

    kind: Hashable  # the category that the words speak for
    place: Hashable | None  # the building, or None
    messages: list[Message] = field(default_factory=list)

    @property
    def last_at(self) -> datetime | None:
        """When it was spoken of last."""
        return next((one.at for one in reversed(self.messages) if one.at), None)

    @property
    def names(self) -> list[str]:
        """Who spoke of it, each once."""
        return list(dict.fromkeys(one.name for one in self.messages if one.name))

    @property
    def text(self) -> str:
        """What was said, each thing once, without names."""
        return "\n".join(dict.fromkeys(one.text for one in self.messages if len(one.text) > 3))

    @property
    def is_urgent(self) -> bool:
        """Whether somebody may be hurt."""
        return any(_URGENT.search(one.text) for one in self.messages)


def speaks(message: Message) -> bool:
    """Tell whether a message wants something done."""
    text = message.text
    if message.is_system or len(text) < 4 or _TALK.match(text) or _DONE.search(text):
        return False
    return bool(_WRONG.search(text))


def gather(
    messages: list[Message],
    *,
    kind_of: Callable[[Message], Hashable],
    place_of: Callable[[Message], Hashable | None],
) -> list[Matter]:
    """Return the matters of a chat in the order in which they came up.

    A message joins the matter that it quotes, that its speaker is still speaking of, that it agrees
    with, or that is of the same kind at the same place within a day.
    """
    matters: list[Matter] = []
    for message in messages:
        if message.is_repeat:
            continue
        if message.is_system or not message.text:
            _add_picture(matters, message)
        elif not speaks(message):
            _join(matters, message)
        else:
            kind, place = kind_of(message), place_of(message)
            found = _same(matters, message, kind, place)
            if found is None:
                found = Matter(kind, place)
                matters.append(found)
            found.place = found.place or place
            found.messages.append(message)
    return matters


def _add_picture(matters: list[Matter], message: Message) -> None:
    if message.pictures and matters and message.name in matters[-1].names:
        matters[-1].messages.append(message)


def _join(matters: list[Matter], message: Message) -> None:
    """Add a word of agreement, or of the same speaker at once afterwards, to what it is about."""
    quoted = _quoting(matters, message)
    if quoted is not None:
        quoted.messages.append(message)
    elif matters and _is_near(matters[-1], message, NEAR):
        last = matters[-1].messages[-1]
        follows = last.number + 2 >= message.number and not _TALK.match(message.text)
        if follows and (_SAME.match(message.text) or message.name == last.name):
            matters[-1].messages.append(message)


def _same(
    matters: list[Matter], message: Message, kind: Hashable, place: Hashable | None
) -> Matter | None:
    quoted = _quoting(matters, message)
    if quoted is not None:
        return quoted
    for matter in reversed(matters):
        agrees = matter.kind == kind and _is_near(matter, message, ANYWAY)
        if agrees and place is not None and matter.place == place:
            return matter
        if agrees and None in (place, matter.place) and _is_near(matter, message, NEAR):
            return matter
    if matters and _SAME.match(message.text) and _is_near(matters[-1], message, NEAR):
        return matters[-1]
    return None


def _quoting(matters: list[Matter], message: Message) -> Matter | None:
    head = message.quoted.strip()[:16]
    if len(head) < 4:
        return None
    for matter in reversed(matters):
        if any(head in one.text or head in one.raw for one in matter.messages):
            return matter
    return None


def _is_near(matter: Matter, message: Message, span: timedelta) -> bool:
    """Tell whether a message came soon after a matter; without times, whatever is near in the text."""
    last = matter.last_at
    if last is None or message.at is None:
        return message.number - matter.messages[-1].number <= 12
    return timedelta(0) <= message.at - last <= span


@dataclass(frozen=True, slots=True)
class Named:
    """A building, an entrance and an estate as words name them."""

    building: str = ""  # its number
    entrance: str = ""


_HAN: Final = {sign: n for n, sign in enumerate("零一二三四五六七八九")}
_NUMBER: Final = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
_BUILDING: Final = re.compile(rf"{_NUMBER}\s*(?:号楼|栋|幢|座|#楼|#|号院)")
_ENTRANCE: Final = re.compile(rf"{_NUMBER}\s*单元")
_DASHED: Final = re.compile(r"(?<![\d-])(\d{1,2})[-—](\d{1,2})[-—](\d{3,4})(?!\d|-)")


def named_in(text: str) -> Named:
    """Return which building and entrance words name: 3号楼2单元, 三栋, 3-2-501."""
    building, entrance = _BUILDING.search(text), _ENTRANCE.search(text)
    dashed = _DASHED.search(text)
    if building is None and dashed is not None:
        return Named(dashed[1].lstrip("0"), dashed[2].lstrip("0"))
    return Named(_digits(building[1]) if building else "", _digits(entrance[1]) if entrance else "")


def _digits(said: str) -> str:
    if said.isdigit():
        return said.lstrip("0") or "0"
    tens, _sep, ones = said.partition("十")
    if not _sep:
        return str(_HAN.get(said[-1], 0))
    return str((_HAN.get(tens, 1) if tens else 1) * 10 + (_HAN.get(ones, 0) if ones else 0))
