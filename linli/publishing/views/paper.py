"""The board on one sheet of A4: a page to print from the browser, and the same as PDF."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date as words_of_date
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel import clock, qr, throttle
from linli.kernel.broadsheet import Broadsheet, Item, Number, Part, broadsheet
from linli.kernel.errors import TooMany
from linli.kernel.web import client_address, public
from linli.publishing.rules.periods import MONTH, Period
from linli.publishing.selectors import board, figures
from linli.publishing.views import frame
from linli.publishing.views.board import asked
from linli.publishing.views.frame import Where

# What one sheet holds beside the numbers.
MOST_DONE, MOST_CANNOT, MOST_NOTICES = 3, 2, 3
PDF: Final = "application/pdf"
MOST_PRINTED: Final = (12, timedelta(minutes=1))


@public
@require_safe
def sheet(request: HttpRequest, community: str, span: str, start: str) -> HttpResponse:
    """Show one week or month as a sheet for the wall."""
    place = frame.where(request, community)
    return frame.answer(request, _page(place, asked(span, start, place)))


@public
@require_safe
def pdf(request: HttpRequest, community: str, span: str, start: str) -> HttpResponse:
    """Answer with the same sheet as PDF."""
    place = frame.where(request, community)
    # Drawing one costs half a second, and there are hundreds of weeks.
    if not throttle.allow(f"board.pdf:{client_address(request)}", *MOST_PRINTED):
        raise TooMany(_("刚刚打印得太多了，过一分钟再打。"))
    response = frame.answer(request, _pdf(place, asked(span, start, place)), PDF)
    response.headers["Content-Disposition"] = 'inline; filename="board.pdf"'
    return response


@board.keep
def _page(place: Where, shown: Period) -> frame.Page:
    area = frame.community_of(place.at)
    made = _sheet(place, shown, area)
    path = reverse("publishing:sheet", args=[place.at, shown.span, shown.start])
    code = qr.svg(made.url, _("公开栏的网页"))
    return frame.page(
        "publishing/sheet.html", place, path, area, sheet=made, code=code, period=shown
    )


@board.keep_few
def _pdf(place: Where, shown: Period) -> frame.Page:
    return frame.kept(broadsheet(_sheet(place, shown, frame.community_of(place.at))))


def _sheet(place: Where, shown: Period, area: Any) -> Broadsheet:
    is_now = shown.first_day <= place.today <= shown.last_day
    numbers = figures.of_period(area.path, shown, is_now=is_now)
    then = None if is_now else shown
    done, heading = board.resolved(area.pk, shown), _("办好的事")
    if is_now and not done and (earlier := shown.before()):
        # As on the page: on a Monday, what was done last hangs.
        done = board.resolved(area.pk, earlier)
        heading = _("上个月办好的事") if shown.span == MONTH else _("上周办好的事")
    url = place.origin + reverse("publishing:board", args=[place.at])
    parts = (
        Part(_("公告"), tuple(map(_notice, board.notices(area.pk, place.today, then)[:MOST_NOTICES]))),
        Part(heading, tuple(map(_done, done[:MOST_DONE]))),
        Part(_("办不了的事"), tuple(map(_cannot, board.declined(area.pk, then)[:MOST_CANNOT]))),
    )  # fmt: skip
    return Broadsheet(
        sender=area.name,
        title=_("公开栏"),
        days=_days(shown),
        counts=_counts(numbers),
        rates=tuple(_rate(line, numbers) for line in numbers.lines),
        parts=tuple(part for part in parts if part.items),
        url=url,
        site=url.partition("://")[2],
        phone=area.phone,
    )


def _days(shown: Period) -> str:
    words = render_to_string("publishing/_period.html", {"period": shown})
    return " ".join(words.split())


def _counts(numbers: figures.Figures) -> tuple[Number, ...]:
    rows = [
        (_("收到"), numbers.received),
        (_("办结"), numbers.resolved),
        (_("不予受理"), numbers.declined),
        (_("现在还在办"), numbers.in_hand),
    ]
    return tuple(
        Number(label, _("%(n)s 件") % {"n": f"{number:,}"})
        for label, number in rows
        if number is not None
    )


def _rate(line: figures.Line, numbers: figures.Figures) -> Number:
    raw, official = line.raw, line.official
    name = line.name
    if numbers.earlier:
        is_month = numbers.earlier.span == MONTH
        last = _("上月") if is_month else _("上周")
        name = _("%(last)s%(name)s") % {"last": last, "name": line.name}
    if raw.low is None:
        return Number(name, raw.percent, line.says)
    facts = {"part": raw.part, "whole": raw.whole, "low": raw.low, "high": raw.high}
    of = _("%(whole)s 个里 %(part)s 个，约 %(low)s%%–%(high)s%%") % facts
    note = _("官方 %(percent)s（%(part)s / %(whole)s）") % {
        "percent": official.percent,
        "part": official.part,
        "whole": official.whole,
    }
    return Number(name, raw.percent, of, note)


def _notice(row: Any) -> Item:
    starts_at = row.event_starts_at and clock.local(row.event_starts_at)
    when = words_of_date(starts_at, "n 月 j 日 H:i") if starts_at else ""
    return Item(" ".join(filter(None, (when, row.title))), row.summary)


def _done(row: Any) -> Item:
    return Item(f"{row.title} · {row.place_label}", row.summary_of_outcome)


def _cannot(row: Any) -> Item:
    instead = _("还可以：%(words)s") % {"words": row.alternative}
    return Item(f"{row.title}：{row.summary_of_outcome}", instead)
