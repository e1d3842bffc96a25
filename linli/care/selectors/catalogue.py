"""Levels, lists of items and what alerts are about, as the blueprint set them."""

from django.utils.translation import gettext as _

from linli.care.models import AlertRule, CareLevel, CareSettings, ItemList
from linli.care.rules import Mapping
from linli.care.states import AlertKind, Outcome, Trouble
from linli.field.selectors.items import Choice, Item, ItemKind, of_plain
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember


@remember
def levels() -> list[CareLevel]:
    """Return the levels of care, the most frequent first as the blueprint orders them."""
    return list(CareLevel.objects.order_by("order", "code"))


def get_level(code: str) -> CareLevel:
    """Return a level by its code. Errors: NotFound."""
    for level in levels():
        if level.code == code:
            return level
    raise NotFound(_("没有这个关怀等级，另选一个。"))


@remember
def item_lists() -> dict[str, tuple[Item, ...]]:
    """Return what to look for, by the code of the list."""
    return {
        one.code: tuple(of_plain(said) for said in one.items)
        for one in ItemList.objects.order_by("code")
    }


@remember
def list_names() -> list[tuple[str, str]]:
    """Return the lists to choose from: code and name."""
    return list(ItemList.objects.order_by("code").values_list("code", "name"))


def items_of(list_code: str) -> tuple[Item, ...]:
    """Return what to look for; () for a list that is not there any more."""
    return item_lists().get(list_code, ())


def card_items(list_code: str) -> tuple[Item, ...]:
    """Return the whole card: the three buttons, what is wrong, the list, a word, a photo.

    The same on the page, offline and in ODK.
    """
    outcome = tuple(
        Choice(code=str(one.value), label=str(one.label), is_bad=one is Outcome.WRONG)
        for one in Outcome
    )
    trouble = tuple(Choice(code=str(one.value), label=str(one.label)) for one in Trouble)
    return (
        Item(
            code="outcome", label=_("见到人了吗"), kind=ItemKind.CHOICE, choices=outcome,
            is_required=True,
        ),
        Item(code="trouble", label=_("有什么事"), kind=ItemKind.CHOICE, choices=trouble,
             hint=_("选了“有事”再填")),
        Item(code="is_danger", label=_("有危险，要马上有人来"), kind=ItemKind.YES_NO),
        *items_of(list_code),
        Item(code="note", label=_("补充一句"), kind=ItemKind.TEXT),
        Item(code="photo", label=_("照片"), kind=ItemKind.PHOTO),
    )  # fmt: skip


@remember
def alert_rules() -> dict[str, tuple[Mapping, str]]:
    """Return whom each kind of alert is about and what to do, by kind."""
    return {
        one.kind: (Mapping(needs=frozenset(one.needs), is_upstairs=one.is_upstairs), one.advice)
        for one in AlertRule.objects.all()
    }


def alert_rule(kind: str) -> tuple[Mapping, str]:
    """Return whom an alert is about; where the blueprint is silent, what stands to reason."""
    return alert_rules().get(kind) or _DEFAULTS[AlertKind(kind)]


_DEFAULTS = {
    AlertKind.SNOW: (Mapping(needs=frozenset({"medicine", "dialysis", "meals", "mobility"})), ""),
    AlertKind.COLD: (Mapping(needs=frozenset({"warmth", "medicine"})), ""),
    AlertKind.HEAT: (Mapping(needs=frozenset({"cooling", "medicine"})), ""),
    AlertKind.WATER: (Mapping(needs=frozenset({"water", "dialysis", "mobility"})), ""),
    AlertKind.POWER: (Mapping(needs=frozenset({"oxygen", "dialysis", "warmth"})), ""),
    AlertKind.LIFT: (
        Mapping(needs=frozenset({"mobility", "dialysis", "oxygen"}), is_upstairs=True), "",
    ),
    AlertKind.STORM: (Mapping(needs=frozenset({"oxygen", "dialysis", "medicine", "mobility"})), ""),
}  # fmt: skip


@remember
def category_code() -> str:
    """Return the category of cases that come of care; "" when the blueprint names none."""
    found = CareSettings.objects.order_by("id").first()
    return found.category_code if found else ""


def forget() -> None:
    """Drop what this process remembers; blueprints call it after installing."""
    for one in (levels, item_lists, list_names, alert_rules, category_code):
        one.forget()
