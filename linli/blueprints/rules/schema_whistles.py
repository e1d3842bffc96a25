"""The keys of what whistles need: limits, whom a category calls, the dispatch catalogue."""

from typing import Final

from linli.blueprints.rules.kinds import Text, TimeLimit, YesNo
from linli.blueprints.rules.records import Field, ListOf, Record

_CODE: Final = Text(40, r"[a-z][a-z0-9_-]*", "小写字母开头，只用小写字母、数字和 _ -")
_REFERENCE: Final = Text(60, is_reference=True)
_NO: Final = Field(YesNo(), default=False)

LIMIT: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(40), True),
        "报到": Field(TimeLimit(), True),
        "到场": Field(TimeLimit(), True),
        "办结": Field(TimeLimit(), True),
        "紧急": _NO,
        "依据": Field(Text(120), default=""),
    },
    named_by="名称",
    noun="吹哨时限",
)

PLAN: Final = Record(
    {
        "类别": Field(_REFERENCE, True),
        "牵头": Field(_REFERENCE, True),
        "协办": Field(ListOf(_REFERENCE), default=[]),
        "时限": Field(_REFERENCE),
        "自动": _NO,
    },
    noun="吹哨预案",
)

WHISTLES: Final = Record(
    {
        "时限": Field(ListOf(LIMIT, least=1, most=12), True),
        "预案": Field(ListOf(PLAN, most=60), default=[]),
    },
    noun="吹哨",
)

CLAUSE: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(60), True),
        "内容": Field(Text(2000), True),
        "依据": Field(Text(200), default=""),
        "归口": Field(_REFERENCE),
        "答复": Field(TimeLimit(), True),
    },
    named_by="名称",
    noun="职责条款",
)
