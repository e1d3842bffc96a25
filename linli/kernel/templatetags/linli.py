"""Tags of all templates: icons, human time, fields, status, links that keep the filter."""

import re
from datetime import datetime
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Textarea,
)
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from linli.kernel import clock, icons, marks

register = template.Library()

_LITERAL = re.compile(r"""["']([^"'|]*)["']""")


# Icons


class _IconNode(Node):
    def __init__(self, name: FilterExpression, css: FilterExpression | None) -> None:
        self.name, self.css = name, css

    def render(self, context: Context) -> SafeString:
        css = self.css.resolve(context) if self.css else ""
        sprite = context.get("door") in ("desk", "field")
        return marks.icon(str(self.name.resolve(context)), sprite=sprite, css=css)


@register.tag("icon")
def icon(parser: Parser, token: Token) -> Node:
    """Draw an icon of the sprite: `{% icon "camera" %}`, `{% icon category.icon "classes" %}`.

    A name written in the template must be in linli/kernel/icons.py; a name from data that is not
    there shows a question mark.
    """
    parts = token.split_contents()[1:]
    if not 1 <= len(parts) <= 2:
        raise template.TemplateSyntaxError("icon takes a name and, if need be, classes")
    literal = _LITERAL.fullmatch(parts[0])
    if literal and literal[1] not in icons.ICONS:
        raise template.TemplateSyntaxError(f"No icon {literal[1]}: add it to linli/kernel/icons.py")
    return _IconNode(
        parser.compile_filter(parts[0]), parser.compile_filter(parts[1]) if len(parts) > 1 else None
    )


@register.simple_tag
def rail(entries: list[dict[str, Any]]) -> SafeString:
    """Draw the desk's rail: groups, labels, numbers, the current page marked."""
    return marks.rail(entries)


@register.simple_tag
def rail_tabs(entries: list[dict[str, Any]], path: str) -> SafeString:
    """Draw the tabs of the page at `path`, where its entry of the rail stands for several."""
    return marks.rail_tabs(entries, path)


# Time


@register.simple_tag(takes_context=True)
def human(context: Context, moment: datetime | None) -> SafeString | str:
    """Write a moment in near words (今天 09:40), the full one in `<time datetime>`."""
    return "" if moment is None else marks.moment(moment, _now(context))


@register.simple_tag(takes_context=True)
def left(context: Context, due_at: datetime | None) -> str:
    """Write how much time is left, or by how much it is over: 剩 3 小时 48 分, 已超 8 小时 9 分."""
    from linli.kernel.worktime import human_left

    return "" if due_at is None else human_left(due_at, _now(context))


def _now(context: Context) -> datetime:
    """A page may fix its moment (`now`); otherwise the edge reads the clock here, once per page."""
    moment = context.get("now")
    if not isinstance(moment, datetime):
        moment = clock.now()
        context.dicts[0]["now"] = moment
    return moment


# Status and time limit


@register.simple_tag
def status_tag(tone: str, word: str) -> SafeString:
    """Show a status as word, shape and colour.

    tone: new, assigned, doing, rate, done, back (returned), wait (suspended),
    off (declined, withdrawn, merged).
    """
    return marks.status(tone, word)


@register.simple_tag
def urgent() -> SafeString:
    """Show the 急 flag."""
    return marks.urgent()


@register.simple_tag(takes_context=True)
def slabar(
    context: Context, start_at: datetime | None, due_at: datetime | None, *, stopped: bool = False
) -> SafeString | str:
    """Show the time limit: words and a bar, calm, 临期 in the last quarter, 已超时 after it.

    A stopped clock shows that it stands. Drawn here and not in a template: a queue shows one per row.
    """
    return marks.limit(start_at, due_at, _now(context), is_stopped=stopped)


@register.simple_tag
def bar(percent: float, tone: str = "ok") -> SafeString:
    """Draw a progress bar, 0 to 100; its words stand beside it in the page."""
    return format_html(
        '<svg class="bar sla--{}" viewBox="0 0 100 8" preserveAspectRatio="none"'
        ' aria-hidden="true">'
        '<rect class="sla__track" width="100" height="8"/>'
        '<rect class="sla__fill" width="{}" height="8"/></svg>',
        tone, min(max(round(percent), 0), 100),
    )  # fmt: skip


