"""The whistles and the dispatch catalogue of a file: what they say of other parts, and what is installed."""

from linli.blueprints.rules.findings import Findings
from linli.blueprints.rules.index import Index, find
from linli.blueprints.rules.kinds import Said
from linli.blueprints.rules.records import Item
from linli.cases.blueprint import ClauseItem, PlanItem, WhistleLimitItem


def check_whistles(index: Index, findings: Findings) -> None:
    """Look at everything that whistles and clauses say of other parts."""
    _once(index.root["职责清单"], "编号", "职责条款", findings)
    for clause in index.root["职责清单"]:
        if clause["归口"]:
            _organisation(index, clause["归口"], f"职责条款“{clause['名称']}”的归口", findings)
    whistles = index.root["吹哨"]
    if whistles is None:
        return
    _once(whistles["时限"], "编号", "吹哨时限", findings)
    for plan in whistles["预案"]:
        _check_plan(index, whistles, plan, findings)


def _check_plan(index: Index, whistles: Item, plan: Item, findings: Findings) -> None:
    whose = f"“{plan['类别']}”的吹哨预案"
    category = find(index.categories, plan["类别"], "吹哨预案的类别", findings)
    if category is not None and category["保密"]:
        findings.add(plan.at("类别"), f"{whose}：保密的类别不能吹哨。")
    for said in (plan["牵头"], *plan["协办"]):
        _organisation(index, said, f"{whose}的单位", findings)
    if plan["时限"]:
        find(_limits(whistles), plan["时限"], f"{whose}的时限", findings)


def _organisation(index: Index, said: Said, whose: str, findings: Findings) -> None:
    found = find(index.organisations, said, whose, findings)
    if found is not None and found["每个"]:
        findings.add(said.spot, f"{whose}“{said}”在每个地方各有一个，写一个具体的机构。")


def _limits(whistles: Item) -> dict[str, Item]:
    return {name: one for one in whistles["时限"] for name in (one["编号"], one["名称"])}


def _once(items: list[Item], key: str, noun: str, findings: Findings) -> None:
    seen: dict[str, int] = {}
    for item in items:
        value = str(item[key])
        if value in seen:
            findings.add(item.at(key), f"{noun}写了两遍，和第 {seen[value]} 行重复。")
        seen.setdefault(value, item.at(key).line)


def limit_items(index: Index) -> tuple[WhistleLimitItem, ...]:
    """Return the limits of whistles of a file without findings."""
    whistles = index.root["吹哨"]
    return tuple(_limit(one) for one in whistles["时限"]) if whistles else ()


def _limit(one: Item) -> WhistleLimitItem:
    steps = {"report": one["报到"], "arrive": one["到场"], "finish": one["办结"]}
    amounts = {f"{name}_amount": limit.amount for name, limit in steps.items()}
    units = {f"{name}_unit": limit.unit for name, limit in steps.items()}
    return WhistleLimitItem(
        code=one["编号"], name=one["名称"], is_urgent=one["紧急"], source=one["依据"],
        **amounts, **units,
    )  # fmt: skip


def plan_items(index: Index) -> tuple[PlanItem, ...]:
    """Return whom the categories of a file call."""
    whistles = index.root["吹哨"]
    if whistles is None:
        return ()
    limits = _limits(whistles)
    return tuple(
        PlanItem(
            category_code=index.categories[one["类别"].text]["编号"],
            lead_code=index.organisations[one["牵头"].text]["编号"],
            assisting_codes=tuple(index.organisations[said.text]["编号"] for said in one["协办"]),
            limit_code=limits[one["时限"].text]["编号"] if one["时限"] else "",
            is_automatic=one["自动"],
        )
        for one in whistles["预案"]
    )


def clause_items(index: Index) -> tuple[ClauseItem, ...]:
    """Return the dispatch catalogue of a file."""
    return tuple(
        ClauseItem(
            code=one["编号"],
            title=one["名称"],
            text=one["内容"],
            source=one["依据"],
            organisation_code=index.organisations[one["归口"].text]["编号"] if one["归口"] else "",
            answer_amount=one["答复"].amount,
            answer_unit=one["答复"].unit,
        )
        for one in index.root["职责清单"]
    )
