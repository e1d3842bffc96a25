"""What was typed or ticked, looked at before it is kept: lengths, answers to the items of a list."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.field.selectors.items import Item, ItemKind
from linli.kernel.errors import BadInput

MOST_ANSWERS: Final = 60
ANSWER_LENGTH: Final = 500
_YES_NO: Final = {"yes": "yes", "no": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"}


def short(text: str, most: int, field: str) -> str:
    """Return words without blanks at their ends. Errors: BadInput, when there are too many."""
    text = text.strip()
    if len(text) > most:
        raise BadInput(
            _("最多写 %(most)d 个字，现在有 %(have)d 个，删短一些再发。")
            % {"most": most, "have": len(text)},
            field=field,
        )
    return text


def answers(given: Mapping[str, Any], items: Iterable[Item]) -> dict[str, str | float]:
    """Return the answers that are kept, empty ones left out.

    An answer to an item that the list no longer has is kept as it was said: the phone had an older
    list. Errors: BadInput, with the item's code as the field.
    """
    known = {item.code: item for item in items}
    said = {str(code): value for code, value in given.items() if value not in (None, "")}
    if len(said) > MOST_ANSWERS:
        raise BadInput(
            _("回答太多了，最多 %(most)d 条。") % {"most": MOST_ANSWERS}, field="answers"
        )
    return {code: _one(known.get(code), code, value) for code, value in sorted(said.items())}


def _one(item: Item | None, code: str, value: Any) -> str | float:
    text = short(str(value), ANSWER_LENGTH, code)
    if item is None or item.kind in (ItemKind.TEXT, ItemKind.PHOTO):
        return text
    if item.kind is ItemKind.NUMBER:
        return _number(item, text)
    if item.kind is ItemKind.YES_NO:
        if text.lower() not in _YES_NO:
            raise BadInput(_("“%(item)s”选是或否。") % {"item": item.label}, field=code)
        return _YES_NO[text.lower()]
    if text not in {choice.code for choice in item.choices}:
        raise BadInput(_("“%(item)s”重新选一下。") % {"item": item.label}, field=code)
    return text


def _number(item: Item, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    least = item.least if item.least is not None else -1e9
    most = item.most if item.most is not None else 1e9
    if not least <= number <= most:
        raise BadInput(
            _("“%(item)s”填 %(least)g 到 %(most)g 之间的数。")
            % {"item": item.label, "least": least, "most": most},
            field=item.code,
        )
    return int(number) if number.is_integer() else number