@register.inclusion_tag("kernel/_calendar_warning.html", takes_context=True)
def calendar_warning(context: Context) -> dict[str, Any]:
    """Warn whoever keeps the calendar that a year has no holidays yet; others see nothing."""
    from linli.kernel import calendar

    actor = context.get("actor")
    if actor is None or not actor.can(calendar.DUTY):
        return {"warning": ""}
    return {"warning": calendar.find_year_warning(clock.local(_now(context)).date()) or ""}


# Fields


@register.simple_tag(takes_context=True)
def render_field(context: Context, field: BoundField, **options: Any) -> SafeString:
    """Show a field with its label, hint and error, as its widget asks for it.

    Options: more (small words after the label), hint (instead of help_text), label, rows,
    short (a narrow input), hide_label. Any other option becomes an attribute, `_` read as `-`.
    """
    widget = field.field.widget
    kind = getattr(widget, "kind", "") or _kind_of(widget)
    known = ("more", "hint", "label", "rows", "short", "hide_label")
    attrs = {key.replace("_", "-"): value for key, value in options.items() if key not in known}
    if kind in ("input", "select", "textarea"):
        attrs["class"] = "input input--short" if options.get("short") else "input"
    if kind == "textarea":
        attrs["rows"] = options.get("rows", 4)
    if kind == "photos":
        attrs["class"] = "input photos__input"
    if field.field.required and kind in ("input", "select", "textarea"):
        attrs["aria-required"] = "true"
    values = {
        "field": field,
        "kind": kind,
        "label": options.get("label", field.label),
        "hint": options.get("hint", field.help_text),
        "more": options.get("more", ""),
        "hide_label": options.get("hide_label", False),
        "options": _options(field, kind),
        "wide": getattr(widget, "wide", False),
        "door": context.get("door"),
    }
    values["input"] = _input(field, values["hint"], attrs) if not values["options"] else ""
    html = get_template("kernel/_field.html").render(values)
    return SafeString(html)


def _input(field: BoundField, hint: str, attrs: dict[str, Any]) -> SafeString:
    """Return the input, described by the hint that is shown with it and not by another."""
    own, field.help_text = field.help_text, hint
    try:
        return field.as_widget(attrs=attrs)
    finally:
        field.help_text = own


def _kind_of(widget: Any) -> str:
    if widget.is_hidden:
        return "hidden"
    for kind, name in (
        (CheckboxInput, "check"),
        (CheckboxSelectMultiple, "checks"),  # a kind of RadioSelect to Django
        (RadioSelect, "radio"),
        (Textarea, "textarea"),
        (Select, "select"),
    ):
        if isinstance(widget, kind):
            return name
    return "input"


def _options(field: BoundField, kind: str) -> list[dict[str, Any]]:
    if kind not in ("tiles", "faces", "radio", "checks"):
        return []
    widget: Any = field.field.widget
    faces, drawn = getattr(widget, "faces", ()), getattr(widget, "icons", {})
    found = []
    for index, option in enumerate(one for one in field.subwidgets if str(one.data["value"]) != ""):
        value = str(option.data["value"])
        found.append({
            "id": option.data["attrs"].get("id", ""), "name": option.data["name"], "value": value,
            "label": option.data["label"], "checked": option.data["selected"],
            "icon": faces[index] if index < len(faces) else drawn.get(value, ""),
            "hint": getattr(widget, "hints", {}).get(value, ""),
        })  # fmt: skip
    return found


# Addresses


@register.simple_tag(takes_context=True)
def querystring(context: Context, **changes: Any) -> str:
    """Return `?…` with the page's filter changed: `{% querystring state="new" page=None %}`.

    None or "" removes a key. A change of the filter begins at the first page again.
    """
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        elif isinstance(value, list | tuple):
            query.setlist(key, [str(one) for one in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.filter
def thousands(number: int | None) -> str:
    """Write a count with commas, as people read it: 12,345."""
    return "" if number is None else f"{number:,}"


@register.filter
def initial(name: str | None) -> str:
    """Return the first character of a name, for the round mark beside it."""
    return (name or "·")[0]
