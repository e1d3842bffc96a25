"""What must hold of areas, estates and buildings: codes that fit, names once, sums that come out."""

from collections.abc import Iterable

from linli.blueprints.rules import tree
from linli.blueprints.rules.findings import Findings
from linli.blueprints.rules.index import Index
from linli.blueprints.rules.records import Item
from linli.blueprints.rules.references import check_once
from linli.blueprints.rules.tree import House, Place


def check_geography(index: Index, findings: Findings) -> None:
    """Look at the area tree and the houses."""
    seen: dict[str, int] = {}
    for place in index.places:
        spot = place.item.at("区划码") if "区划码" in place.item else place.item.spot
        if place.code in seen and seen[place.code] != spot.line:
            findings.add(
                spot, f"“{place.name}”的编码 {place.code} 和第 {seen[place.code]} 行重复。"
            )
        elif place.code in seen:
            findings.add(spot, f"“{place.name}”的编码 {place.code} 用了两次，给网格写上“编号”。")
        seen.setdefault(place.code, spot.line)
        _check_code(place, findings)
        if place.kind == "community":
            _check_community(place, index.grids_of(place), findings)
    communities = [place.item for place in index.places if place.kind == "community"]
    check_once([one for one in communities if one["编号字头"]], "编号字头", "社区", findings)
    for subdistrict in index.root["街道"]:
        check_once(subdistrict["社区"], "名称", "社区", findings)


def _check_code(place: Place, findings: Findings) -> None:
    parent = place.parent
    is_states = place.kind in ("subdistrict", "community")
    if is_states and parent is not None and not place.code.startswith(parent.code):
        message = (
            f"“{place.name}”的区划码 {place.code} 应该以“{parent.name}”的 {parent.code} 开头。"
        )
        findings.add(place.item.at("区划码"), message)


def _check_community(community: Place, grids: list[Place], findings: Findings) -> None:
    item = community.item
    check_once(item["小区"], "名称", "小区", findings)
    check_once(item["微社区"], "名称", "微社区", findings)
    if item["微社区"] and item["网格"]:
        findings.add(item.at("网格"), f"“{community.name}”分了微社区，网格写在微社区里。")
    _check_micros(community, [*item["小区"], *item["单体楼"]], findings)
    houses = tree.houses_of(item)
    for grid in grids:
        tree.claim(grid, houses, findings)
    for estate in item["小区"]:
        mine = [house for house in houses if house.estate == estate["名称"]]
        _check_houses(estate, mine, f"小区“{estate['名称']}”", findings)
    _check_houses(item, [house for house in houses if not house.estate], "单体楼", findings)


def _check_micros(community: Place, parts: Iterable[Item], findings: Findings) -> None:
    names = [micro["名称"] for micro in community.item["微社区"]]
    for part in parts:
        said = part["微社区"]
        if names and not said:
            findings.add(part.spot, f"写明属于哪个微社区：{'、'.join(names)}。")
        elif said and said.text not in names:
            known = f"可用的有：{'、'.join(names)}。" if names else "这个社区没有分微社区。"
            findings.add(said.spot, f"微社区“{said}”没有定义，{known}")


def _check_houses(owner: Item, houses: list[House], whose: str, findings: Findings) -> None:
    spot = owner.at("楼栋" if "楼栋" in owner else "单体楼")
    seen: set[str] = set()
    for house in houses:
        if house.name in seen:
            findings.add(spot, f"{whose}里“{house.name}”写了两遍。")
        seen.add(house.name)
    wanted = owner["户数"] if "楼栋" in owner else None
    total = sum(house.households for house in houses)
    if wanted is not None and wanted != total:
        message = f"{whose}写的是 {wanted:,} 户，按楼栋算出来是 {total:,} 户。"
        findings.add(owner.at("户数"), message)
