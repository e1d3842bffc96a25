"""Says what is wrong with a row of a list of people, and what to do about it."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from linli.people.rules.import_rows import Wrong

# Under which it is counted, and the sentence; %(said)s is what stands in the row.
_WORDS: Final[dict[Wrong, tuple[Any, Any]]] = {
    Wrong.UNREADABLE: (_("读不了"), _("%(said)s")),
    Wrong.NO_NAME: (_("缺姓名"), _("没有姓名，补上再导入。")),
    Wrong.NAME: (_("姓名不对"), _("“%(said)s”不像姓名：要两个字以上，不带数字和说明。")),
    Wrong.ID_LENGTH: (
        _("证件号位数"), _("身份证号不是 18 位，对着证件核对；这一列要设成文本，免得尾数变成 0。"),
    ),
    Wrong.ID_SIGNS: (_("证件号写法"), _("身份证号里有不该有的字，只写数字，最后一位可以是 X。")),
    Wrong.ID_DATE: (_("证件号日期"), _("身份证号里的出生日期不存在，检查第 7 到 14 位。")),
    Wrong.ID_CHECK: (_("证件号校验位"), _("身份证号的校验位对不上，一定有一位写错了，对着证件核对。")),
    Wrong.ID_DIFFERS: (_("和证件号不一致"), _("%(said)s和身份证号里的不一样，核对哪一个对。")),
    Wrong.SEX: (_("性别"), _("性别写“男”或“女”，现在是“%(said)s”。")),
    Wrong.BORN_ON: (_("出生日期"), _("出生日期“%(said)s”不对，写成 1952-03-04，不能晚于今天。")),
    Wrong.PHONE: (_("电话"), _("这个电话打不通：手机 11 位，座机带区号。不知道就空着。")),
    Wrong.STARTS_ON: (_("入住日期"), _("入住日期“%(said)s”不对，写成 2019-05-01，不能晚于今天。")),
    Wrong.RELATION: (_("与户主关系"), _("没有“%(said)s”这种与户主关系，写户主、配偶、子女、父母或其他。")),
    Wrong.KIND: (_("居住性质"), _("没有“%(said)s”这种居住性质，写自住、租住、居住或产权人。")),
    Wrong.NO_ADDRESS: (_("缺地址"), _("没有%(said)s，不知道住在哪一户，补上再导入。")),
    Wrong.ADDRESS: (_("地址读不懂"), _("地址读不出楼栋和房号，写成“幸福家园3号楼2单元501”，或分成几列。")),
    Wrong.TAG: (_("标签"), _("没有“%(said)s”这个标签，或者您的岗位不能加，改名或删掉。")),
    Wrong.COMMUNITY: (_("社区"), _("社区“%(said)s”没有找到，或者不归您登记。")),
    Wrong.TWICE: (_("表内重复"), _("证件号码和%(said)s相同，留一行就好。")),
    Wrong.KNOWN: (_("和登记库重复"), _("%(said)s")),
    Wrong.OUTSIDE: (_("不归您登记"), _("这一户不在您负责的网格里，交给那边的网格员或社区导入。")),
}  # fmt: skip
_HOMES: Final[dict[str, Any]] = {
    "estate": _("没有找到小区“%(said)s”，和“地点”里的名称对一下。"),
    "building": _("没有找到楼栋“%(said)s”，先在“地点”里加上，或改成那里的名称。"),
    "entrance": _("这栋楼没有这个单元，或有几个单元却没写是哪一个（%(said)s）。"),
    "home": _("没有这一户（%(said)s），检查房号。"),
    "several": _("有不止一栋楼叫“%(said)s”，把小区也写上。"),
    "missing": _(
        "“地点”里还没有这一户（%(said)s）。房号没错的话，勾上“没有的户自动添加”再检查一遍。"
    ),
}
HOME_KIND: Final = _("地址对不上")


def say(wrong: Wrong, said: str) -> tuple[str, str]:
    """Return under which word a mistake is counted, and the sentence about it."""
    kind, words = _WORDS[wrong]
    return str(kind), str(words) % {"said": said}


def say_home(problem: str, said: str) -> tuple[str, str]:
    """Return the same of an address that leads to no home."""
    return str(HOME_KIND), str(_HOMES[problem]) % {"said": said}
