"""The care of a file: what its parts say of each other, and the part that the room installs."""

from linli.blueprints.rules.findings import Findings
from linli.blueprints.rules.index import Index, find
from linli.blueprints.rules.patrols import check_item, plain_item
from linli.blueprints.rules.records import Item
from linli.care.blueprint import AlertItem, CarePart, ItemListItem, LevelItem


def check_care(index: Index, findings: Findings) -> None:
    """Look at everything that care says of other parts."""
    care = index.root["关怀"]
    if care is None:
        return
    _check_category(index, care, findings)
    for key in ("清单", "等级"):
        _once(care[key], "编号", f"关怀{key}", findings)
    _once(care["预警"], "情况", "关怀预警", findings)
    for one in care["清单"]:
        for item in one["看"]:
            check_item(index, item, findings)
    for level in care["等级"]:
        if level["清单"]:
            find(_lists(care), level["清单"], f"关怀等级“{level['名称']}”的清单", findings)


def _check_category(index: Index, care: Item, findings: Findings) -> None:
    if not care["类别"]:
        return
    category = find(index.categories, care["类别"], "关怀的类别", findings)
    if category is not None and not category["保密"]:
        message = f"关怀的类别“{category['名称']}”要写“保密: 是”，谁病了不能让大家看到。"
        findings.add(care.at("类别"), message)


def care_part(index: Index) -> CarePart:
    """Return the care of a file without findings."""
    care = index.root["关怀"]
    if care is None:
        return CarePart()
    return CarePart(
        lists=tuple(
            ItemListItem(
                code=one["编号"], name=one["名称"], items=tuple(plain_item(i) for i in one["看"])
            )
            for one in care["清单"]
        ),
        levels=tuple(_level(care, one) for one in care["等级"]),
        alerts=tuple(
            AlertItem(
                kind=one["情况"], needs=tuple(one["离不开"]), is_upstairs=one["楼上的人"],
                advice=one["要做的"],
            )
            for one in care["预警"]
        ),
        category_code=index.categories[care["类别"].text]["编号"] if care["类别"] else "",
    )  # fmt: skip


def _level(care: Item, one: Item) -> LevelItem:
    return LevelItem(
        code=one["编号"],
        name=one["名称"],
        every_days=one["几天一次"],
        risk=one["要紧"],
        list_code=_lists(care)[one["清单"].text]["编号"] if one["清单"] else "",
        hint=one["说明"],
    )


def _lists(care: Item) -> dict[str, Item]:
    return {name: one for one in care["清单"] for name in (one["编号"], one["名称"])}


def _once(items: list[Item], key: str, noun: str, findings: Findings) -> None:
    seen: dict[str, int] = {}
    for item in items:
        value = str(item[key])
        if value in seen:
            findings.add(item.at(key), f"{noun}写了两遍，和第 {seen[value]} 行重复。")
        seen.setdefault(value, item.at(key).line)
