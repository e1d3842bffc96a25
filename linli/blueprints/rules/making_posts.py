"""Organisations, posts and routing of a blueprint; "每个" spelt out, one post for each place."""

from collections.abc import Iterator
from dataclasses import dataclass

from linli.blueprints.rules.index import Index
from linli.blueprints.rules.making_places import grid_of
from linli.blueprints.rules.records import Item
from linli.blueprints.rules.stations import allowance_items, station_items
from linli.blueprints.rules.tree import Place, houses_of
from linli.posts.blueprint import OrganisationItem, PostItem, PostsPart, RouteItem


@dataclass(frozen=True, slots=True)
class _Scope:
    """One place that a post is set up for. tail: what its code ends with."""

    place: Place
    area_code: str
    tail: str = ""
    estate: str = ""
    building: str = ""


def posts_part(index: Index) -> PostsPart:
    """Return the posts of a file without findings."""
    grids = grid_of(index)
    return PostsPart(
        organisations=tuple(
            found for item in index.root["机构"] for found in _organisations(index, item)
        ),
        posts=tuple(
            _post(index, item, scope)
            for item in index.root["岗位"]
            for scope in _scopes(index, item, grids)
        ),
        routes=tuple(found for item in index.root["派单规则"] for found in _routes(index, item)),
        stations=station_items(index),
        allowances=allowance_items(index),
    )


def _organisations(index: Index, item: Item) -> Iterator[OrganisationItem]:
    place = (index.place(item["地方"]) if item["地方"] else None) or index.places[0]
    for one in index.below(item["每个"], [place]) if item["每个"] else [place]:
        yield OrganisationItem(
            code=f"{item['编号']}-{one.code}" if item["每个"] else item["编号"],
            kind=item["类型"],
            name=item["名称"].replace("{地方}", one.name),
            area_code=one.code,
            phone=item["电话"] or (one.item["电话"] if item["每个"] else ""),
        )


def _scopes(index: Index, item: Item, grids: dict[tuple[str, str, str], str]) -> list[_Scope]:
    below = [place for said in item["地方"] if (place := index.place(said))] or index.places[:1]
    if item["每个"] == "estate":
        return [
            _Scope(place, place.code, f"-{place.code}-{name}", name)
            for place, name in _estates(index, item, below)
        ]
    if item["每个"] == "building":
        return list(_buildings(index, item, below, grids))
    if item["每个"]:
        out = [place for said in item["除外"] if (place := index.place(said))]
        spared = {place.code for place in index.below(item["每个"], out)}
        places = [p for p in index.below(item["每个"], below) if p.code not in spared]
        return [_Scope(place, place.code, f"-{place.code}") for place in places]
    estates = _estates(index, item, below) if item["小区"] else []
    return [_Scope(p, p.code, "", name) for p, name in estates] or [_Scope(below[0], below[0].code)]


def _estates(index: Index, item: Item, below: list[Place]) -> list[tuple[Place, str]]:
    wanted = {said.text for said in item["小区"]}
    return [
        (place, estate["名称"])
        for place in index.communities(below)
        for estate in place.item["小区"]
        if not wanted or estate["名称"] in wanted
    ]


def _buildings(
    index: Index, item: Item, below: list[Place], grids: dict[tuple[str, str, str], str]
) -> Iterator[_Scope]:
    chosen = {(place.code, name) for place, name in _estates(index, item, below)}
    for place in index.communities(below):
        for house in houses_of(place.item):
            if (place.code, house.estate) in chosen:
                grid = grids.get((place.code, house.estate, house.name))
                tail = f"-{place.code}-{house.estate}-{house.number}"
                yield _Scope(place, grid or place.code, tail, house.estate, house.name)


def _post(index: Index, item: Item, scope: _Scope) -> PostItem:
    name = item["名称"]
    slots = {"{地方}": scope.place.name, "{小区}": scope.estate, "{楼栋}": scope.building}
    for slot, value in slots.items():
        name = name.replace(slot, value)
    community = scope.place.above("community")
    return PostItem(
        code=f"{item['编号']}{scope.tail}",
        name=name,
        organisation_code=_organisation_code(index, item, scope.place),
        role=item["角色"],
        level=item["层级"],
        area_code=scope.area_code,
        estate=(community.code, scope.estate) if community and scope.estate else None,
        duties=tuple(sorted(set(item["权限"]))),
        written_duties=item["职责"],
        is_confined=item["只办本机构的"],
    )


def _organisation_code(index: Index, item: Item, place: Place) -> str:
    organisation = index.organisations[item["机构"].text]
    code = str(organisation["编号"])
    if not organisation["每个"]:
        return code
    above = place.above(organisation["每个"]) or index.below(organisation["每个"], [place])[0]
    return f"{code}-{above.code}"


def _routes(index: Index, item: Item) -> Iterator[RouteItem]:
    place = (index.place(item["地方"]) if item["地方"] else None) or index.places[0]
    estate = None
    if item["小区"]:
        community, found = index.estates(item["小区"].text, [place])[0]
        estate, place = (community.code, found["名称"]), community
    post = index.posts[item["派给岗位"].text] if item["派给岗位"] else None
    organisation = index.organisations[item["派给机构"].text] if item["派给机构"] else None
    for said in item["类别"]:
        yield RouteItem(
            category_code="" if said.text == "全部" else index.categories[said.text]["编号"],
            area_code=place.code,
            estate=estate,
            estate_kind=item["小区类型"],
            role=item["派给角色"],
            post_code=post["编号"] if post else "",
            organisation_code=organisation["编号"] if organisation else "",
            order=item["顺序"],
        )
