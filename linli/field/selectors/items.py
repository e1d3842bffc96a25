"""What a worker looks at or asks on the way: items of a blueprint, the same on a page, offline and in ODK."""

from dataclasses import dataclass
from enum import StrEnum


class ItemKind(StrEnum):
    """What an answer looks like."""

    CHOICE = "choice"  # one of `choices`
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer of a choice."""

    code: str
    label: str
    is_bad: bool = False  # this answer is something to act on


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list of items."""

    code: str
    label: str
    kind: ItemKind
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    hint: str = ""
    least: float | None = None  # of a number
    most: float | None = None
    bad_if: str = ""  # "yes" or "no": the answer to a yes/no that is something to act on


def as_plain(item: Item) -> dict[str, object]:
    """Return an item as values that JSON knows, without what is empty."""
    said: dict[str, object] = {"code": item.code, "label": item.label, "kind": str(item.kind)}
    if item.choices:
        said["choices"] = [
            {"code": one.code, "label": one.label, **({"is_bad": True} if one.is_bad else {})}
            for one in item.choices
        ]
    rest = {
        name: getattr(item, name) for name in ("is_required", "hint", "least", "most", "bad_if")
    }
    # A least of 0 says something; 0 and False are equal, but not the same.
    return said | {
        name: value
        for name, value in rest.items()
        if value is not None and value is not False and value != ""
    }


def of_plain(said: dict[str, object]) -> Item:
    """Return the item that `as_plain` wrote. Errors: KeyError, TypeError, ValueError on other shapes."""
    rest = dict(said)
    choices = rest.pop("choices", [])
    assert isinstance(choices, list)
    kind = ItemKind(str(rest.pop("kind")))
    return Item(kind=kind, choices=tuple(Choice(**one) for one in choices), **rest)  # type: ignore[arg-type]
