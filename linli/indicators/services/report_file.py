"""A report as a spreadsheet: one sheet for each table, made of what was frozen and nothing else."""

import io
from string import ascii_uppercase
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.indicators.models import Report
from linli.indicators.selectors import reports
from linli.kernel import clock
from linli.kernel.sheets import XLSX_TYPE, safe_cell

CONTENT_TYPE: Final = XLSX_TYPE
_PERCENT: Final = "0.0%"
_NAMES, _USUAL, _WIDEST = 24, 11, 100  # in letters


def name_of(report: Report) -> str:
    """Return what the file is called."""
    again = _("（第 %(n)s 次）") % {"n": report.number} if report.number > 1 else ""
    return f"{report.content['place']} {report.content['title']}{again}.xlsx"


def spreadsheet(report: Report) -> bytes:
    """Return the report as XLSX; no cell is a formula."""
    from openpyxl import Workbook  # 7 MB in every process, and a report is made now and then

    book = Workbook(write_only=True)
    cover = book.create_sheet(_("说明"))
    cover.column_dimensions["A"].width = _WIDEST
    for line in _cover(report):
        cover.append([safe_cell(line)])
    for title, heads, rows in reports.sections(report):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for column, words in zip(ascii_uppercase, heads[0], strict=False):
            width = _WIDEST if words == _("怎么算的") else _USUAL
            sheet.column_dimensions[column].width = _NAMES if column == "A" else width
        for head in heads:
            sheet.append([_bold(sheet, words) for words in head])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cover(report: Report) -> list[str]:
    issued = clock.local(report.issued_at)
    lines = [
        f"{report.content['place']} {report.content['title']}",
        _("出报告：%(when)s，%(who)s，第 %(n)s 次，定义版本 %(version)s")
        % {
            "when": f"{issued:%Y-%m-%d %H:%M}",
            "who": report.issued_name,
            "n": report.number,
            "version": report.version,
        },
        _("数字是出报告那一刻的，以后更正不改这一份。比率旁边写着它依据多少件、多少人。"),
    ]
    if report.reason:
        lines.append(_("再出一次的原因：%(reason)s") % {"reason": report.reason})
    return [*lines, "", *report.content["sentences"]]


def _bold(sheet: Any, words: str) -> Any:
    from openpyxl.styles import Font

    cell = _blank(sheet, words)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, reports.Percent):
        return safe_cell(value)
    cell = _blank(sheet, float(value))
    cell.number_format = _PERCENT
    return cell


def _blank(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    return WriteOnlyCell(sheet, value=value)
