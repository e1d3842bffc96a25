"""How a status, a moment and a time limit look: drawn here once, for templates and for lists in bulk."""

from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.kernel import clock, icons
from linli.kernel.worktime import human_left, human_moment

# A rail with so few entries folds nothing.
FEW_ENTRIES: Final = 12

_SLABAR: Final = (
    '<span class="sla sla--{}"><span class="sla__left">{}</span>'
    '<svg class="sla__bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="sla__track" width="100" height="4"/>'
    '<rect class="sla__fill" width="{}" height="4"/></svg></span>'
)
_SLABAR_STOPPED: Final = '<span class="sla sla--stopped"><span class="sla__left">{}</span></span>'


def status(tone: str, word: str) -> SafeString:
    """Show a status as word, shape and colour.

    tone: new, assigned, doing, rate, done, back (returned), wait (suspended),
    off (declined, withdrawn, merged).
    """
    return SafeString(
        f'<span class="tag tag--{tone}"><span class="tag__shape"></span>{escape(str(word))}</span>'
    )


def urgent() -> SafeString:
    """Show the 急 flag."""
    return SafeString(f'<span class="urgent">{escape(_("急"))}</span>')


def moment(at: datetime, now: datetime) -> SafeString:
    """Write a moment in near words (今天 09:40), the full one in `<time datetime>`."""
    local = clock.local(at)
    return SafeString(
        f'<time datetime="{local.isoformat(timespec="seconds")}"'
        f' title="{local:%Y-%m-%d %H:%M}">{escape(human_moment(at, now))}</time>'
    )


def limit(
    start_at: datetime | None, due_at: datetime | None, now: datetime, *, is_stopped: bool = False
) -> SafeString:
    """Show the time limit: words and a bar, calm, 临期 in the last quarter, 已超时 after it.

    A stopped clock shows that it stands; without a limit there is nothing to show.
    """
    if start_at is None or due_at is None:
        return SafeString(_SLABAR_STOPPED.format(_("已挂起")) if is_stopped else "")
    whole = max((due_at - start_at).total_seconds(), 1)
    percent = min(max(round((now - start_at).total_seconds() * 100 / whole), 0), 100)
    if is_stopped:
        return SafeString(_SLABAR.format("stopped", _("已挂起"), percent))
    tone = "late" if now >= due_at else "soon" if percent >= 75 else "ok"
    return SafeString(_SLABAR.format(tone, escape(human_left(due_at, now)), percent))


@lru_cache(maxsize=1_000)
def icon(name: str, *, sprite: bool, css: str = "") -> SafeString:
    """Draw an icon by its name in linli/kernel/icons.py; an unknown name shows a question mark.

    sprite: point into the sprite that staff pages share, instead of drawing it into the page.
    """
    if name not in icons.ICONS:
        name = icons.UNKNOWN
    classes = escape(f"icon {css}" if css else "icon")
    if sprite:
        address = static("kernel/icons.svg")
        return SafeString(
            f'<svg class="{classes}" aria-hidden="true"><use href="{address}#{name}"/></svg>'
        )
    # A resident sees a dozen icons once: drawn into the page they weigh less than the sprite.
    return SafeString(
        f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true">{icons.shapes(name)}</svg>'
    )


def rail(entries: list[dict[str, Any]]) -> SafeString:
    """Draw the desk's rail from `web.nav_for`: label, icon and number, groups under their headings.

    The first group stands open, and the one where the reader is; of a long rail the others fold.
    """
    drawn: list[str] = []
    names = [one["group"] for one in entries if one["group"]]
    for group, grouped in groupby(entries, itemgetter("group")):
        ones = list(grouped)
        links = [_rail_item(one) for one in ones]
        if not group:
            drawn += links
        elif (
            len(entries) <= FEW_ENTRIES or group == names[0] or any(one["current"] for one in ones)
        ):
            drawn += [f'<p class="rail__group">{escape(str(group))}</p>', *links]
        else:
            fold = f'<summary class="rail__fold">{escape(str(group))}{_rail_count(ones)}</summary>'
            drawn += ['<details class="rail__set">', fold, *links, "</details>"]
    return SafeString("\n".join(drawn))


def rail_tabs(entries: list[dict[str, Any]], path: str) -> SafeString:
    """Draw what stands under one entry of the rail as tabs; nothing inside of their pages."""
    for one in entries:
        if any(tab["url"] == path for tab in one["tabs"]):
            links = [_rail_tab(tab) for tab in one["tabs"]]
            label = escape(str(one["label"]))
            return SafeString(f'<nav class="tabs" aria-label="{label}">{"".join(links)}</nav>')
    return SafeString("")


def _rail_tab(tab: dict[str, Any]) -> str:
    current = ' aria-current="page"' if tab["current"] else ""
    count = f" <small>{tab['count']:,}</small>" if tab["count"] else ""
    return f'<a href="{escape(tab["url"])}"{current}>{escape(str(tab["tab"]))}{count}</a>'


def _rail_item(one: dict[str, Any]) -> str:
    current = ' aria-current="page"' if one["current"] else ""
    return (
        f'<a class="rail__item" href="{escape(one["url"])}"{current}>'
        f"{icon(one['icon'], sprite=True)}{escape(one['label'])}{_rail_count([one])}</a>"
    )


def _rail_count(ones: list[dict[str, Any]]) -> str:
    count = sum(one["count"] for one in ones)
    return f'<span class="rail__count">{count:,}</span>' if count else ""
