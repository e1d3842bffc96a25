"""Allowances at the desk: the rules, a month worked out by days, the file for the accounts."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock, sheets
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.posts import selectors, services
from linli.posts.forms import AllowanceForm, EndAllowanceForm, MonthForm
from linli.posts.views.choosing import chosen_area

_HEAD = (
    gettext_lazy("月份"), gettext_lazy("岗位"), gettext_lazy("网格"), gettext_lazy("姓名"),
    gettext_lazy("兼职"), gettext_lazy("天数"), gettext_lazy("当月天数"), gettext_lazy("金额（元）"),
    gettext_lazy("说明"),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def allowances(request: Request) -> HttpResponse:
    area, areas = chosen_area(request)
    choices = [(str(one.pk), one.name) for one in areas]
    initial = {"area": str(area.pk), "role": "grid_worker"}
    form = AllowanceForm(request.POST or None, areas=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            row = services.set_allowance(data=form.sheet(), actor=request.actor, now=clock.now())
            return _to(row.pk)
    rules = selectors.allowance_rules(request.actor, area.path)
    context = {"area": area, "areas": areas, "rules": rules, "form": form}
    status = 422 if form.errors else 200
    return render(request, "posts/allowance_list.html", context, status=status)


@require_safe
def allowance(request: Request, rule_id: UUID) -> HttpResponse:
    return _show(request, rule_id)


@require_POST
def freezing(request: Request, rule_id: UUID) -> HttpResponse:
    form = MonthForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            day = form.cleaned_data["month"]
            services.freeze_month(
                rule_id=rule_id, month_on=day, actor=request.actor, now=clock.now()
            )
            return _to(rule_id, day)
    return _show(request, rule_id, freeze=form)


@require_POST
def allowance_ending(request: Request, rule_id: UUID) -> HttpResponse:
    form = EndAllowanceForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.end_allowance(
                rule_id=rule_id, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return _to(rule_id)
    return _show(request, rule_id, ending=form)


@require_safe
def allowance_xlsx(request: Request, rule_id: UUID) -> HttpResponse:
    """Give a month as a file: one line per holder, fen as yuan with two digits."""
    month = selectors.month_of(rule_id, _month(request), request.actor, clock.now())
    head = list(map(str, _HEAD))
    rows = [
        [
            f"{one.for_month_on:%Y-%m}", one.post_name, one.area_name, one.name,
            _("是") if one.is_part_time else "", one.days, one.days_of_month,
            one.amount_fen / 100, _("补差") if one.is_correction else "",
        ]
        for one in month.lines
    ]  # fmt: skip
    content = sheets.write_xlsx(month.rule.label, head, rows)
    response = HttpResponse(content, content_type=sheets.XLSX_TYPE)
    name = f"allowance-{month.month_on:%Y-%m}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _show(request: Request, rule_id: UUID, **bound: Any) -> HttpResponse:
    now = clock.now()
    month = selectors.month_of(rule_id, _month(request), request.actor, now)
    today = clock.local(now).date()
    context = {
        "month": month,
        "months": selectors.months_to_choose(month.rule, today),
        "is_over": month.month_on < today.replace(day=1),
        "ending": EndAllowanceForm(),
        **bound,
    }
    return render(request, "posts/allowance.html", context, status=422 if bound else 200)


def _month(request: Request) -> date:
    said = request.GET.get("month", "") or request.POST.get("month", "")
    try:
        month = date.fromisoformat(said) if said else services.last_month(clock.now())
    except ValueError:
        raise NotFound(_("没有这个月。")) from None
    if not 1990 <= month.year <= 2200:
        raise NotFound(_("没有这个月。"))
    return month


def _to(rule_id: UUID, day: date | None = None) -> HttpResponse:
    query = f"?month={day.replace(day=1).isoformat()}" if day else ""
    return HttpResponseRedirect(reverse("posts:allowance", args=[rule_id]) + query)
