"""Writes a new community's file after an existing one: the way of working stays, the place is another.

What belongs to the old place only (its estates, property companies, telephones, posts and routes that
name them, other communities) is taken out, line by line, so that everything else keeps its comments.
"""

import re
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from linli.blueprints.errors import FaultyBlueprint
from linli.blueprints.rules.findings import Finding

_PLACES = """街道:
  - 名称: {subdistrict}
    区划码: "{subdistrict_code}"
    社区:
      - 名称: {community}
        区划码: "{community_code}"
        编号字头: {initials}            # 工单编号的开头
        户数: {households}
        人口: {residents}
        中心: [{lat}, {lon}]     # 纬度, 经度，大概位置即可
        面积: 0.6                # 平方公里
        网格: {grids}                # 先写个数；网格边界以后在页面“地方”里导入
        # 小区和楼栋可以写在这里，也可以在页面“地方 → 导入”用表格导入，例如：
        # 小区:
        #   - 名称: 某某小区
        #     类型: 有物业
        #     楼栋:
        #       - {{楼号: 1-12, 单元: 3, 层: 6, 每层: 2}}
"""
_HEAD = """# {district}{subdistrict}{community}：工作方案
#
# 照着“{like}”改写。怎么读：冒号前面是项目，冒号后面是内容；# 后面是说明。
# 怎么改：改完运行 linli install 文件名；有错会说是第几行，改对之前什么都不会动。
# 写法的全部说明见 docs/blueprints.md。
# 页面上改过的内容以后再装这份文件也不会被覆盖。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCommunity:
    """Where the new community is. Codes are the state's: 6, 9 and 12 digits."""

    tenant_code: str
    district: str
    district_code: str
    subdistrict: str
    subdistrict_code: str
    community: str
    community_code: str
    lat: float = 30.0
    lon: float = 110.0
    initials: str = "SQ"
    grids: int = 6
    households: int = 0
    residents: int = 0


@dataclass(slots=True)
class _Old:
    """What the old file says of its place."""

    names: list[tuple[str, str]]  # (old, new), longest first
    places: set[str]  # the chosen community and what lies above it
    elsewhere: set[str]  # other communities and subdistricts
    estates: set[str]


def rewrite(text: str, new: NewCommunity) -> str:
    """Return the file of a new community after an existing one that is in order.

    Errors: FaultyBlueprint when the name or a code can't be written into a file.
    """
    _check(new)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, MappingNode)
    keys = _keys(root)
    old = _old(keys, new)
    lines: list[str | None] = [*text.splitlines(keepends=True)]
    _cut_items(lines, keys, old)
    _replace_section(lines, keys["街道"], _PLACES.format(**_fields(new)))
    _replace_section(lines, keys["区县"], _district(new))
    _replace_head(lines, _HEAD.format(like=_word(keys["名称"]), **_fields(new)))
    made = "".join(line for line in lines if line is not None)
    for before, after in old.names:
        made = made.replace(before, after)
    return made


def _check(new: NewCommunity) -> None:
    """Refuse what would break the file; everything else the check of the new file finds."""
    for name in (new.district, new.subdistrict, new.community):
        if not re.fullmatch(r"[^\s:#\[\]{}\"'&*!|>%@`,]{2,60}", name):
            message = f"名称“{name[:20]}”里有不能用的符号，写 2 到 60 个字，不带空格和标点。"
            raise FaultyBlueprint(name[:20], [Finding(1, 1, "", message)])


def _fields(new: NewCommunity) -> dict[str, object]:
    fields = {name: getattr(new, name) for name in NewCommunity.__slots__}
    return fields | {"initials": new.initials.upper()}


def _district(new: NewCommunity) -> str:
    return (
        f"区县:\n  代号: {new.tenant_code}                # 点位码和查询链接都以它开头，定了就不要再改\n"
        f'  名称: {new.district}\n  区划码: "{new.district_code}"\n  中心: [{new.lat}, {new.lon}]\n'
    )


def _old(keys: dict[str, Node], new: NewCommunity) -> _Old:
    """Choose the community with the most estates: its way of working is the fullest."""
    pairs = [
        (_keys(street), _keys(community))
        for street in _items(keys["街道"])
        for community in _items(_keys(street)["社区"])
    ]
    street, community = max(pairs, key=lambda pair: len(_items(pair[1].get("小区"))))
    mine = {_word(street["名称"]), _word(community["名称"])}
    named = {_word(one["名称"]) for pair in pairs for one in pair}
    swap = [
        (_word(community["名称"]), new.community),
        (_word(street["名称"]), new.subdistrict),
        (_word(_keys(keys["区县"])["名称"]), new.district),
    ]
    return _Old(
        names=sorted(swap, key=lambda pair: -len(pair[0])),
        places=mine,
        elsewhere=named - mine,
        estates={
            _word(_keys(estate)["名称"])
            for _street, one in pairs
            for estate in _items(one.get("小区"))
        },
    )


