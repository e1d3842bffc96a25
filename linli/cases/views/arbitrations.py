"""Questions to the rung above: what waits, one question with its answer, the sheet of a month."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.forms.whistles import AnswerForm
from linli.cases.selectors import arbitrations, whistles
from linli.cases.services import arbitrating
from linli.kernel import clock, sheets
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import selectors as places

FORM = require_http_methods(["GET", "HEAD", "POST"])
EARLIEST = date(1990, 1, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def arbitration_list(request: Request) -> HttpResponse:
    """List what waits for an answer, and what was answered last."""
    request.actor.require("cases.view")
    count = arbitrations.waiting_count(request.actor)
    request.nav_counts = {"cases:arbitrations": count}  # type: ignore[attr-defined]
    context = {
        "waiting": arbitrations.waiting(request.actor),
        "answered": arbitrations.answered(request.actor),
        "now": clock.now(),
    }
    return render(request, "cases/desk_arbitrations.html", context)


@FORM
def arbitration(request: Request, arbitration_id: UUID) -> HttpResponse:
    """Show one question with its clause; whoever stands above answers it here."""
    found = arbitrations.get_arbitration(arbitration_id, request.actor)
    may_answer = found.state == "asked" and arbitrations.may_answer(found, request.actor)
    form = None
    if may_answer:
        form = AnswerForm(
            request.POST or None,
            outcomes=arbitrations.outcomes(found),
            organisations=whistles.organisation_choices(found.area_path),
            initial={"organisation_id": str(found.clause.organisation_id or "")},
        )
    if request.method == "POST" and form is None:
        raise NotFound(_("没有找到这件裁定。"))
    if form is not None and request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            arbitrating.answer_arbitration(
                arbitration_id=found.pk, answer=arbitrating.Answer(**form.cleaned_data),
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            own = reverse("cases:arbitration", args=[found.pk])
            return HttpResponseRedirect(f"{own}?done=answered")
    context = {
        "row": found,
        "case": found.case,
        "form": form,
        "is_late": found.due_at is not None and found.due_at < clock.now(),
        "may_withdraw": form is None
        and found.state == "asked"
        and found.part_id is None
        and request.actor.can("cases.dispatch", found.area_path),
        "done": _("已答复，社区会收到。") if request.GET.get("done") else "",
        "now": clock.now(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "cases/desk_arbitration.html", context, status=status)


@require_POST
def withdraw(request: Request, arbitration_id: UUID) -> HttpResponse:
    """Take a question back."""
    found = arbitrating.withdraw_arbitration(
        arbitration_id=arbitration_id, actor=request.actor, now=clock.now()
    )
    return HttpResponseRedirect(reverse("cases:desk_case", args=[found.case_id]))


@require_safe
def sheet(request: Request) -> HttpResponse:
    """Show what of a month was beyond the community's authority, by clause; for paper, or as a file."""
    request.actor.require("cases.view")
    community, month = _community(request), _month(request)
    start, end = _span(month)
    found = arbitrations.sheet_of(community.pk, start, end)
    if request.GET.get("kind") == "xlsx":
        return _file(found, community, month)
    request.community = community
    context = {
        "sheet": found,
        "percent": None if found.rate is None else round(found.rate * 100, 1),
        "community": community,
        "month": month,
        "months": [_before(clock.local(clock.now()).date(), n) for n in range(12)],
        "is_running": month == clock.local(clock.now()).date().replace(day=1),
        "now": clock.now(),
    }
    return render(request, "cases/arbitration_sheet.html", context)


def _community(request: Request) -> Any:
    """Return the community whose sheet is asked for. Whoever works in a part of it reads the whole
    sheet: it holds counts by clause, nothing of any case.
    """
    scopes = request.actor.scopes("cases.view")
    found = list(places.communities_of(scopes))
    above = (places.community_of_path(scope) for scope in scopes if scope and not found)
    found = found or [one for one in above if one is not None]
    if not found:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    asked = request.GET.get("community", "")
    return next((one for one in found if str(one.pk) == asked), found[0])


def _month(request: Request) -> date:
    said, this_month = request.GET.get("month", ""), clock.local(clock.now()).date().replace(day=1)
    try:
        asked = datetime.strptime(said, "%Y-%m").replace(tzinfo=clock.BEIJING).date()
    except ValueError:
        return this_month
    # No database and no calendar has what lies at the ends of time.
    return asked if EARLIEST <= asked <= this_month else this_month


def _before(day: date, months: int) -> date:
    first = day.replace(day=1)
    for _number in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def _span(month: date) -> tuple[datetime, datetime]:
    after = (month + timedelta(days=32)).replace(day=1)
    return (
        datetime(month.year, month.month, 1, tzinfo=clock.BEIJING),
        datetime(after.year, after.month, 1, tzinfo=clock.BEIJING),
    )


def _file(found: arbitrations.Sheet, community: Any, month: date) -> HttpResponse:
    header = [_("条款"), _("依据"), _("上报"), _("已答复"), _("按时答复"), _("结果")]
    rows: list[list[Any]] = [
        [
            one.clause, one.source, one.asked, one.answered, one.in_time,
            "；".join(f"{name} {number}" for name, number in one.outcomes),
        ]
        for one in found.lines
    ]  # fmt: skip
    rows.append([_("合计（件）"), "", found.beyond, "", "", ""])
    rows.append([_("当月上报的工单"), "", found.received, "", "", ""])
    rate = "" if found.rate is None else f"{found.rate:.1%}"
    rows.append([_("超权限占比"), "", rate, "", "", ""])
    title = _("%(month)s 超权限占比") % {"month": f"{month:%Y-%m}"}
    answer = HttpResponse(sheets.write_xlsx(title, header, rows), content_type=XLSX)
    answer["Content-Disposition"] = (
        f'attachment; filename="beyond-{community.code}-{month:%Y-%m}.xlsx"'
    )
    return answer
