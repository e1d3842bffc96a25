"""The keys of what the register needs: tags, fields of the one form, forms from above, retention."""

from typing import Final

from linli.blueprints.rules.kinds import Choice, Number, Text, YesNo
from linli.blueprints.rules.records import Field, ListOf, Record
from linli.people.blueprint import LEAST_MONTHS, MOST_MONTHS

_CODE: Final = Text(24, r"[a-z][a-z0-9_]*", "小写字母开头，最多 24 个")
_SUBJECTS: Final = {"个人": "person", "家庭": "household"}
_VALUES: Final = {
    "文字": "text", "单选": "choice", "是否": "yes_no", "数字": "number", "日期": "date", "电话": "phone",
}  # fmt: skip
# What stands in the register itself; the rest is kept as answers.
COLUMNS: Final = {
    "姓名": "name", "证件号码": "id_number", "性别": "sex", "出生日期": "born_on", "手机": "phone",
}  # fmt: skip

TAG: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(20), True),
        "说明": Field(Text(100), default=""),
        "敏感": Field(YesNo(), default=False),
    },
    named_by="名称",
    noun="居民标签",
)

FIELD: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(30), True),
        "对象": Field(Choice(_SUBJECTS), default="person"),
        "答": Field(Choice(_VALUES), default="text"),
        "选项": Field(ListOf(Text(20), most=20), default=[]),
        "登记项": Field(Choice(COLUMNS), default=""),
        "说明": Field(Text(100), default=""),
        "几天有效": Field(Number(0, 3650), default=0),
        "问几秒": Field(Number(1, 600), default=10),
        "敏感": Field(YesNo(), default=False),
        "必填": Field(YesNo(), default=False),
    },
    named_by="名称",
    noun="采集字段",
)

FORM: Final = Record(
    {
        "编号": Field(_CODE, True),
        "名称": Field(Text(60), True),
        "谁要": Field(Text(60), True),
        "对象": Field(Choice(_SUBJECTS), default="person"),
        "字段": Field(ListOf(Text(30), least=1, most=60), True),
        "只要标签": Field(Text(20), default=""),
        "一年几次": Field(Number(1, 366), default=1),
    },
    named_by="名称",
    noun="报表",
)

RETENTION: Final = Record(
    {
        "资料": Field(Text(40), True),
        "几个月": Field(Number(LEAST_MONTHS, MOST_MONTHS), True),
        "到期": Field(Choice({"删除": "delete", "去掉姓名": "anonymise"}), True),
    },
    named_by="资料",
    noun="保存期限",
)

REGISTER: Final = Record(
    {
        "标签": Field(ListOf(TAG, most=60), default=[]),
        "字段": Field(ListOf(FIELD, most=80), default=[]),
        "报表": Field(ListOf(FORM, most=60), default=[]),
        "保存期限": Field(ListOf(RETENTION, most=40), default=[]),
    },
    noun="居民登记",
)
