"""The keys of what patrols need: kinds of facilities, lists of what to look at, routes, the covenant."""

from typing import Final

from linli.blueprints.rules import words
from linli.blueprints.rules.kinds import Choice, Number, Text, YesNo
from linli.blueprints.rules.records import Either, Field, ListOf, Record

_CODE: Final = Text(40, r"[a-z][a-z0-9_-]*", "小写字母开头，只用小写字母、数字和 _ -")
_ITEM_CODE: Final = Text(24, r"[a-z][a-z0-9_]*", "小写字母开头，只用小写字母、数字和 _")
_REFERENCE: Final = Text(60, is_reference=True)
_NO: Final = Field(YesNo(), default=False)
# What is looked at on a round: every building, every entrance, or points that are set on the page.
WALKS: Final = {"楼栋": "buildings", "单元": "entrances", "自己设": ""}
EACH: Final = {"网格": "grid", "社区": "community"}
WEEKDAYS: Final = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "日": "7"}
ANSWERS: Final = {**words.ANSWERS, "照片": "photo"}

FACILITY_KIND: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(30), True),
        "图标": Field(Text(30, r"[a-z][a-z0-9-]*", "图标的英文名"), default="map-pin"),
        "类别": Field(_REFERENCE),
        "几天一看": Field(Number(0, 3650), default=0),
        "每社区几处": Field(Number(0, 999), default=0),
        "每社区平方米": Field(Number(0, 1_000_000), default=0),
        "用房": _NO,
    },
    named_by="名称",
    noun="设施类别",
)

ITEM: Final = Record(
    {
        "编号": Field(_ITEM_CODE, True),
        "看": Field(Text(60), True),
        "答": Field(Either(Choice(ANSWERS), ListOf(Text(30), least=2, most=12)), True),
        "不好": Field(ListOf(Text(30)), default=[]),
        "必答": _NO,
        "说明": Field(Text(80), default=""),
        "类别": Field(_REFERENCE),
    },
    named_by="看",
    noun="清单里的一条",
)

ITEM_LIST: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(40), True),
        "类别": Field(_REFERENCE, True),
        "看": Field(ListOf(ITEM, least=1, most=30), True),
    },
    named_by="名称",
    noun="巡查清单",
)

ROUTE: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(60), True),
        "清单": Field(_REFERENCE, True),
        "每个": Field(Choice(EACH)),
        "地方": Field(_REFERENCE),
        "小区": Field(_REFERENCE),
        "走": Field(Choice(WALKS), default="buildings"),
        "星期": Field(ListOf(Choice(WEEKDAYS), most=7), default=[]),
        "每几天": Field(Number(1, 366), default=1),
        "角色": Field(Choice(words.ROLES), default="grid_worker"),
        "联合": _NO,
        "和谁走": Field(_REFERENCE),
    },
    named_by="名称",
    noun="巡查路线",
)

CLAUSE: Final = Record(
    {
        "编号": Field(_CODE, True),
        "条": Field(Text(40), True),
        "说": Field(Text(200), default=""),
    },
    named_by="条",
    noun="公约",
)
