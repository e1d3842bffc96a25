"""The pages on site: my campaigns, the list of one, an entry with its three ways to end; for the desk too."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.campaigns.forms.site import GiveUpForm, HandForm, SettleForm
from linli.campaigns.selectors import access, campaigns, lists
from linli.campaigns.services import working
from linli.campaigns.views import showing
from linli.campaigns.views.gathering import add, asked_of, entry_form
from linli.cases import selectors as cases
from linli.kernel import clock
from linli.kernel.web import Request, door_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def mine(request: Request) -> HttpResponse:
    """List the campaigns that run or are coming in which I take part."""
    lines = campaigns.campaigns(request.actor, clock.now(), states=("running", "planned"))
    return render(request, "campaigns/field_campaigns.html", {"lines": lines})


@require_safe
def site(request: Request, campaign_id: UUID) -> HttpResponse:
    """Show the list of a campaign as cards, open ones first, one's own parts first."""
    found = access.get_campaign(campaign_id, request.actor)
    asked, own = asked_of(request), campaigns.own_parts(found, request.actor)
    shown = asked if asked.state else type(asked)(state="open", part_id=asked.part_id)
    rows = lists.all_entries(found, shown)
    rows.sort(key=lambda one: (bool(own) and one.part_id not in own, one.number))
    counts = lists.state_counts(found)
    context = {
        "campaign": found,
        "rows": rows[: lists.PAGE],
        "more": len(rows) - lists.PAGE,
        "asked": shown,
        "tabs": [
            {"name": value, "label": label, "count": counts[value], "current": value == shown.state}
            for value, label in campaigns.ENTRY_STATES
        ],
        "parts": campaigns.parts_of(found),
        "days": campaigns.days_of(found),
        "today": clock.local(clock.now()).date(),
        "done": showing.done_words(request),
    }
    return render(request, "campaigns/field_site.html", context)


@FORM
def entry_new(request: Request, campaign_id: UUID) -> HttpResponse:
    """Add what is met on site."""
    found = access.get_campaign(campaign_id, request.actor)
    form = entry_form(request, found)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = add(request, found, form, gathered="site")
            return HttpResponseRedirect(reverse("campaigns:field_entry", args=[made.pk]))
    context = {"campaign": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "campaigns/field_entry_new.html", context, status=status)


@require_safe
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """Show an entry: what, where, before and after, what may be done."""
    return _entry_page(request, entry_id)


def _entry_page(request: Request, entry_id: UUID, **forms: Any) -> HttpResponse:
    found = access.get_entry(entry_id, request.actor)
    is_desk = door_of(request.path) == "desk"
    shots = lists.photos_of([found.pk]).get(found.pk, [])
    works = access.works_at(found.campaign, found.area_path, request.actor)
    if forms and any(request.FILES.values()):
        next(iter(forms.values())).add_error(None, _("照片没能留下，发之前再拍一次。"))
    context = {
        "entry": found,
        "campaign": found.campaign,
        "tone": showing.TONES[found.state],
        "before": showing.photos([s for s in shots if s.stage == "before"], is_desk=is_desk),
        "after": showing.photos([s for s in shots if s.stage == "after"], is_desk=is_desk),
        "may_work": works and found.campaign.state == "running",
        "case_door": _case_door(found, request, is_desk=is_desk),
        "door": "desk" if is_desk else "field",
        "urls": {
            name: reverse(f"campaigns:{'desk' if is_desk else 'field'}_{name}", args=[found.pk])
            for name in ("settlement", "handing", "giving_up", "reopening")
        },
        "settle_form": forms.get("settle_form") or SettleForm(initial={"count": found.count}),
        "hand_form": forms.get("hand_form") or HandForm(categories=_categories()),
        "give_up_form": forms.get("give_up_form") or GiveUpForm(),
        "refused": list(forms.values()),
        "done": showing.done_words(request),
    }
    page = "campaigns/entry.html" if is_desk else "campaigns/field_entry.html"
    return render(request, page, context, status=422 if forms else 200)


def _categories() -> list[tuple[str, str]]:
    rows = cases.active_categories()
    return [(str(one.pk), one.name) for one in rows if not one.is_confidential]


def _case_door(found: Any, request: Request, *, is_desk: bool) -> str:
    if found.case_id is None or not cases.sees(found.case_id, request.actor):
        return ""
    return reverse(f"cases:{'desk' if is_desk else 'field'}_case", args=[found.case_id])


@require_POST
def settle(request: Request, entry_id: UUID) -> HttpResponse:
    """Settle an entry with what was photographed."""
    access.get_entry(entry_id, request.actor)
    form = SettleForm(request.POST, request.FILES)
    if form.is_valid():
        with form.showing_refusals():
            sent = {**form.cleaned_data, "key": str(form.cleaned_data["key"])}
            done = working.settle_entry(
                entry_id=entry_id, actor=request.actor, now=clock.now(), **sent
            )
            return _on(request, done, "settled")
    return _entry_page(request, entry_id, settle_form=form)


@require_POST
def hand(request: Request, entry_id: UUID) -> HttpResponse:
    """Hand an entry to a case."""
    access.get_entry(entry_id, request.actor)
    form = HandForm(request.POST, categories=_categories())
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            done = working.hand_entry(
                entry_id=entry_id, text=sent["text"], category_id=sent["category"],
                key=str(sent["key"]), actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return _on(request, done, "handed")
    return _entry_page(request, entry_id, hand_form=form)


@require_POST
def give_up(request: Request, entry_id: UUID) -> HttpResponse:
    """Say why an entry is not possible this time."""
    access.get_entry(entry_id, request.actor)
    form = GiveUpForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            done = working.give_up_entry(
                entry_id=entry_id, reason=sent["reason"], key=str(sent["key"]),
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return _on(request, done, "impossible")
    return _entry_page(request, entry_id, give_up_form=form)


@require_POST
def reopen(request: Request, entry_id: UUID) -> HttpResponse:
    """Put an entry back to open."""
    working.reopen_entry(entry_id=entry_id, actor=request.actor, now=clock.now())
    door = "desk" if door_of(request.path) == "desk" else "field"
    address = reverse(f"campaigns:{door}_entry", args=[entry_id])
    return HttpResponseRedirect(f"{address}?done=reopened")


def _on(request: Request, done: Any, words: str) -> HttpResponse:
    """Go on to the list: in the field the next card waits there."""
    if door_of(request.path) == "desk":
        address = reverse("campaigns:desk_entry", args=[done.pk])
    else:
        address = reverse("campaigns:site", args=[done.campaign_id])
    return HttpResponseRedirect(f"{address}?done={words}")


@require_safe
def photo(request: Request, entry_id: UUID, photo_id: UUID, size: str) -> HttpResponseBase:
    """Answer with a photo of an entry that the actor may see."""
    access.get_entry(entry_id, request.actor)
    return showing.file_of(lists.get_photo(entry_id, photo_id), size)
