"""The keys of what care needs: lists of what to look for, levels, whom an alert is about."""

from typing import Final

from linli.blueprints.rules import schema_patrols
from linli.blueprints.rules.kinds import Choice, Number, Text, YesNo
from linli.blueprints.rules.records import Field, ListOf, Record

_CODE: Final = Text(40, r"[a-z][a-z0-9_-]*", "小写字母开头，只用小写字母、数字和 _ -")
NEEDS: Final = {
    "药": "medicine", "透析": "dialysis", "吸氧": "oxygen", "取暖": "warmth", "降温": "cooling",
    "送水": "water", "送饭": "meals", "行动不便": "mobility",
}  # fmt: skip
ALERTS: Final = {
    "大雪": "snow", "寒潮": "cold", "高温": "heat", "停水": "water", "停电": "power",
    "电梯停用": "lift", "台风暴雨": "storm",
}  # fmt: skip

ITEM_LIST: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(40), True),
        "看": Field(ListOf(schema_patrols.ITEM, least=1, most=30), True),
    },
    named_by="名称",
    noun="关怀清单",
)

LEVEL: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(30), True),
        "几天一次": Field(Number(1, 366), True),
        "要紧": Field(Number(1, 9), default=1),
        "清单": Field(Text(60, is_reference=True)),
        "说明": Field(Text(80), default=""),
    },
    named_by="名称",
    noun="关怀等级",
)

ALERT: Final = Record(
    {
        "情况": Field(Choice(ALERTS), True),
        "离不开": Field(ListOf(Choice(NEEDS)), default=[]),
        "楼上的人": Field(YesNo(), default=False),
        "要做的": Field(Text(200), default=""),
    },
    named_by="情况",
    noun="关怀预警",
)

CARE: Final = Record(
    {
        "类别": Field(Text(60, is_reference=True)),
        "清单": Field(ListOf(ITEM_LIST, most=20), default=[]),
        "等级": Field(ListOf(LEVEL, most=12), default=[]),
        "预警": Field(ListOf(ALERT, most=7), default=[]),
    },
    noun="关怀",
)
