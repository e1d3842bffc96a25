"""A row of a list of people: which column is which, what its cells say, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from linli.people.rules.accounts import normalise_phone
from linli.people.rules.identity import (
    IdMistake,
    IdNumber,
    clean_name,
    is_name,
    read_id_number,
)

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("姓名", "居民姓名", "人员姓名", "名字", "name"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "公民身份号码", "身份证", "证件号", "id_number"),
    "id_kind": ("证件类型", "证件种类"),
    "sex": ("性别", "sex"),
    "born_on": ("出生日期", "出生年月日", "生日", "出生年月"),
    "phone": ("手机号", "联系电话", "手机号码", "电话", "手机", "联系方式", "phone"),
    "community": ("社区", "所属社区", "村社区"),
    "estate": ("小区", "小区名称", "所属小区"),
    "building": ("楼栋", "楼号", "栋", "楼栋号", "幢", "楼"),
    "entrance": ("单元", "单元号"),
    "home": ("房号", "户号", "室", "房间号", "门牌", "房室号", "室号"),
    "address": ("住址", "地址", "详细地址", "现住址", "居住地址", "家庭住址"),
    "relation": ("与户主关系", "户主关系", "家庭关系", "关系"),
    "kind": ("居住性质", "居住方式", "居住类型", "住房性质", "房屋性质", "人户情况"),
    "starts_on": ("入住日期", "入住时间", "迁入日期", "居住时间"),
    "tags": ("标签", "人员标签", "人员类别", "特殊人群", "重点类别"),
}  # fmt: skip
_LABELS: Final[Mapping[str, str]] = {key: names[0] for key, names in COLUMNS.items()}
_RELATIONS: Final[Mapping[str, str]] = {
    "户主": "head", "本人": "head", "配偶": "spouse", "夫": "spouse", "妻": "spouse", "丈夫": "spouse",
    "妻子": "spouse", "子": "child", "女": "child", "子女": "child", "儿子": "child", "女儿": "child",
    "长子": "child", "次子": "child", "长女": "child", "次女": "child", "儿媳": "in_law",
    "女婿": "in_law", "父": "parent", "母": "parent", "父亲": "parent", "母亲": "parent",
    "父母": "parent", "岳父": "parent", "岳母": "parent", "公公": "parent", "婆婆": "parent",
    "祖父": "grand", "祖母": "grand", "祖父母": "grand", "爷爷": "grand", "奶奶": "grand",
    "孙子": "grandch", "孙女": "grandch", "外孙": "grandch", "外孙女": "grandch", "孙": "grandch",
    "兄弟姐妹": "sibling", "兄": "sibling", "弟": "sibling", "姐": "sibling", "妹": "sibling",
    "其他": "other", "租客": "other", "非亲属": "other", "亲属": "other", "保姆": "other",
}  # fmt: skip
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "自住": ("lives", "owns"), "自有": ("lives", "owns"), "自有自住": ("lives", "owns"),
    "产权人": ("owns",), "业主": ("lives", "owns"), "出租业主": ("owns",), "业主不在住": ("owns",),
    "租住": ("rents",), "租赁": ("rents",), "租户": ("rents",), "承租": ("rents",), "租房": ("rents",),
    "居住": ("lives",), "借住": ("lives",), "同住": ("lives",), "家属": ("lives",), "常住": ("lives",),
    "人户一致": ("lives",),
}  # fmt: skip
_SEXES: Final = {
    "男": "m",
    "女": "f",
    "m": "m",
    "f": "f",
    "1": "m",
    "2": "f",
    "男性": "m",
    "女性": "f",
}
_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})"
)
_MONTH: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_CHAIN: Final = re.compile(
    r"(?P<estate>[^\d]*?)(?P<building>\d+|[A-Za-z])\s*(?:号楼|栋|幢|座|#|-|号)\s*"
    r"(?:(?P<entrance>\d+)\s*(?:单元|门|-))?\s*(?P<home>[A-Za-z]?\d+[A-Za-z]?)\s*(?:室|户|号)?"
)


class Wrong(StrEnum):
    """What can be wrong with a row."""

    UNREADABLE = "unreadable"
    NO_NAME = "no_name"
    NAME = "name"
    ID_LENGTH = "id_length"
    ID_SIGNS = "id_signs"
    ID_DATE = "id_date"
    ID_CHECK = "id_check"
    ID_DIFFERS = "id_differs"
    SEX = "sex"
    BORN_ON = "born_on"
    PHONE = "phone"
    STARTS_ON = "starts_on"
    RELATION = "relation"
    KIND = "kind"
    NO_ADDRESS = "no_address"
    ADDRESS = "address"
    TAG = "tag"
    COMMUNITY = "community"
    TWICE = "twice"
    KNOWN = "known"
    OUTSIDE = "outside"


_ID_WRONG: Final = {
    IdMistake.LENGTH: Wrong.ID_LENGTH,
    IdMistake.SIGNS: Wrong.ID_SIGNS,
    IdMistake.DATE: Wrong.ID_DATE,
    IdMistake.FUTURE: Wrong.ID_DATE,
    IdMistake.CHECK_DIGIT: Wrong.ID_CHECK,
}


@dataclass(slots=True)
class PersonRow:
    """A row as understood; `mistakes` are (what, in which words of the row)."""

    number: int
    name: str = ""
    id_kind: str = "resident"
    id_number: str = ""
    sex: str = ""
    born_on: date | None = None
    phone: str = ""
    community: str = ""
    address: tuple[str, str, str, str] = ("", "", "", "")  # estate, building, entrance, number
    relation: str = ""
    kinds: tuple[str, ...] = ("lives",)
    starts_on: date | None = None
    tags: tuple[str, ...] = ()
    mistakes: list[tuple[Wrong, str]] = field(default_factory=list)


def guess_columns(header: Sequence[str]) -> dict[str, int]:
    """Return which column holds what, by its name; the first of two alike."""
    plain = [
        re.sub(r"[\s*（(].*$|\s", "", unicodedata.normalize("NFKC", one)).lower() for one in header
    ]
    found: dict[str, int] = {}
    for key, names in COLUMNS.items():
        hits = [plain.index(name) for name in names if name in plain]
        if hits and hits[0] not in found.values():
            found[key] = hits[0]
    return found


def read_person(number: int, said: Mapping[str, str], today: date) -> PersonRow:
    """Return a row as understood, with everything that is wrong in it.

    said: the text of each column that the list has.
    """
    row = PersonRow(number)
    _read_name(row, said.get("name", ""))
    _read_facts(row, said, today)
    _read_number(row, said, today)
    _read_place(row, said)
    _read_stay(row, said, today)
    row.tags = tuple(part for part in re.split(r"[、,，;；/\s]+", said.get("tags", "")) if part)
    return row


def read_day(text: str) -> date | None:
    """Return the day that a cell names: 2024-9-26, 2024年9月26日, 20240926, 45561, 1950.03; or None."""
    text = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.fullmatch(text)
    try:
        if found:
            year, month, day = (part for part in found.groups() if part)
            return date(int(year), int(month), int(day))
        in_month = _MONTH.fullmatch(text)
        if in_month:
            return date(int(in_month[1]), int(in_month[2]), 1)
        if _SERIAL.fullmatch(text):
            return date(1899, 12, 30) + timedelta(days=int(float(text)))
    except ValueError:
        return None
    return None


def label_of(column: str) -> str:
    """Return what a column is called in our own lists."""
    return _LABELS[column]


def _read_name(row: PersonRow, text: str) -> None:
    row.name = clean_name(text)
    if not row.name:
        row.mistakes.append((Wrong.NO_NAME, ""))
    elif not is_name(row.name):
        row.mistakes.append((Wrong.NAME, row.name[:20]))


def _read_facts(row: PersonRow, said: Mapping[str, str], today: date) -> None:
    sex = said.get("sex", "").strip().lower()
    row.sex = _SEXES.get(sex, "")
    if sex and not row.sex:
        row.mistakes.append((Wrong.SEX, sex[:20]))
    row.born_on = _past_day(row, said.get("born_on", ""), Wrong.BORN_ON, today)
    phone = said.get("phone", "").strip()
    if phone:
        # A spreadsheet that took it for a number writes 13800000000.0.
        row.phone = normalise_phone(phone.removesuffix(".0")) or ""
        if not row.phone:
            row.mistakes.append((Wrong.PHONE, phone[:30]))


def _read_number(row: PersonRow, said: Mapping[str, str], today: date) -> None:
    text = said.get("id_number", "").strip()
    kind = said.get("id_kind", "").strip()
    if kind and "身份证" not in kind:
        row.id_kind, row.id_number = "other", "".join(text.split()).upper()[:40]
        return
    if not text:
        return
    found = read_id_number(text, today=today)
    if not isinstance(found, IdNumber):
        row.mistakes.append((_ID_WRONG[found], text[:24]))
    elif row.born_on not in (None, found.born_on) and not _is_month_of(said, found.born_on):
        row.mistakes.append((Wrong.ID_DIFFERS, label_of("born_on")))
    elif row.sex not in ("", found.sex):
        row.mistakes.append((Wrong.ID_DIFFERS, label_of("sex")))
    else:
        row.id_number, row.born_on, row.sex = found.number, found.born_on, found.sex


def _is_month_of(said: Mapping[str, str], born_on: date) -> bool:
    """A list that has only the month of birth doesn't contradict the number."""
    month = _MONTH.fullmatch(said.get("born_on", "").strip())
    return bool(month) and (int(month[1]), int(month[2])) == (born_on.year, born_on.month)  # type: ignore[index]


