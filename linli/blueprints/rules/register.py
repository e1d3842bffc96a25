"""The register of a file: what its parts say of each other, and the part that the room installs."""

from linli.blueprints.rules.findings import Findings
from linli.blueprints.rules.index import Index
from linli.blueprints.rules.records import Item
from linli.people.blueprint import (
    FieldItem,
    FormItem,
    PeoplePart,
    RetentionItem,
    TagItem,
    kept_kinds,
)


def check_register(index: Index, findings: Findings) -> None:
    """Look at everything that forms say of fields and tags."""
    root = index.root["居民登记"]
    if root is None:
        return
    for key in ("标签", "字段", "报表"):
        _once(root[key], key, findings)
    for field in root["字段"]:
        if (field["答"] == "choice") != bool(field["选项"]):
            findings.add(
                field.at("编号"), f"字段“{field['名称']}”是单选才写选项，单选一定要有选项。"
            )
    fields, tags = _by_name(root["字段"]), _by_name(root["标签"])
    for form in root["报表"]:
        for word in form["字段"]:
            _check_field(form, word, fields, findings)
        if form["只要标签"] and form["只要标签"] not in tags:
            findings.add(form.at("只要标签"), f"没有“{form['只要标签']}”这个标签。")
    _check_retention(root["保存期限"], findings)


def people_part(index: Index) -> PeoplePart:
    """Return the register of a file without findings."""
    root = index.root["居民登记"]
    if root is None:
        return PeoplePart()
    fields, tags, kinds = _by_name(root["字段"]), _by_name(root["标签"]), kept_kinds()
    return PeoplePart(
        tags=tuple(
            TagItem(code=one["编号"], name=one["名称"], hint=one["说明"], is_sensitive=one["敏感"])
            for one in root["标签"]
        ),
        fields=tuple(_field(one) for one in root["字段"]),
        forms=tuple(_form(one, fields, tags) for one in root["报表"]),
        retention=tuple(
            RetentionItem(kind=kinds[one["资料"]].code, months=one["几个月"], action=one["到期"])
            for one in root["保存期限"]
        ),
    )


def _check_retention(items: list[Item], findings: Findings) -> None:
    kinds, seen = kept_kinds(), set[str]()
    for one in items:
        kind = kinds.get(one["资料"])
        if kind is None:
            names = "、".join(str(known.label) for known in dict.fromkeys(kinds.values()))
            findings.add(one.at("资料"), f"没有“{one['资料']}”这一类资料，有的是：{names}。")
            continue
        if one["到期"] not in kind.actions:
            findings.add(one.at("到期"), f"“{kind.label}”到期不能这样处理。")
        if kind.code in seen:
            findings.add(one.at("资料"), f"“{kind.label}”写了两遍。")
        seen.add(kind.code)


def _check_field(form: Item, word: str, fields: dict[str, Item], findings: Findings) -> None:
    field = fields.get(word)
    if field is None:
        findings.add(form.at("字段"), f"报表“{form['名称']}”要的字段“{word}”不在字段里。")
    elif form["对象"] == "household" and field["对象"] != "household":
        findings.add(form.at("字段"), f"报表“{form['名称']}”按家庭填，“{word}”是个人的字段。")


def _field(one: Item) -> FieldItem:
    return FieldItem(
        code=one["编号"], name=one["名称"], subject=one["对象"], value=one["答"],
        choices=tuple(one["选项"]), column=one["登记项"], hint=one["说明"],
        shelf_days=one["几天有效"], seconds=one["问几秒"], is_sensitive=one["敏感"],
        is_required=one["必填"],
    )  # fmt: skip


def _form(one: Item, fields: dict[str, Item], tags: dict[str, Item]) -> FormItem:
    return FormItem(
        code=one["编号"], name=one["名称"], office=one["谁要"], subject=one["对象"],
        fields=tuple(fields[word]["编号"] for word in one["字段"]),
        tag_code=tags[one["只要标签"]]["编号"] if one["只要标签"] else "",
        per_year=one["一年几次"],
    )  # fmt: skip


def _by_name(items: list[Item]) -> dict[str, Item]:
    return {name: one for one in items for name in (one["编号"], one["名称"])}


def _once(items: list[Item], noun: str, findings: Findings) -> None:
    seen: dict[str, int] = {}
    for item in items:
        for key in ("编号", "名称"):
            value = str(item[key])
            if seen.setdefault(value, item.at("编号").line) != item.at("编号").line:
                findings.add(item.at(key), f"{noun}“{value}”写了两遍，和第 {seen[value]} 行重复。")
