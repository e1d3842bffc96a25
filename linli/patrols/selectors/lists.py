"""Lists of items as values, and what a point asks."""

from linli.field.selectors.items import Item, of_plain
from linli.patrols import rules
from linli.patrols.models import ItemList, Point


def items_of(item_list: ItemList) -> tuple[Item, ...]:
    """Return the items of a list."""
    return tuple(of_plain(one) for one in item_list.items)


def list_of_point(point: Point) -> ItemList:
    """Return the list that is looked through at a point: its own, or its route's."""
    return point.item_list or point.route.item_list


def items_of_point(point: Point) -> tuple[Item, ...]:
    """Return what is looked at at a point."""
    return items_of(list_of_point(point))


def fine_answers(point: Point) -> dict[str, str]:
    """Return the answers that "all fine" stands for at a point."""
    return rules.fine_answers(items_of_point(point))


def item_lists() -> list[ItemList]:
    """Return all lists, in their order."""
    return list(ItemList.objects.order_by("order", "code"))
