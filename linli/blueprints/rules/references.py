"""What only the whole file shows: things declared twice, words that refer to nothing."""

from collections import Counter
from collections.abc import Iterable

from linli.blueprints.rules import words
from linli.blueprints.rules.care import check_care
from linli.blueprints.rules.findings import Findings, offer
from linli.blueprints.rules.index import Index, find, find_place
from linli.blueprints.rules.kinds import Limit, Said
from linli.blueprints.rules.opening import check_opening
from linli.blueprints.rules.patrols import check_patrols
from linli.blueprints.rules.records import Item
from linli.blueprints.rules.register import check_register
from linli.blueprints.rules.stations import check_stations
from linli.blueprints.rules.whistles import check_whistles

_HOURS_IN = {"hour": 1, "work_hour": 3, "work_day": 24, "same_day": 24}  # roughly, to compare two


def check_references(index: Index, findings: Findings) -> None:
    """Look at everything that one part of the file says of another."""
    root = index.root
    for key in ("时限", "类别", "机构", "岗位"):
        check_once(root[key], "编号", key, findings)
    check_once(root["时限"], "名称", "时限", findings)
    check_once(root["类别"], "名称", "类别", findings)
    check_once(root["答复模板"], "标题", "答复模板", findings)
    _check_hours(root["工作时间"], findings)
    _check_levels(root["时限"], findings)
    _check_categories(index, findings)
    _check_organisations(index, findings)
    _check_posts(index, findings)
    _check_routes(index, findings)
    _check_ladder(index, findings)
    _check_desks(index, findings)
    check_once(root["整治类型"], "编号", "整治类型", findings)
    for cleared in root["整治类型"]:
        if cleared["类别"]:
            whose = f"整治类型“{cleared['名称']}”的类别"
            find(index.categories, cleared["类别"], whose, findings)
    for key in ("设施类别", "巡查清单", "巡查路线", "公约"):
        check_once(root[key], "编号", key, findings)
    check_patrols(index, findings)
    for check in (check_care, check_register, check_opening):
        check(index, findings)
    check_whistles(index, findings)
    for template in root["答复模板"]:
        if template["类别"]:
            whose = f"答复模板“{template['标题']}”的类别"
            find(index.categories, template["类别"], whose, findings)


def check_once(items: Iterable[Item], key: str, noun: str, findings: Findings) -> None:
    """Find a value that is given twice."""
    seen: dict[str, int] = {}
    for item in items:
        value = str(item[key])
        if value in seen:
            findings.add(item.at(key), f"{noun}的{key}“{value}”和第 {seen[value]} 行重复。")
        seen.setdefault(value, item.at(key).line)


def _check_hours(hours: Item, findings: Findings) -> None:
    morning, afternoon, whole = hours["上午"], hours["下午"], hours["全天"]
    if (whole is None) == (morning is None) or (morning is None) != (afternoon is None):
        findings.add(hours.spot, "工作时间写“上午”和“下午”两行，没有午休就只写“全天”一行。")
    elif morning is not None and morning.ends_at >= afternoon.starts_at:
        findings.add(hours.at("下午"), "下午的开始要晚于上午的结束。")


def _check_levels(levels: list[Item], findings: Findings) -> None:
    for level in levels:
        answer, solve = level["答复"], level["办结"]
        if _length(answer) > _length(solve):
            message = f"时限“{level['名称']}”的办结比答复还短，办结不能早于答复。"
            findings.add(level.at("办结"), message)


def _length(limit: Limit) -> int:
    return limit.amount * _HOURS_IN[limit.unit]


def _check_categories(index: Index, findings: Findings) -> None:
    for category in index.root["类别"]:
        find(index.levels, category["时限"], f"类别“{category['名称']}”的时限", findings)
        check_once(category["提问"], "编号", "提问", findings)
        if category["保密"] and category["公开"]:
            message = f"类别“{category['名称']}”写了保密，不能再公开，加一行“公开: 否”。"
            findings.add(category.at("保密"), message)


def _check_organisations(index: Index, findings: Findings) -> None:
    for item in index.root["机构"]:
        if item["地方"]:
            find_place(index, item["地方"], f"机构“{item['名称']}”", findings)


def _check_posts(index: Index, findings: Findings) -> None:
    check_stations(index, findings)
    for post in index.root["岗位"]:
        whose = f"岗位“{post['名称']}”"
        organisation = find(index.organisations, post["机构"], f"{whose}的机构", findings)
        for said in (*post["地方"], *post["除外"]):
            find_place(index, said, whose, findings)
        for said in post["小区"]:
            check_estate(index, said, post["地方"], whose, findings)
        if post["每个"] is None and (len(post["地方"]) > 1 or len(post["小区"]) > 1):
            message = f"{whose}写了几个地方，要加一行“每个: …”说明各设一个。"
            findings.add(post.spot, message)
        if (post["除外"] and post["每个"] is None) or (
            post["小区"] and post["每个"] not in (None, "estate", "building")
        ):
            findings.add(post.spot, f"{whose}的“除外”“小区”和“每个”搭配不上。")
        if organisation is not None and organisation["每个"]:
            _check_belongs(index, post, organisation, whose, findings)


