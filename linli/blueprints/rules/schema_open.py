"""The keys of what everybody is told and what is to be reached: guides, targets, goals kept by hand."""

from typing import Final

from linli.blueprints.rules.kinds import Number, Text
from linli.blueprints.rules.records import Field, ListOf, Record

_REFERENCE: Final = Text(60, is_reference=True)
_PERCENT: Final = Number(0.1, 100, is_whole=False)
# What may have a target, by the name that pages give the figure.
FIGURES: Final = {
    "响应率": "response", "解决率": "resolution", "满意率": "satisfaction", "归档率": "closing",
    "按时办结率": "on_time", "办结用时": "median_days",
}  # fmt: skip
DAYS: Final = "办结用时"

GUIDE: Final = Record(
    {
        "编号": Field(
            Text(40, r"[a-z][a-z0-9_-]*", "小写字母开头，只用小写字母、数字和 _ -"), True
        ),
        "类别": Field(_REFERENCE, True),
        "标题": Field(Text(60), True),
        "文字": Field(Text(2000), True),
    },
    named_by="标题",
    noun="办事指南",
)

_WHERE: Final = {"地方": Field(_REFERENCE), "年": Field(Number(2000, 2099))}

AIM: Final = Record(
    {
        **_WHERE,
        **{name: Field(_PERCENT) for name in FIGURES if name != DAYS},
        DAYS: Field(Number(0.1, 365, is_whole=False)),
    },
    noun="指标",
)

GOAL: Final = Record(
    {
        "名称": Field(Text(60), True),
        "单位": Field(Text(10), True),
        "目标": Field(Number(0.01, 999_999_999, is_whole=False), True),
        **_WHERE,
    },
    named_by="名称",
    noun="台账目标",
)

AIMS: Final = Record(
    {
        "指标": Field(ListOf(AIM, most=200), default=[]),
        "台账": Field(ListOf(GOAL, most=60), default=[]),
    },
    noun="目标",
)
