"""Parts of templates that are the same for everybody, worked out once: when the template is read, or
every few seconds.

With one language a page's hundred labels are constants; looked up one by one they are a tenth of its
time. A list of choices is the same for all who may see it.
"""

import re
import time
from typing import Any, Final
from uuid import UUID

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.template.defaulttags import url as do_url
from django.templatetags.i18n import do_translate
from django.templatetags.static import do_static, static
from django.utils.safestring import SafeString

from linli.kernel import memory, routes, tenancy

register = template.Library()
_LITERAL: Final = re.compile(r"""\w+\s+(["'])([^"']*)\1""")
_MOST: Final = 2_000


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Django's own tag; a plain text is a constant while there is one language."""
    literal = _LITERAL.fullmatch(token.contents)
    if literal and not settings.USE_I18N:
        return TextNode(literal[2])
    return do_translate(parser, token)


@register.tag("static")
def static_file(parser: Parser, token: Token) -> Node:
    """Django's own tag; the address of a named file is a constant."""
    literal = _LITERAL.fullmatch(token.contents)
    return TextNode(static(literal[2])) if literal else do_static(parser, token)


class _AddressNode(Node):
    """The address of a page whose name is known, with ids or nothing in it."""

    def __init__(self, name: str, ids: list[FilterExpression], usual: Node) -> None:
        self.name, self.ids, self.usual = name, ids, usual

    def render(self, context: Context) -> str:
        ids = [one.resolve(context) for one in self.ids]
        if all(isinstance(one, UUID) for one in ids):
            return routes.address(self.name, *ids)
        return self.usual.render(context)


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """Django's own tag; an address is worked out once and only its ids are put in."""
    usual = do_url(parser, token)
    name = usual.view_name.var
    if usual.kwargs or usual.asvar or not isinstance(name, str):
        return usual
    return _AddressNode(name, usual.args, usual)


class _KeepNode(Node):
    """Draws its content once per tenant and keys, and again after a few seconds."""

    def __init__(self, name: str, keys: list[FilterExpression], content: NodeList) -> None:
        self.name, self.keys, self.content = name, keys, content

    def render(self, context: Context) -> SafeString:
        keys = tuple(_plain(key.resolve(context)) for key in self.keys)
        return _fragments.get((self.name, *keys), lambda: self.content.render(context))


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str | None) else str(value)


class _Fragments:
    def __init__(self) -> None:
        self._kept: dict[Any, tuple[float, SafeString]] = {}
        memory.forget_too(self._kept.clear)

    def get(self, key: tuple[Any, ...], draw: Any) -> SafeString:
        whole = (tenancy.default_tenant_id(), *key)
        found = self._kept.get(whole)
        if found is not None and found[0] > time.monotonic():
            return found[1]
        drawn: SafeString = draw()
        if len(self._kept) > _MOST:
            self._kept.clear()
        self._kept[whole] = (time.monotonic() + memory.SECONDS, drawn)
        return drawn


_fragments: Final = _Fragments()


@register.tag("keep")
def keep(parser: Parser, token: Token) -> Node:
    """Keep what is drawn for a few seconds: `{% keep "targets" path %}…{% endkeep %}`.

    The keys must say everything that the content depends on; the tenant is one without being named.
    """
    _tag, name, *keys = token.split_contents()
    content = parser.parse(("endkeep",))
    parser.delete_first_token()
    return _KeepNode(name.strip("\"'"), [parser.compile_filter(key) for key in keys], content)
