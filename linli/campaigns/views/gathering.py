"""The desk's pages of a list: its rows, one more by hand, ticked cases, a table with preview, files."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.campaigns.forms.gathering import CasesForm, EntryForm, TableForm
from linli.campaigns.selectors import access, campaigns, ground, lists
from linli.campaigns.selectors.lists import Asked
from linli.campaigns.services import gathering, importing
from linli.campaigns.views import showing
from linli.campaigns.views.planning import managed, require_view
from linli.cases import selectors as cases
from linli.cases.selectors import queue as queues
from linli.cases.selectors.conditions import Question
from linli.kernel import clock, sheets
from linli.kernel.web import Request, clean_text

FORM = require_http_methods(["GET", "HEAD", "POST"])
HEADER: Final = (
    "序号", "类型", "片区", "地点", "数量", "说明", "来源", "结果", "办结说明", "工单", "办理时间",
)  # fmt: skip


@require_safe
def entries(request: Request, campaign_id: UUID) -> HttpResponse:
    """Show the list; the address is the whole question."""
    require_view(request)
    found = access.get_campaign(campaign_id, request.actor)
    asked = asked_of(request)
    rows, has_more = lists.entries(found, asked)
    shots = lists.photos_of([row.pk for row in rows])
    counts = lists.state_counts(found)
    context = {
        "campaign": found,
        "rows": [
            {
                "entry": row,
                "tone": showing.TONES[row.state],
                "photos": showing.photos(shots.get(row.pk, ()), is_desk=True)[:4],
            }
            for row in rows
        ],
        "asked": asked,
        "kinds": campaigns.kinds(),
        "parts": campaigns.parts_of(found),
        "tabs": [
            {"name": value, "label": label, "count": counts[value], "current": value == asked.state}
            for value, label in campaigns.ENTRY_STATES
        ],
        "total": sum(counts.values()),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "last": rows[-1].number if has_more else 0,
        "may_manage": access.may_manage(found, request.actor),
        "done": showing.done_words(request),
    }
    return render(request, "campaigns/entries.html", context)


def asked_of(request: Request) -> Asked:
    """Return what of a list an address asks for; what it can't mean is left aside."""
    said = {name: clean_text(str(value)).strip()[:60] for name, value in request.GET.items()}
    after = said.get("after", "")
    state = said.get("state", "")
    return Asked(
        state=state if state in dict(campaigns.ENTRY_STATES) else "",
        kind=said.get("kind", ""),
        part_id=_uuid(said.get("part", "")),
        after=int(after) if after.isdecimal() and len(after) < 8 else 0,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@FORM
def entry_new(request: Request, campaign_id: UUID) -> HttpResponse:
    """Put one thing on the list by hand, or as a patrol told it."""
    found = managed(request, campaign_id)
    form = entry_form(request, found)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            add(request, found, form)
            again = reverse("campaigns:entry_new", args=[found.pk])
            return HttpResponseRedirect(f"{again}?done=added")
    context = {"campaign": found, "form": form, "done": showing.done_words(request)}
    status = 422 if form.errors else 200
    return render(request, "campaigns/entry_new.html", context, status=status)


def entry_form(request: Request, found: Any) -> EntryForm:
    """Return the form for one more entry of a campaign."""
    return EntryForm(
        request.POST or None,
        request.FILES or None,
        kinds=campaigns.kinds(),
        places=ground.choices(found.community_id),
    )


def add(request: Request, found: Any, form: EntryForm, *, gathered: str = "") -> Any:
    """Put what a form sent on the list."""
    sent = form.cleaned_data
    how = gathered or ("patrol" if sent["is_patrol"] else "hand")
    entry, _is_new = gathering.add_entry(
        campaign_id=found.pk,
        sheet=form.sheet(),
        key=str(sent["key"]),
        gathered=how,
        before=sent["photos"],
        actor=request.actor,
        now=clock.now(),
    )
    return entry


@FORM
def from_cases(request: Request, campaign_id: UUID) -> HttpResponse:
    """Choose open cases of the community by filter and tick."""
    found = managed(request, campaign_id)
    question = Question(
        community_id=found.community_id,
        words=clean_text(str(request.GET.get("q", "")))[:60],
        category_id=_uuid(str(request.GET.get("category", ""))),
        after=clean_text(str(request.GET.get("after", "")))[:80],
    )
    page = queues.queue(question, request.actor, clock.now())
    rows = [one for one in queues.cases_of(page) if not one.is_confidential and one.is_open]
    kinds = campaigns.kinds()
    form = CasesForm(request.POST or None, cases=rows, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            gathering.add_cases(
                campaign_id=found.pk, case_ids=sent["case_ids"], kind_id=sent["kind"],
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            listed = reverse("campaigns:entries", args=[found.pk])
            return HttpResponseRedirect(f"{listed}?done=added")
    on_list = {one.case_id for one in lists.all_entries(found, Asked()) if one.case_id}
    context = {
        "campaign": found,
        "rows": [(one, one.pk in on_list) for one in rows],
        "form": form,
        "question": question,
        "next_after": page.next_after,
        "categories": [one for one in cases.active_categories() if not one.is_confidential],
    }
    status = 422 if form.errors else 200
    return render(request, "campaigns/entries_from_cases.html", context, status=status)


@FORM
def table(request: Request, campaign_id: UUID) -> HttpResponse:
    """Take a table in; what it says is looked at first."""
    found = managed(request, campaign_id)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            file = form.cleaned_data["file"]
            kept = importing.prepare_import(
                campaign_id=found.pk, file_name=file.name, content=file.read(),
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("campaigns:import", args=[kept.pk]))
    context = {"campaign": found, "form": form, "kinds": campaigns.kinds()}
    status = 422 if form.errors else 200
    return render(request, "campaigns/entries_import.html", context, status=status)


@require_safe
def table_rows(request: Request, import_id: UUID) -> HttpResponse:
    """Show the rows of a table, with what is wrong with each."""
    kept = lists.get_import(import_id, request.actor)
    good = [row for row in kept.rows if not row["error"]]
    context = {
        "file": kept,
        "campaign": kept.campaign,
        "good": good,
        "bad": [row for row in kept.rows if row["error"]],
        "placed": sum(bool(row["building"]) for row in good),
    }
    return render(request, "campaigns/entries_preview.html", context)


@require_POST
def table_confirm(request: Request, import_id: UUID) -> HttpResponse:
    """Put the good rows on the list."""
    kept = lists.get_import(import_id, request.actor)
    importing.confirm_import(import_id=import_id, actor=request.actor, now=clock.now())
    listed = reverse("campaigns:entries", args=[kept.campaign_id])
    return HttpResponseRedirect(f"{listed}?done=imported")


@require_POST
def table_discard(request: Request, import_id: UUID) -> HttpResponse:
    """Throw a table away."""
    kept = importing.discard_import(import_id=import_id, actor=request.actor, now=clock.now())
    listed = reverse("campaigns:entries", args=[kept.campaign_id])
    return HttpResponseRedirect(f"{listed}?done=discarded")


@require_safe
def workbook(request: Request, campaign_id: UUID) -> HttpResponse:
    """Answer with the list as a workbook, as the address asks for it."""
    require_view(request)
    found = access.get_campaign(campaign_id, request.actor)
    rows = [_cells(one) for one in lists.all_entries(found, asked_of(request))]
    content = sheets.write_xlsx(_("整治清单"), HEADER, rows)
    answer = HttpResponse(content, content_type=sheets.XLSX_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="campaign.xlsx"'
    return answer


def _cells(one: Any) -> list[Any]:
    at = clock.local(one.settled_at) if one.settled_at else None
    return [
        one.number,
        one.kind.name,
        one.part.name if one.part else "",
        one.place_label,
        one.count,
        one.text,
        str(one.get_gathered_display()),
        str(one.get_state_display()),
        one.result,
        one.case_number,
        f"{at:%Y-%m-%d %H:%M}" if at else "",
    ]
