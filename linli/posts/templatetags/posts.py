"""How posts write money and roles."""

from django import template

from linli.posts import selectors

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    """Write fen as yuan: 800, 25.81, -1,200."""
    whole = f"{fen / 100:,.2f}"
    return whole.removesuffix(".00")


@register.filter
def role_label(role: str) -> str:
    """Write what a role is called."""
    return selectors.role_label(role)
