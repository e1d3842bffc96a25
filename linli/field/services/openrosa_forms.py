"""Lists of items become XForms that ODK Collect and its kin understand (pyxform), once for each content."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.field.models import FormVersion
from linli.field.selectors import openrosa as selectors
from linli.field.selectors.items import Item, ItemKind, as_plain
from linli.field.selectors.openrosa import SUBJECTS, DayForm
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.rows import insert_once

LANGUAGE: Final = "中文 (zh)"
_LABEL: Final = f"label::{LANGUAGE}"
_HINT: Final = f"hint::{LANGUAGE}"
_WRONG: Final = f"constraint_message::{LANGUAGE}"
_NODE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}")
# What the form's own nodes are called; an item of such a code gets another name.
_OWN: Final = {
    "subject", "base_version", "facts", "start", "end", "meta", "items", "data", "title", "about",
    "instanceID", "instanceName", "deprecatedID",
}  # fmt: skip
# Changed when the same items make another form.
_BUILD: Final = "1"


def version_of(form: DayForm, now: datetime) -> FormVersion:
    """Return the form as it is given out: made when its content is new, else as it was made.

    The subjects are no part of it: they come as a list beside it, anew each day.
    """
    version = _version(form)
    known = FormVersion.objects.filter(form_id=form.form_id, version=version)
    for one in known[:1]:
        return one
    row = FormVersion(
        form_id=form.form_id, version=version, kind=form.kind, title=form.title[:60],
        fields=_fields(form.items), has_subjects=bool(form.cards), xml=build(form, version), created_at=now,
    )  # fmt: skip
    return row if insert_once(row) else known.get()


def get_offered(
    form_id: str, version: str, actor: Actor, now: datetime
) -> tuple[FormVersion, DayForm]:
    """Return a form of the actor's day in the version that their list offers, and whom it is about.

    What was filled in on an older one still comes in; nobody is given an older one to fill in.
    Errors: NotFound (not of their day, or no longer this version).
    """
    form = selectors.get_form(form_id, actor, now)
    if version != _version(form):
        raise NotFound(_("这张表换了新版本，或者没有过这个版本。在手机上更新表单再填。"))
    return version_of(form, now), form


def build(form: DayForm, version: str) -> str:
    """Return the XForm of a form: ODK XForms, with Chinese as its language (itext)."""
    # Late, and seldom: a form is built once for each content.
    from pyxform import xls2xform

    sheet = {
        "survey": [*_head(form), *_survey(form.items)],
        "choices": _choices(form.items),
        "settings": [
            {
                "form_title": _safe(form.title),
                "form_id": form.form_id,
                "version": version,
                "default_language": LANGUAGE,
                "instance_name": "concat(${title}, ' ', format-date-time(now(), '%m-%d %H:%M'))",
            }
        ],
    }
    made = xls2xform.convert(sheet, form_name="data", validate=False)
    return str(made.xform)


def names_of(items: Sequence[Item]) -> list[str]:
    """Return what the items are called in the form, in their order."""
    names = []
    for number, item in enumerate(items, 1):
        is_free = _NODE.fullmatch(item.code) and item.code not in _OWN
        names.append(item.code if is_free and item.code not in names else f"item_{number}")
    return names


def _version(form: DayForm) -> str:
    content = [
        _BUILD,
        form.form_id,
        form.title,
        bool(form.cards),
        [as_plain(one) for one in form.items],
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _fields(items: Sequence[Item]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "code": item.code,
            "label": item.label,
            "kind": str(item.kind),
            "choices": {one.code: one.label for one in _answers(item)},
            "sent": {_choice_name(one.code, n): one.code for n, one in enumerate(_answers(item))},
        }
        for name, item in zip(names_of(items), items, strict=True)
    ]


def _answers(item: Item) -> Sequence[Any]:
    from linli.field.selectors.items import Choice

    if item.kind == ItemKind.YES_NO:
        return (Choice(code="yes", label=_("是")), Choice(code="no", label=_("否")))
    return item.choices


def _choice_name(code: str, number: int) -> str:
    """A choice's name may have no blank and should be plain."""
    return code if _NODE.fullmatch(code) else f"choice_{number}"


def _head(form: DayForm) -> list[dict[str, str]]:
    """What every form begins with: when it was begun and ended, and about whom it is."""
    rows = [{"type": "start", "name": "start"}, {"type": "end", "name": "end"}]
    if not form.cards:
        return [*rows, {"type": "calculate", "name": "title", "calculation": _text(form.title)}]
    about = "/".join(("instance('subjects')", "root", "item[name=${subject}]"))
    return [
        *rows,
        {
            "type": f"select_one_from_file {SUBJECTS}", "name": "subject", "required": "yes",
            "appearance": "minimal autocomplete", _LABEL: _("是哪一个"),
            _HINT: _("今天单子上的；名单更新后要重新下载表单"),
        },
        {"type": "calculate", "name": "title", "calculation": f"{about}/label"},
        {"type": "calculate", "name": "base_version", "calculation": f"{about}/version"},
        {"type": "calculate", "name": "about", "calculation": f"{about}/facts"},
        {"type": "note", "name": "facts", _LABEL: "${about}", "relevant": "${about} != ''"},
    ]  # fmt: skip


def _survey(items: Sequence[Item]) -> list[dict[str, str]]:
    rows = [{"type": "begin_group", "name": "items", _LABEL: _("看了什么")}]
    for number, (name, item) in enumerate(zip(names_of(items), items, strict=True), 1):
        row = {"type": _type(item, number), "name": name, _LABEL: _safe(item.label)}
        if item.hint:
            row[_HINT] = _safe(item.hint)
        if item.is_required:
            row["required"] = "yes"
        if limits := _limits(item):
            row |= {"constraint": limits, _WRONG: _range_words(item)}
        rows.append(row)
    return [*rows, {"type": "end_group", "name": "items"}]


def _type(item: Item, number: int) -> str:
    return {
        ItemKind.CHOICE: f"select_one list_{number}",
        ItemKind.YES_NO: f"select_one list_{number}",
        ItemKind.NUMBER: "decimal",
        ItemKind.TEXT: "text",
        ItemKind.PHOTO: "image",
    }[item.kind]


def _choices(items: Sequence[Item]) -> list[dict[str, str]]:
    return [
        {
            "list_name": f"list_{number}",
            "name": _choice_name(one.code, at),
            _LABEL: _safe(one.label),
        }
        for number, item in enumerate(items, 1)
        for at, one in enumerate(_answers(item))
    ]


def _limits(item: Item) -> str:
    if item.kind == ItemKind.TEXT:
        return "string-length(.) <= 2000"
    limits = [f". >= {item.least:g}"] if item.least is not None else []
    limits += [f". <= {item.most:g}"] if item.most is not None else []
    return " and ".join(limits) if item.kind == ItemKind.NUMBER else ""


def _range_words(item: Item) -> str:
    if item.kind == ItemKind.TEXT:
        return _("最多写 2,000 个字。")
    least = f"{item.least:g}" if item.least is not None else "…"
    most = f"{item.most:g}" if item.most is not None else "…"
    return _("在 %(least)s 到 %(most)s 之间。") % {"least": least, "most": most}


def _safe(text: str) -> str:
    """A dollar with a brace would name another node."""
    return text.replace("${", "$ {")


def _text(text: str) -> str:
    return "'" + re.sub("['‘’]", "", _safe(text)) + "'"
