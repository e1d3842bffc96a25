"""What the templates of places say that Django's own filters can't."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def get(rows: Mapping[Any, Any], key: Any) -> Any:
    """Return what stands under a key, or None."""
    return rows.get(key)
