"""The format of a blueprint: which keys there are, and what may stand behind them (docs/blueprints.md)."""

from typing import Final

from linli.blueprints.rules import (
    schema_care,
    schema_open,
    schema_patrols,
    schema_register,
    schema_whistles,
    stations,
    words,
)
from linli.blueprints.rules.kinds import Choice, Number, Numbers, Text, TimeLimit, Times, YesNo
from linli.blueprints.rules.records import Either, Field, ListOf, Point, Record

NAME: Final = Text(60)
LINE: Final = Text(120)
PROSE: Final = Text(2000)
REFERENCE: Final = Text(60, is_reference=True)
REFERENCES: Final = ListOf(REFERENCE)
CODE: Final = Text(40, r"[a-z][a-z0-9_-]*", "小写字母开头，只用小写字母、数字和 _ -")
PHONE: Final = Text(20, r"[0-9 +()-]+", "数字和 -")
POINT: Final = Point()
YES: Final = Field(YesNo(), default=True)
NO: Final = Field(YesNo(), default=False)


def area_code(digits: int) -> Text:
    """Return the kind of the state's area codes of so many digits."""
    return Text(20, rf"\d{{{digits}}}", f"{digits} 位数字")


HOURS: Final = Record(
    {"上午": Field(Times()), "下午": Field(Times()), "全天": Field(Times())}, noun="工作时间"
)

LEVEL: Final = Record(
    {
        "编号": Field(CODE, True),
        "名称": Field(Text(40), True),
        "答复": Field(TimeLimit(), True),
        "办结": Field(TimeLimit(), True),
        "依据": Field(LINE, default=""),
    },
    named_by="名称",
    noun="时限",
)

QUESTION: Final = Record(
    {
        "编号": Field(
            Text(30, r"[a-z][a-z0-9_-]*", "小写字母开头，只用小写字母、数字和 _ -"), True
        ),
        "问": Field(Text(60), True),
        "答": Field(Either(Choice(words.ANSWERS), ListOf(Text(30), least=2, most=12)), True),
        "必答": NO,
        "可多选": NO,
    },
    named_by="问",
    noun="提问",
)

CATEGORY: Final = Record(
    {
        "编号": Field(CODE, True),
        "名称": Field(Text(30), True),
        "说明": Field(Text(80), default=""),
        "图标": Field(Text(30, r"[a-z][a-z0-9-]*", "图标的英文名"), default="message-square"),
        "时限": Field(REFERENCE, True),
        "派发": Field(Choice(words.DISPATCH), default="desk"),
        "起步层级": Field(Choice(words.LEVELS), default="grid"),
        "提问": Field(ListOf(QUESTION, most=6), default=[]),
        "需要照片": NO,
        "办结要照片": NO,
        "保密": NO,
        "紧急": NO,
        "危险提示": Field(LINE, default=""),
        "居民可选": YES,
        "公开": YES,
        "随手拍": NO,
        "不受理依据": Field(Text(200), default=""),
    },
    named_by="名称",
    noun="类别",
)

SETTINGS: Final = Record(
    {key: Field(Number(least, most)) for key, (_name, least, most) in words.SETTINGS.items()},
    noun="办理规则",
)

GRID: Final = Record(
    {
        "名称": Field(NAME, True),
        "编号": Field(Text(7, r"[a-z][a-z0-9]*", "小写字母和数字，最多 7 个")),
        "楼栋": Field(ListOf(LINE), default=[]),
    },
    named_by="名称",
    noun="网格",
)
GRIDS: Final = Either(Number(1, 60), ListOf(GRID, least=1, most=60))

MICRO: Final = Record(
    {
        "名称": Field(NAME, True),
        "编号": Field(Text(7, r"[a-z][a-z0-9]*", "小写字母和数字，最多 7 个")),
        "网格": Field(GRIDS, True),
    },
    named_by="名称",
    noun="微社区",
)

_BUILDINGS = {
    "楼号": Field(Numbers(), True),
    "单元": Field(Number(1, 20), default=1),
    "层": Field(Number(1, 60), default=6),
    "每层": Field(Number(1, 30), default=2),
    "楼名": Field(Text(20, r".*\{号\}.*", "带有 {号} 的写法，例如 {号} 号楼")),
}
BUILDINGS: Final = Record(_BUILDINGS, noun="楼栋")
STANDALONE: Final = Record({**_BUILDINGS, "微社区": Field(REFERENCE)}, noun="单体楼")

ESTATE: Final = Record(
    {
        "名称": Field(NAME, True),
        "类型": Field(Choice(words.ESTATES), True),
        "微社区": Field(REFERENCE),
        "楼栋": Field(ListOf(BUILDINGS, least=1), True),
        "户数": Field(Number(0, 99_999)),
    },
    named_by="名称",
    noun="小区",
)

COMMUNITY: Final = Record(
    {
        "名称": Field(NAME, True),
        "区划码": Field(area_code(12), True),
        "电话": Field(PHONE, default=""),
        "口号": Field(Text(40), default=""),
        "编号字头": Field(Text(4, r"[A-Z]{1,4}", "1 到 4 个大写字母"), default=""),
        "户数": Field(Number(0, 999_999), default=0),
        "人口": Field(Number(0, 999_999), default=0),
        "中心": Field(POINT),
        "面积": Field(Number(0.01, 500, is_whole=False), default=0.6),
        "微社区": Field(ListOf(MICRO), default=[]),
        "网格": Field(GRIDS, default=[]),
        "小区": Field(ListOf(ESTATE), default=[]),
        "单体楼": Field(ListOf(STANDALONE), default=[]),
        "街巷": Field(ListOf(NAME), default=[]),
    },
    named_by="名称",
    noun="社区",
)