def _read_place(row: PersonRow, said: Mapping[str, str]) -> None:
    row.community = said.get("community", "").strip()
    parts = [said.get(key, "").strip() for key in ("estate", "building", "entrance", "home")]
    whole = said.get("address", "").strip()
    if not parts[1] and whole:
        found = _CHAIN.search(unicodedata.normalize("NFKC", whole))
        if found is None:
            row.mistakes.append((Wrong.ADDRESS, whole[:40]))
            return
        parts = [parts[0] or (found["estate"] or "").strip(), *(
            found[key] or "" for key in ("building", "entrance", "home")
        )]  # fmt: skip
    if not parts[1] or not parts[3]:
        row.mistakes.append((Wrong.NO_ADDRESS, label_of("home" if parts[1] else "building")))
    row.address = (parts[0], parts[1], parts[2], parts[3])


def _read_stay(row: PersonRow, said: Mapping[str, str], today: date) -> None:
    relation = said.get("relation", "").strip()
    row.relation = _RELATIONS.get(relation, "")
    if relation and not row.relation:
        row.mistakes.append((Wrong.RELATION, relation[:20]))
    kind = said.get("kind", "").strip()
    row.kinds = _KINDS.get(kind, ("lives",))
    if kind and kind not in _KINDS:
        row.mistakes.append((Wrong.KIND, kind[:20]))
    row.starts_on = _past_day(row, said.get("starts_on", ""), Wrong.STARTS_ON, today)


def _past_day(row: PersonRow, text: str, wrong: Wrong, today: date) -> date | None:
    if not text.strip():
        return None
    day = read_day(text)
    if day is None or day.year < 1890 or day > today:
        row.mistakes.append((wrong, text[:20]))
        return None
    return day
