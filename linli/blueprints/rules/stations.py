"""Stations and allowances of a blueprint: their format, what only the whole file shows, their parts."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from linli.blueprints.rules import words
from linli.blueprints.rules.findings import Findings
from linli.blueprints.rules.index import Index, find_place
from linli.blueprints.rules.kinds import Choice, Number, Text, Times, YesNo
from linli.blueprints.rules.records import Field, Item, ListOf, Record
from linli.blueprints.rules.tree import Place
from linli.posts.blueprint import AllowanceItem, Shift, StationItem

_DAYS: Final = {f"周{name}": str(number) for number, name in enumerate("一二三四五六日")}
_CODE: Final = Text(24, r"[a-z][a-z0-9_-]*", "小写字母开头，最多 24 个")
_REFERENCE: Final = Text(60, is_reference=True)

SEAT: Final = Record(
    {"什么人": Field(Text(30), True), "人数": Field(Number(1, 50), default=1)}, noun="站点人员"
)
HOURS: Final = Record(
    {
        "哪天": Field(ListOf(Choice(_DAYS), least=1), True),
        "时间": Field(Times(), True),
        "人数": Field(Number(1, 20), default=1),
    },
    noun="开放时间",
)
STATION: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(60), True),
        "地方": Field(_REFERENCE),
        "每个": Field(Choice({"微社区": "micro", "社区": "community"})),
        "地址": Field(Text(120), default=""),
        "电话": Field(Text(20, r"[0-9 +()-]+", "数字和 -"), default=""),
        "人员": Field(ListOf(SEAT, least=1, most=12), True),
        "开放": Field(ListOf(HOURS, most=21), default=[]),
        "节假日开放": Field(YesNo(), default=False),
    },
    named_by="名称",
    noun="值守站点",
)
ALLOWANCE: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(30), True),
        "地方": Field(_REFERENCE),
        "角色": Field(Choice(words.ROLES), True),
        "每月": Field(Number(0.01, 100_000, is_whole=False), True),
        "兼职也有": Field(YesNo(), default=True),
        "从": Field(Text(10, r"20\d\d-(0[1-9]|1[0-2])-01", "某个月的 1 日，例如 2026-01-01"), True),
    },
    named_by="名称",
    noun="补贴",
)


def check_stations(index: Index, findings: Findings) -> None:
    """Look at the places that stations and allowances name."""
    for key in ("值守站点", "补贴"):
        for one in index.root[key]:
            if one["地方"]:
                find_place(index, one["地方"], f"{key}“{one['名称']}”", findings)


def station_items(index: Index) -> tuple[StationItem, ...]:
    """Return the stations; "每个" spelt out, one for each place."""
    return tuple(found for one in index.root["值守站点"] for found in _stations(index, one))


def allowance_items(index: Index) -> tuple[AllowanceItem, ...]:
    """Return the allowances; yuan of the file as fen."""
    return tuple(
        AllowanceItem(
            code=one["编号"],
            label=one["名称"],
            area_code=_place(index, one).code,
            role=one["角色"],
            monthly_fen=round(one["每月"] * 100),
            starts_on=date.fromisoformat(one["从"]),
            is_for_part_time=one["兼职也有"],
        )
        for one in index.root["补贴"]
    )


def _stations(index: Index, one: Item) -> Iterator[StationItem]:
    place = _place(index, one)
    for at in index.below(one["每个"], [place]) if one["每个"] else [place]:
        yield StationItem(
            code=f"{one['编号']}-{at.code}" if one["每个"] else one["编号"],
            name=one["名称"].replace("{地方}", at.name),
            area_code=at.code,
            address=one["地址"].replace("{地方}", at.name),
            phone=one["电话"],
            seats=tuple((seat["什么人"], seat["人数"]) for seat in one["人员"]),
            shifts=tuple(found for hours in one["开放"] for found in _shifts(hours)),
            is_open_on_holidays=one["节假日开放"],
        )


def _shifts(hours: Item) -> Iterator[Shift]:
    for day in hours["哪天"]:
        yield Shift(
            weekday=int(day),
            opens_at=hours["时间"].starts_at,
            closes_at=hours["时间"].ends_at,
            needed=hours["人数"],
        )


def _place(index: Index, one: Item) -> Place:
    return (index.place(one["地方"]) if one["地方"] else None) or index.places[0]
