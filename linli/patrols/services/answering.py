"""Answers to a list of items, made sure of before they are kept."""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from linli.field.selectors.items import Item, ItemKind
from linli.kernel.errors import BadInput
from linli.kernel.forms import clean_text
from linli.kernel.sentences import answered

TEXT_LIMIT = 500


def checked_answers(items: Iterable[Item], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to these items; others, and empty ones, are left out.

    Errors: BadInput with the item's code as its field.
    """
    found = {}
    for item in items:
        value = said.get(item.code)
        if item.kind == ItemKind.PHOTO or value in (None, ""):
            continue
        found[item.code] = _checked(item, value)
    return found


def is_still_known(item: Item, value: Any) -> bool:
    """Tell whether an answer fits an item as it is now."""
    try:
        _checked(item, value)
    except BadInput:
        return False
    return True


def _checked(item: Item, value: Any) -> Any:
    if item.kind == ItemKind.CHOICE:
        return _one_of(item, value, {one.code for one in item.choices})
    if item.kind == ItemKind.YES_NO:
        return _one_of(item, value, {"yes", "no"})
    if item.kind == ItemKind.NUMBER:
        return _number(item, value)
    text = clean_text(str(value)).strip()
    if len(text) > TEXT_LIMIT:
        raise _refused(item, _("最多写 %(n)d 个字。") % {"n": TEXT_LIMIT})
    return text


def _one_of(item: Item, value: Any, known: set[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise _refused(item, _("这个选项现在没有了，另选一个。"))
    return value


def _number(item: Item, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _refused(item, _("要填一个数。")) from None
    is_small = item.least is not None and number < item.least
    is_large = item.most is not None and number > item.most
    if not isfinite(number) or is_small or is_large:
        raise _refused(item, _("这个数看着不对，核对一下。"))
    return number


def _refused(item: Item, words: str) -> BadInput:
    return BadInput(answered(item.label, words), field=item.code)
