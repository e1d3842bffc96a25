"""What a file tells everybody and aims at: guides and targets, checked and made into parts."""

from collections.abc import Hashable
from typing import Final

from linli.blueprints.rules.findings import Findings, Spot
from linli.blueprints.rules.index import Index, find, find_place
from linli.blueprints.rules.records import Item
from linli.blueprints.rules.schema_open import DAYS, FIGURES
from linli.blueprints.rules.tree import Place
from linli.indicators.blueprint import AimItem, GoalItem, IndicatorsPart
from linli.kernel import personal
from linli.publishing.blueprint import GuideItem, PublishingPart

# What never stands in words for everybody; the rest is looked at by whoever releases them.
_PERSONAL: Final = {"mobile": "手机号", "id": "证件号", "bankcard": "银行卡号", "plate": "车牌"}
_PHONE, _COMMUNITY = "{电话}", "{社区}"


def check_opening(index: Index, findings: Findings) -> None:
    """Look at everything that guides and targets say, and say of other parts."""
    codes: dict[Hashable, int] = {}
    for guide in index.root["办事指南"]:
        _once(codes, guide["编号"], guide.at("编号"), f"办事指南“{guide['编号']}”", findings)
        _check_guide(index, guide, findings)
    aims = index.root["目标"]
    seen: dict[Hashable, int] = {}
    for one in aims["指标"] if aims else ():
        if not any(one[name] is not None for name in FIGURES):
            findings.add(one.spot, f"写至少一个数字的目标：{'、'.join(FIGURES)}。")
        where = _check_where(index, one, "指标", findings)
        _once(seen, where, one.spot, "这个地方这一年的指标", findings)
    for one in aims["台账"] if aims else ():
        where = _check_where(index, one, f"台账目标“{one['名称']}”", findings)
        _once(seen, (one["名称"], where), one.spot, f"台账目标“{one['名称']}”", findings)


def _check_guide(index: Index, guide: Item, findings: Findings) -> None:
    whose = f"办事指南“{guide['标题']}”"
    find(index.categories, guide["类别"], f"{whose}的类别", findings)
    for key in ("标题", "文字"):
        for one in personal.find(guide[key]):
            if one.kind in _PERSONAL:
                said = f"{whose}里有{_PERSONAL[one.kind]}，大家都看得到；社区的电话写“{_PHONE}”。"
                findings.add(guide.at(key), said)


def _check_where(index: Index, item: Item, whose: str, findings: Findings) -> Hashable:
    said, place = item["地方"], None
    if said:
        place = find_place(index, said, whose, findings)
        if place is not None and place.kind == "grid":
            findings.add(said.spot, f"{whose}的地方“{said}”是网格，目标定到社区为止。")
    return (place.code if place else str(said or ""), item["年"])


def _once(
    seen: dict[Hashable, int], key: Hashable, spot: Spot, what: str, findings: Findings
) -> None:
    if key in seen:
        findings.add(spot, f"{what}写了两遍，和第 {seen[key]} 行重复。")
    seen.setdefault(key, spot.line)


def publishing_part(index: Index) -> PublishingPart:
    """Return the guides of a file without findings, for each of its communities in its own words."""
    communities = [place for place in index.places if place.kind == "community"]
    return PublishingPart(
        guides=tuple(
            _guide(index, guide, place) for place in communities for guide in index.root["办事指南"]
        )
    )


def _guide(index: Index, guide: Item, place: Place) -> GuideItem:
    return GuideItem(
        code=guide["编号"],
        community_code=place.code,
        category_code=index.categories[guide["类别"].text]["编号"],
        title=guide["标题"],
        text=_local(guide["文字"], place.name, place.item["电话"]),
    )


def _local(text: str, community: str, phone: str) -> str:
    """Return the words as one community says them; without a number they still say whom to ring."""
    if not phone:
        text = text.replace(f" {_PHONE}", "给社区")
    return text.replace(_PHONE, phone or "社区").replace(_COMMUNITY, community)


def indicators_part(index: Index) -> IndicatorsPart:
    """Return the targets of a file without findings."""
    aims = index.root["目标"]
    if aims is None:
        return IndicatorsPart()
    return IndicatorsPart(
        aims=tuple(
            AimItem(
                area_code=_area_code(index, one),
                year=one["年"],
                figure=figure,
                value=one[name] if name == DAYS else one[name] / 100,
            )
            for one in aims["指标"]
            for name, figure in FIGURES.items()
            if one[name] is not None
        ),
        goals=tuple(
            GoalItem(
                area_code=_area_code(index, one), year=one["年"], name=one["名称"],
                unit=one["单位"], target=one["目标"],
            )
            for one in aims["台账"]
        ),
    )  # fmt: skip


def _area_code(index: Index, item: Item) -> str:
    """Return the place's code; what names none is about the whole district."""
    place = index.place(item["地方"]) if item["地方"] else index.places[0]
    return place.code if place else ""
