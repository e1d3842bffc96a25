"""The patrols of a file: what its parts say of each other, and the part that the room installs."""

from collections.abc import Iterator
from typing import Any

from linli.blueprints.rules.findings import Findings, offer
from linli.blueprints.rules.index import Index, find, find_place
from linli.blueprints.rules.records import Item
from linli.patrols.blueprint import ClauseItem, ItemListItem, PatrolsPart, RouteItem
from linli.places.blueprint import FacilityKindItem

_YES_NO = {"是": "yes", "否": "no"}


def check_patrols(index: Index, findings: Findings) -> None:
    """Look at everything that patrols say of other parts."""
    root = index.root
    for kind in root["设施类别"]:
        _check_category(index, kind, f"设施类别“{kind['名称']}”的类别", findings)
    for one in root["巡查清单"]:
        _check_category(index, one, f"巡查清单“{one['名称']}”的类别", findings)
        for item in one["看"]:
            check_item(index, item, findings)
    for route in root["巡查路线"]:
        _check_route(index, route, findings)


def _check_route(index: Index, route: Item, findings: Findings) -> None:
    whose = f"巡查路线“{route['名称']}”"
    find(_lists(index), route["清单"], f"{whose}的清单", findings)
    if route["地方"]:
        find_place(index, route["地方"], whose, findings)
    if route["和谁走"]:
        find(index.organisations, route["和谁走"], f"{whose}和谁走", findings)
    if route["小区"] and not _estates(index, route):
        findings.add(route.at("小区"), f"{whose}的小区“{route['小区']}”没有定义。")
    if route["联合"] and not route["和谁走"]:
        findings.add(route.at("联合"), f"{whose}写了联合，再写一行“和谁走: 机构”。")


def facility_kinds(index: Index) -> tuple[FacilityKindItem, ...]:
    """Return the kinds of facilities of a file without findings."""
    return tuple(
        FacilityKindItem(
            code=one["编号"],
            name=one["名称"],
            icon=one["图标"],
            category_code=_category(index, one),
            check_days=one["几天一看"],
            target_count=one["每社区几处"],
            target_area_m2=one["每社区平方米"],
            is_premises=one["用房"],
        )
        for one in index.root["设施类别"]
    )


def patrols_part(index: Index) -> PatrolsPart:
    """Return the patrols of a file without findings."""
    root = index.root
    return PatrolsPart(
        lists=tuple(_list(index, one) for one in root["巡查清单"]),
        routes=tuple(found for one in root["巡查路线"] for found in _routes(index, one)),
        clauses=tuple(
            ClauseItem(code=one["编号"], title=one["条"], text=one["说"]) for one in root["公约"]
        ),
    )


def _check_category(index: Index, item: Item, whose: str, findings: Findings) -> None:
    if item["类别"]:
        find(index.categories, item["类别"], whose, findings)


def check_item(index: Index, item: Item, findings: Findings) -> None:
    """Look at one item of a list: its category, and the answers that are not good."""
    _check_category(index, item, f"“{item['看']}”的类别", findings)
    known = item["答"] if isinstance(item["答"], list) else list(_YES_NO)
    if item["答"] in ("text", "number", "photo"):
        known = []
    for word in item["不好"]:
        if word not in known:
            message = f"“{item['看']}”没有“{word}”这个答案，{offer(word, known)}"
            findings.add(item.at("不好"), message)


def _lists(index: Index) -> dict[str, Item]:
    return {name: one for one in index.root["巡查清单"] for name in (one["编号"], one["名称"])}


def _category(index: Index, item: Item) -> str:
    return index.categories[item["类别"].text]["编号"] if item["类别"] else ""


def _list(index: Index, one: Item) -> ItemListItem:
    return ItemListItem(
        code=one["编号"],
        name=one["名称"],
        items=tuple(plain_item(item) for item in one["看"]),
        category_code=_category(index, one),
        categories={item["编号"]: _category(index, item) for item in one["看"] if item["类别"]},
    )


def plain_item(item: Item) -> dict[str, Any]:
    """Return an item in the shape of `field.selectors.items.as_plain`."""
    answer, bad = item["答"], item["不好"]
    said: dict[str, Any] = {"code": item["编号"], "label": item["看"]}
    if isinstance(answer, list):
        said["kind"] = "choice"
        said["choices"] = [
            {"code": f"a{number}", "label": label, **({"is_bad": True} if label in bad else {})}
            for number, label in enumerate(answer, 1)
        ]
    else:
        said["kind"] = answer
        if bad:
            said["bad_if"] = _YES_NO[bad[0]]
    said |= {"is_required": True} if item["必答"] else {}
    return said | ({"hint": item["说明"]} if item["说明"] else {})


def _routes(index: Index, item: Item) -> Iterator[RouteItem]:
    place = (index.place(item["地方"]) if item["地方"] else None) or index.places[0]
    estates = _estates(index, item)
    if item["每个"]:
        found = index.below(item["每个"], [place])
    else:
        found = [estates[0][0]] if estates else index.communities([place])[:1]
    for one in found:
        area = one if one.kind in ("grid", "community") else one.above("community") or one
        yield RouteItem(
            code=f"{item['编号']}-{area.code}" if item["每个"] else item["编号"],
            name=item["名称"].replace("{地方}", area.name),
            area_code=area.code,
            estate=item["小区"].text if item["小区"] else "",
            list_code=_lists(index)[item["清单"].text]["编号"],
            walks=item["走"],
            weekdays="".join(sorted(set(item["星期"]))),
            every_days=item["每几天"],
            role=item["角色"],
            is_joint=item["联合"],
            partner_code=_partner(index, item),
        )


def _partner(index: Index, item: Item) -> str:
    return index.organisations[item["和谁走"].text]["编号"] if item["和谁走"] else ""


def _estates(index: Index, item: Item) -> list[Any]:
    place = (index.place(item["地方"]) if item["地方"] else None) or index.places[0]
    return index.estates(item["小区"].text, [place]) if item["小区"] else []
