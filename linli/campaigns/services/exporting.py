"""The three lists as a workbook, the next meeting as a calendar file."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.campaigns.models import Docket
from linli.campaigns.selectors.dockets import MatterLine
from linli.kernel import sheets

XLSX_TYPE: Final = sheets.XLSX_TYPE
# What each list says of a matter, by its name: the heading and the value.
LISTS: Final = {
    "问题清单": ("序号", "问题", "谁提出", "工单", "上次结转"),
    "责任清单": ("序号", "问题", "谁负责", "完成时限", "是否超期"),
    "整改清单": ("序号", "问题", "整改措施", "完成时限", "进展", "整改结果", "提出人确认"),
}


def three_lists(lines: Iterable[MatterLine]) -> bytes:
    """Return a workbook with the three lists, one to a sheet, first rows in view."""
    from openpyxl import Workbook  # 7 MB in every process, and lists are handed out now and then

    rows = list(lines)
    book = Workbook(write_only=True)
    for title, header in LISTS.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(list(header))
        for cells in _cells(title, rows):
            sheet.append([sheets.safe_cell(cell) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(title: str, lines: list[MatterLine]) -> Iterator[list[Any]]:
    for line in lines:
        matter = line.matter
        due = f"{matter.due_on:%Y-%m-%d}" if matter.due_on else ""
        if title == "问题清单":
            rest = [line.raiser, matter.case_number, _("是") if line.is_carried else ""]
        elif title == "责任清单":
            rest = [line.hands, due, _("超期") if line.is_late else ""]
        else:
            state = str(matter.get_state_display())
            rest = [matter.measure, due, state, matter.evidence, line.word_words]
        yield [line.number, matter.problem, *rest]


def invitation(docket: Docket, starts_at: datetime, now: datetime) -> bytes:
    """Return the next meeting of a series as an iCalendar file."""
    from icalendar import Calendar, Event  # 4 MB, and phones ask for it once a month

    event = Event()
    event.add("uid", f"{docket.pk}@linli")
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(hours=2))
    event.add("summary", docket.series)
    event.add("location", docket.place or docket.community.name)
    calendar = Calendar()
    calendar.add("prodid", "-//linli//campaigns//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
