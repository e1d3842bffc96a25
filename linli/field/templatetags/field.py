"""Words for cards, as the day's list shows them."""

from typing import Any, Final

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

KINDS: Final[dict[str, Any]] = {
    "case": _("工单"),
    "visit": _("走访"),
    "point": _("巡查"),
    "notice": _("通知"),
    "entry": _("清单"),
}


@register.simple_tag
def card_kind(kind: str) -> str:
    """Return what a kind of card is called; nothing for a kind without a name."""
    return str(KINDS.get(kind, ""))
