"""How a status, a moment and a time limit look: drawn here once, for templates and for lists in bulk."""

from datetime import datetime
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.worktime import human_left, human_moment

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
        f'<span class="tag tag--{tone}"><span class="tag__shape"></span>{escape(word)}</span>'
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