def _cut_items(lines: list[str | None], keys: dict[str, Node], old: _Old) -> None:
    """Take out posts, organisations and routes that belong to places that are gone."""
    gone = {
        item
        for item in _items(keys["机构"])
        if _says(item, "地方") & old.elsewhere or "物业公司" in _says(item, "类型")
    }
    posts = _items(keys["岗位"])
    gone |= {item for item in posts if _is_local(item, old)}
    lost = _bodies(gone & set(_items(keys["机构"])))
    gone |= {item for item in posts if _says(item, "机构") & lost}
    lost |= _without_posts(keys, gone)
    gone |= {item for item in _items(keys["机构"]) if _bodies({item}) & lost}
    for item in _items(keys.get("派单规则")):
        if _is_local(item, old) or _says(item, "派给机构") & lost:
            gone.add(item)
    went = _bodies(gone & set(_items(keys["机构"])))
    for item in _items(keys.get("巡查路线")):
        if _is_local(item, old) or _says(item, "和谁走") & went:
            gone.add(item)
    aims = _keys(keys.get("目标"))
    # What was to be counted in the old place says nothing of the new one.
    gone |= {item for item in _items(aims.get("指标")) if _is_local(item, old)}
    gone |= set(_items(aims.get("台账")))
    _narrow(lines, [item for item in posts if item not in gone], old)
    _shorten_ladder(lines, keys, [item for item in posts if item not in gone])
    gone |= {value for key, value in _keys(keys.get("用语")).items() if key == "社区"}
    for item in gone:
        _blank(lines, item)
    for item in (*_items(keys["机构"]), *_items(keys.get("值守站点"))):
        if item not in gone:
            _drop_key(lines, item, "电话")


def _drop_key(lines: list[str | None], item: Node, name: str) -> None:
    """Take a key and its value out of a record, which may stand on one line with others."""
    for key, value in item.value:
        line = lines[key.start_mark.line] or ""
        if key.value == name and item.flow_style:  # type: ignore[attr-defined]
            before = line[: key.start_mark.column].rstrip().removesuffix(",")
            lines[key.start_mark.line] = before + line[value.end_mark.column :]
        elif key.value == name:
            lines[key.start_mark.line] = None


def _narrow(lines: list[str | None], posts: list[Node], old: _Old) -> None:
    """Of the places that a post is set up for, leave those that are still there."""
    for item in posts:
        if _says(item, "地方") & old.elsewhere:
            _write(lines, _keys(item)["地方"], sorted(_says(item, "地方") - old.elsewhere))


def _shorten_ladder(lines: list[str | None], keys: dict[str, Node], posts: list[Node]) -> None:
    """Leave out the rungs on which nobody stands any more."""
    ladder = keys.get("上报路线")
    if ladder is not None:
        held = {word for item in posts for word in _says(item, "层级")}
        _write(lines, ladder, [_word(rung) for rung in _items(ladder) if _word(rung) in held])


def _write(lines: list[str | None], node: Node, names: list[str]) -> None:
    """Put a list of names in the place of a value that stands on one line."""
    start, end = node.start_mark, node.end_mark
    line = lines[start.line] or ""
    lines[start.line] = f"{line[: start.column]}[{', '.join(names)}]{line[end.column :]}"


def _is_local(item: Node, old: _Old) -> bool:
    said = _says(item, "地方")
    others = said & old.elsewhere
    return bool(_says(item, "小区") & old.estates) or bool(others and others == said)


def _bodies(items: set[Node]) -> set[str]:
    return {word for item in items for key in ("编号", "名称") for word in _says(item, key)}


def _without_posts(keys: dict[str, Node], gone: set[Node]) -> set[str]:
    """Return the organisations whose last post went."""
    had = {word for item in _items(keys["岗位"]) for word in _says(item, "机构")}
    have = {w for item in _items(keys["岗位"]) if item not in gone for w in _says(item, "机构")}
    return had - have


def _blank(lines: list[str | None], item: Node) -> None:
    for number in range(item.start_mark.line, _last_line(item) + 1):
        lines[number] = None


def _replace_section(lines: list[str | None], node: Node, text: str) -> None:
    """Put a text in the place of a key and all that stands below it."""
    start = node.start_mark.line - (not isinstance(node, ScalarNode))
    while not (lines[start] or "").startswith(text.split(":", 1)[0]):
        start -= 1
    for number in range(start, _last_line(node) + 1):
        lines[number] = None
    lines[start] = text


def _replace_head(lines: list[str | None], text: str) -> None:
    for number, line in enumerate(lines):
        if line is None or not line.startswith("#"):
            break
        lines[number] = None
    lines[0] = text


def _last_line(node: Node) -> int:
    """Return the last line that a value itself stands on; its end mark may lie after comments."""
    if isinstance(node, ScalarNode):
        is_block = node.style in ("|", ">")
        return int(node.end_mark.line) - 1 if is_block else int(node.end_mark.line)
    if node.flow_style:  # type: ignore[attr-defined]
        return int(node.end_mark.line)
    below = [
        part for child in node.value for part in (child if isinstance(child, tuple) else (child,))
    ]
    return max((_last_line(part) for part in below), default=int(node.start_mark.line))


def _keys(node: Node | None) -> dict[str, Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, MappingNode) else {}


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, SequenceNode) else []


def _word(node: Node) -> str:
    return str(node.value)


def _says(item: Node, key: str) -> set[str]:
    """Return the words behind a key, one or several."""
    node = _keys(item).get(key)
    if node is None:
        return set()
    return {_word(one) for one in _items(node)} if isinstance(node, SequenceNode) else {_word(node)}