SUBDISTRICT: Final = Record(
    {
        "名称": Field(NAME, True),
        "区划码": Field(area_code(9), True),
        "电话": Field(PHONE, default=""),
        "中心": Field(POINT),
        "社区": Field(ListOf(COMMUNITY, least=1), True),
    },
    named_by="名称",
    noun="街道",
)

DISTRICT: Final = Record(
    {
        "代号": Field(Text(8, r"[a-z][a-z0-9]{1,7}", "2 到 8 个小写字母或数字，字母开头"), True),
        "名称": Field(NAME, True),
        "区划码": Field(area_code(6), True),
        "电话": Field(PHONE, default=""),
        "中心": Field(POINT, True),
    },
    named_by="名称",
    noun="区县",
)

ORGANISATION: Final = Record(
    {
        "编号": Field(Text(24, r"[a-z][a-z0-9_-]*", "小写字母开头，最多 24 个"), True),
        "名称": Field(NAME, True),
        "类型": Field(Choice(words.ORGANISATIONS), True),
        "地方": Field(REFERENCE),
        "每个": Field(Choice({"社区": "community", "街道": "subdistrict"})),
        "电话": Field(PHONE, default=""),
    },
    named_by="名称",
    noun="机构",
)

POST: Final = Record(
    {
        "编号": Field(Text(24, r"[a-z][a-z0-9_-]*", "小写字母开头，最多 24 个"), True),
        "名称": Field(NAME, True),
        "机构": Field(REFERENCE, True),
        "角色": Field(Choice(words.ROLES), True),
        "层级": Field(Choice(words.LEVELS), True),
        "地方": Field(REFERENCES, default=[]),
        "除外": Field(REFERENCES, default=[]),
        "每个": Field(Choice(words.EACH)),
        "小区": Field(REFERENCES, default=[]),
        "权限": Field(ListOf(Choice(words.DUTIES)), default=[]),
        "职责": Field(PROSE, default=""),
        "只办本机构的": NO,
    },
    named_by="名称",
    noun="岗位",
)

ROUTE: Final = Record(
    {
        "类别": Field(REFERENCES, True),
        "地方": Field(REFERENCE),
        "小区": Field(REFERENCE),
        "小区类型": Field(Choice(words.ESTATES), default=""),
        "派给角色": Field(Choice(words.ROLES), default=""),
        "派给岗位": Field(REFERENCE),
        "派给机构": Field(REFERENCE),
        "顺序": Field(Number(1, 999), default=100),
    },
    noun="派单规则",
)

TEMPLATE: Final = Record(
    {
        "标题": Field(Text(40), True),
        "文字": Field(PROSE, True),
        "类别": Field(REFERENCE),
        "用于": Field(Choice(words.TEMPLATES), default="answer"),
    },
    named_by="标题",
    noun="答复模板",
)

CLEARED: Final = Record(
    {
        "编号": Field(CODE, True),
        "名称": Field(Text(20), True),
        "单位": Field(Text(4), default="处"),
        "做法": Field(Text(20), default="清理"),
        "图标": Field(Text(30, r"[a-z][a-z0-9-]*", "图标的英文名"), default="circle-alert"),
        "类别": Field(REFERENCE),
    },
    named_by="名称",
    noun="整治类型",
)

WORDING: Final = Record(
    {
        "事件": Field(Text(60, r"[a-z_.]+", "事件的英文名"), True),
        "对象": Field(Choice(words.AUDIENCES), True),
        "渠道": Field(Choice(words.CHANNELS), True),
        "标题": Field(NAME, default=""),
        "文字": Field(PROSE, True),
        "夜间也发": NO,
    },
    noun="通知用语",
)

ROOT: Final = Record(
    {
        "格式": Field(Number(1, 1), True),
        "名称": Field(NAME, True),
        "说明": Field(PROSE, default=""),
        "区县": Field(DISTRICT, True),
        "工作时间": Field(HOURS, True),
        "免打扰": Field(Times(may_cross=True)),
        "用语": Field(Record({key: Field(Text(20)) for key in words.LOCAL}, noun="用语")),
        "时限": Field(ListOf(LEVEL, least=1), True),
        "类别": Field(ListOf(CATEGORY, least=1, most=60), True),
        "办理规则": Field(SETTINGS),
        "上报路线": Field(ListOf(Choice(words.LEVELS)), default=[]),
        "街道": Field(ListOf(SUBDISTRICT, least=1), True),
        "机构": Field(ListOf(ORGANISATION, least=1), True),
        "岗位": Field(ListOf(POST, least=1), True),
        "派单规则": Field(ListOf(ROUTE), default=[]),
        "答复模板": Field(ListOf(TEMPLATE), default=[]),
        "吹哨": Field(schema_whistles.WHISTLES),
        "职责清单": Field(ListOf(schema_whistles.CLAUSE, most=60), default=[]),
        "整治类型": Field(ListOf(CLEARED, most=20), default=[]),
        "设施类别": Field(ListOf(schema_patrols.FACILITY_KIND, most=60), default=[]),
        "巡查清单": Field(ListOf(schema_patrols.ITEM_LIST, most=30), default=[]),
        "巡查路线": Field(ListOf(schema_patrols.ROUTE, most=60), default=[]),
        "公约": Field(ListOf(schema_patrols.CLAUSE, most=60), default=[]),
        "关怀": Field(schema_care.CARE),
        "办事指南": Field(ListOf(schema_open.GUIDE, most=60), default=[]),
        "目标": Field(schema_open.AIMS),
        "居民登记": Field(schema_register.REGISTER),
        "值守站点": Field(ListOf(stations.STATION, most=20), default=[]),
        "补贴": Field(ListOf(stations.ALLOWANCE, most=20), default=[]),
        "通知用语": Field(ListOf(WORDING), default=[]),
    },
    noun="方案",
)
