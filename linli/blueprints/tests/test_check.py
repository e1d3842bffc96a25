"""What is wrong with a file is said in Chinese, at its line; nothing crashes the check."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.blueprints import selectors
from linli.blueprints.errors import FaultyBlueprint
from linli.blueprints.rules import check, read

GOOD = selectors.get_library_text("dongcheng")


def changed(old: str, new: str, count: int = 1) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, count)


def only(text: str) -> str:
    """Return the one finding, with its line as it stands in the file."""
    found = check(text)
    assert len(found) == 1, found
    return str(found[0])


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_limit_that_nobody_defined_is_named_with_those_there_are():
    text = changed(
        "    时限: 三个工作日反馈\n    派发: 直接派发\n    办结要照片",
        "    时限: 三日内\n    派发: 直接派发\n    办结要照片",
    )
    said = only(text)
    assert said.startswith(
        f"第 {line_of(text, '三日内')} 行：类别“楼道堆物”的时限“三日内”没有定义，"
    )
    assert "险情马上办" in said or "三个工作日反馈" in said


def test_a_key_that_is_misspelt_is_offered_as_it_should_be():
    text = changed("    图标: trash-2", "    图表: trash-2")
    assert (
        only(text) == f"第 {line_of(text, '图表')} 行：类别里没有“图表”这个键，是不是想写“图标”？"
    )


def test_a_kind_of_data_that_nobody_keeps_is_named_with_those_there_are():
    text = changed("{资料: 走访记录和照片, ", "{资料: 走访录像, ")
    said = only(text)
    assert "没有“走访录像”这一类资料" in said
    assert "走访记录和照片" in said
    text = changed(
        "走访记录和照片, 几个月: 24, 到期: 删除", "走访记录和照片, 几个月: 24, 到期: 去掉姓名"
    )
    assert "到期不能这样处理" in only(text)


CASES = {
    "twice the same key": ("    图标: trash-2\n", "    图标: trash-2\n    图标: x\n", "写了两遍"),
    "not a number": ("        户数: 2052", "        户数: 两千", "“两千”不是整数"),
    "not yes or no": ("    保密: 是", "    保密: 对", "写“是”或“否”"),
    "an hour that is none": ("上午: 10:00-14:00", "上午: 10:00-25:00", "不是时间段"),
    "hours the wrong way round": ("上午: 10:00-14:00", "上午: 14:00-10:00", "结束要晚于开始"),
    "afternoon before morning ends": ("下午: 15:30-19:30", "下午: 13:00-19:30", "晚于上午的结束"),
    "solved before answered": ("    办结: 3 个工作日", "    办结: 2 小时", "办结比答复还短"),
    "a limit that is none": ("    办结: 3 个工作日", "    办结: 尽快", "不是期限"),
    "a ladder that comes back": (
        "[网格, 小区, 社区, 街道, 区县]",
        "[网格, 社区, 网格]",
        "绕回了“网格”",
    ),
    "a ladder upside down": ("[网格, 小区, 社区, 街道, 区县]", "[区县, 网格]", "从低到高"),
    "an unknown duty": (
        "权限: [看工单, 登记, 派单,",
        "权限: [看工单, 登记, 派活,",
        "“派活”不在可选的词里",
    ),
    "homes that do not add up": (
        "            户数: 1248",
        "            户数: 1250",
        "按楼栋算出来是 1,248 户",
    ),
    "a code of another street": ('"659004002001"', '"659005002001"', "应该以“青湖路街道”的"),
    "confidential and public": ("    保密: 是\n    公开: 否", "    保密: 是", "不能再公开"),
    "a post of nobody": (
        "    机构: property_bn\n    角色",
        "    机构: property_xx\n    角色",
        "没有定义",
    ),
    "a building twice": ("楼号: 25-28", "楼号: 24-28", "“24 号楼”写了两遍"),
    "a place with latitude and longitude the wrong way round": (
        "        中心: [44.1722, 87.5594]",
        "        中心: [87.5594, 44.1722]",
        "先写纬度，再写经度，例如 [44.1722, 87.5594]",
    ),
    "a link": ("名称: 贝鸟逸轩\n", "名称: &a 贝鸟逸轩\n", "不要用 & 和 *"),
    "nothing filled in": ("    名称: 环境卫生\n", "    名称:\n", "这里没有填"),
    "a target too many": (
        "    派给机构: heating",
        "    派给机构: heating\n    派给角色: 网格员",
        "三者选一",
    ),
    "a guide of no category": (
        "  - 编号: snow\n    类别: 积雪结冰\n    标题: 门前的雪",
        "  - 编号: snow\n    类别: 扫雪\n    标题: 门前的雪",
        "的类别“扫雪”没有定义",
    ),
    "a guide twice": (
        "  - 编号: snow\n    类别: 积雪结冰\n    标题: 门前",
        "  - 编号: heating\n    类别: 积雪结冰\n    标题: 门前",
        "办事指南“heating”写了两遍",
    ),
    "somebody's number in a guide": (
        "      拍照上报，写清是哪个门口。",
        "      拍照上报，或者打 13912345678。",
        "里有手机号，大家都看得到",
    ),
    "a target over all": ("{响应率: 95,", "{响应率: 195,", "应在 0.1 到 100 之间"),
    "a target of nothing": (
        "    - {响应率: 95, 解决率: 92, 满意率: 90, 按时办结率: 90, 办结用时: 3}",
        "    - {年: 2026}",
        "写至少一个数字的目标",
    ),
    "a target of a grid": ("{响应率: 95,", "{地方: 东城社区/第一网格, 响应率: 95,", "定到社区为止"),
    "a target twice": (
        "  指标:\n    - {响应率: 95,",
        "  指标:\n    - {响应率: 90}\n    - {响应率: 95,",
        "这个地方这一年的指标写了两遍",
    ),
    "calls to nobody": ("每周回访百分之几: 10", "每周回访百分之几: 110", "应在 0 到 100 之间"),
    "a role without a post": ("    派给角色: 受理台", "    派给角色: 流动网格员", "还没有岗位"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_at_its_line(name):
    old, new, says = CASES[name]
    text = changed(old, new)
    found = check(text)
    assert any(says in finding.message for finding in found), found
    first = line_of(text, new)
    assert any(first <= f.line <= first + 2 or says in f.message for f in found)


def test_a_community_without_a_desk_is_refused():
    text = changed("    角色: 受理台", "    角色: 部门")
    assert "没有“受理台”岗位" in "".join(map(str, check(text)))


def test_a_tab_is_named_as_such():
    found = check("格式: 1\n\t名称: x\n")
    assert [f.line for f in found] == [2]
    assert "Tab" in found[0].message


@pytest.mark.parametrize(
    "text", ["", "- 1", "x", "格式: 1", "a: b: c", "\x00", "[" * 2000, "--- a\n--- b", "? [a]\n: b"]
)
def test_what_is_no_blueprint_at_all_is_said_so(text):
    found = check(text)
    assert found
    assert all(re.match(r"第 \d+ 行：.*[。？]$", str(finding)) for finding in found)


def test_reading_a_faulty_file_is_refused_with_every_line():
    with pytest.raises(FaultyBlueprint) as refusal:
        read(changed("上午: 10:00-14:00", "上午: 早上"), "我的.yaml")
    assert "我的.yaml 有 1 处要改" in refusal.value.message
    assert "第 " in refusal.value.message


SCALARS = st.one_of(
    st.text(max_size=12), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=True)
)
KEYS = st.sampled_from(
    [
        "格式",
        "名称",
        "区县",
        "街道",
        "社区",
        "类别",
        "时限",
        "岗位",
        "工作时间",
        "编号",
        "小区",
        "楼栋",
        "网格",
    ]
)
TREES = st.recursive(
    SCALARS,
    lambda t: st.lists(t, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), t, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_no_tree_of_values_crashes_the_check(tree):
    import yaml

    assert isinstance(check(yaml.safe_dump(tree, allow_unicode=True)), list)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_crashes_the_check(text):
    assert isinstance(check(text), list)


LINES = GOOD.splitlines()


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["drop", "double", "indent", "empty", "swap", "cut"]),
    st.integers(0, len(LINES) - 1),
)
def test_no_slip_of_the_hand_crashes_the_check(number, slip, other):
    lines = list(LINES)
    line = lines[number]
    if slip == "drop":
        del lines[number]
    elif slip == "double":
        lines.insert(other, line)
    elif slip == "swap":
        lines[number], lines[other] = lines[other], lines[number]
    else:
        changes = {
            "indent": "  " + line,
            "empty": line.partition(":")[0] + ":",
            "cut": line[: len(line) // 2],
        }
        lines[number] = changes[slip]
    text = "\n".join(lines)
    if not check(text):
        read(text, "x.yaml")