def _check_belongs(
    index: Index, post: Item, organisation: Item, whose: str, findings: Findings
) -> None:
    """Find a post above the places at which its organisation exists."""
    kind = organisation["每个"]
    places = [place for said in post["地方"] if (place := index.place(said))] or index.places[:1]
    is_below = post["每个"] and _depth(post["每个"]) >= _depth(kind)
    if not is_below and not all(place.above(kind) for place in places):
        message = f"{whose}的地方比机构“{organisation['名称']}”的层级高，给岗位加一行“每个: …”。"
        findings.add(post.at("机构"), message)


def _depth(kind: str) -> int:
    return {"subdistrict": 1, "community": 2}.get(kind, 3)


def check_estate(
    index: Index, said: Said, scopes: Iterable[Said], whose: str, findings: Findings
) -> None:
    """Find an estate that isn't there, or stands in several communities of the scopes."""
    named = [said_place for said_place in scopes if said_place]
    below = [place for scope in named if (place := index.place(scope))]
    found = index.estates(said.text, below if named else index.places[:1])
    if not found:
        known = [
            e["名称"] for place in index.communities(index.places[:1]) for e in place.item["小区"]
        ]
        findings.add(said.spot, f"{whose}的小区“{said}”没有定义，{offer(said.text, known)}")
    elif len(found) > 1:
        findings.add(
            said.spot, f"{whose}的小区“{said}”有 {len(found)} 处，用“地方”写明是哪个社区。"
        )


def _check_routes(index: Index, findings: Findings) -> None:
    roles = {post["角色"] for post in index.root["岗位"]}
    seen: dict[tuple[str, ...], int] = {}
    for route in index.root["派单规则"]:
        _check_target(index, route, roles, findings)
        for said in route["类别"]:
            if said.text != "全部":
                find(index.categories, said, "派单规则的类别", findings)
            key = (said.text, str(route["地方"]), str(route["小区"]), route["小区类型"])
            if key in seen:
                findings.add(said.spot, f"“{said}”在这里和第 {seen[key]} 行的派单规则重复。")
            seen.setdefault(key, said.spot.line)
        if route["地方"]:
            find_place(index, route["地方"], "派单规则", findings)
        if route["小区"]:
            check_estate(index, route["小区"], [route["地方"]], "派单规则", findings)


def _check_target(index: Index, route: Item, roles: set[str], findings: Findings) -> None:
    targets = [key for key in ("派给角色", "派给岗位", "派给机构") if route[key]]
    if len(targets) != 1:
        findings.add(route.spot, "派单规则要写一项去处：派给角色、派给岗位、派给机构三者选一。")
    elif route["派给角色"] and route["派给角色"] not in roles:
        findings.add(route.at("派给角色"), "派单规则的角色还没有岗位，先在“岗位”里设一个。")
    for key, known in (("派给岗位", index.posts), ("派给机构", index.organisations)):
        if route[key]:
            target = find(known, route[key], f"派单规则里{key}的", findings)
            if target is not None and target["每个"]:
                message = f"“{route[key]}”在每个地方各有一个，派单规则改用“派给角色”。"
                findings.add(route[key].spot, message)


def _check_ladder(index: Index, findings: Findings) -> None:
    ladder, spot = index.root["上报路线"], index.root.at("上报路线")
    names = {code: name for name, code in words.LEVELS.items()}
    if doubled := [names[code] for code, count in Counter(ladder).items() if count > 1]:
        findings.add(spot, f"上报路线绕回了“{doubled[0]}”，每一级只能出现一次。")
    elif ladder != sorted(ladder, key=words.LADDER.index):
        findings.add(spot, f"上报路线要从低到高：{'、'.join(words.LEVELS)}。")
    held = {post["层级"] for post in index.root["岗位"]}
    for code in ladder:
        if code not in held:
            findings.add(spot, f"上报路线里的“{names[code]}”还没有岗位，到了这一级没有人接。")


def _check_desks(index: Index, findings: Findings) -> None:
    """Whatever matches no rule goes to the community's desk: every community needs one."""
    desks = [post for post in index.root["岗位"] if post["角色"] == "desk"]
    scopes = [p for d in desks for said in d["地方"] if (p := index.place(said))]
    if any(not desk["地方"] for desk in desks):
        scopes = index.places[:1]
    without = [p for p in index.communities(index.places[:1]) if p not in index.communities(scopes)]
    if without:
        names = "、".join(place.name for place in without[:5])
        message = (
            f"{names}{' 等' if len(without) > 5 else ''}没有“受理台”岗位，没人接的诉求会落空。"
        )
        findings.add(index.root.at("岗位"), message)
