"""A resident says what is wrong: one page, or one question per page; place, photos and words survive every turn.

Every page of it is one form that carries the rest as hidden inputs, so that all of it works without
scripts. `go` says which button was pressed, `page` from which page.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases import selectors
from linli.cases.forms.resident import CONSENT_VERSION, ReportForm, as_uuid
from linli.cases.selectors import catalogue, mine, reading
from linli.cases.services import intake, stash, telling
from linli.cases.services.intake import Source
from linli.cases.views import resident_ground as ground
from linli.cases.views.resident_place import place_page
from linli.kernel import clock
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.ids import new_id
from linli.kernel.web import public
from linli.places import selectors as places
from linli.places.selectors import Where

# One question per page, in this order.
STEPS = ("place", "category", "questions", "text", "photos", "contact")
FIELDS = {
    "place": ("spot",),
    "category": ("category",),
    "questions": ("asked",),
    "text": ("text",),
    "photos": ("photos", "kept"),
    "contact": ("phone", "name"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """Where a report begins: a community, and the door whose code was scanned, if any."""

    community: Any
    at: str  # the community in addresses: "wjq-659004003002"
    scanned: Where | None = None


@public
@require_http_methods(["GET", "POST"])
def report_at_code(request: Any, code: str) -> HttpResponse:
    place_code = places.find_place_code(code)
    if place_code is None or place_code.ended_at is not None:
        return HttpResponseRedirect(reverse("portals:place", args=[code]))
    where = places.where_of_code(place_code)
    at = f"{request.tenant.code}-{where.community_code}"
    return _answer(request, Start(place_code.community, at, where))


@public
@require_http_methods(["GET", "POST"])
def report(request: Any, community: str) -> HttpResponse:
    return _answer(request, start_at(community))


def start_at(community: str) -> Start:
    """Return the start of a report in the community that an address names. Errors: NotFound."""
    return Start(places.get_community(community.partition("-")[2]), community)


def _answer(request: Any, start: Start) -> HttpResponse:
    request.community = start.community
    turn = Turn(request, start)
    answer = turn.post() if request.method == "POST" else turn.get()
    return ground.with_device(request, answer)


class Turn:
    """One turn of filling a report in: what was typed so far, and what is shown next."""

    def __init__(self, request: Any, start: Start) -> None:
        self.request, self.start = request, start
        self.values: QueryDict = request.POST.copy() if request.method == "POST" else _asked(request)
        self.key = as_uuid(self.values.get("key")) or new_id()
        self.values["key"] = str(self.key)
        self.bag = ground.Bag(self.key)

    # What comes in

    def get(self) -> HttpResponse:
        """Show the empty form, or what an address asks to be filled in."""
        if "place" in self.request.GET:
            return self.show_place()
        page = "place" if "step" in self.request.GET else "all"
        return self.show(page)

    def post(self) -> HttpResponse:
        """Take what was pressed: a choice of place, a step, "me too", or sending."""
        names = [str(one) for one in map(as_uuid, self.values.getlist("kept")) if one]
        self.bag = ground.photos_of(self.request, key=self.key, names=names)
        go, _colon, choice = self.values.get("go", "send").partition(":")
        page = self.values.get("page", "all")
        page = page if page in STEPS else "all"
        if go in ("place", "map", "estate", "building", "entrance", "scanned", "point"):
            return self._choose_place(go, choice)
        if go in ("here", "back", "next") or (go == "send" and page not in ("all", STEPS[-1])):
            return self._turn_page(go, page)
        if go == "follow":
            return self._follow(as_uuid(choice))
        if go == "new":
            self.values["distinct"] = "1"
        return self._send(page)

    def _choose_place(self, go: str, choice: str) -> HttpResponse:
        if go in ("scanned", "point"):
            names = ("lat", "lon") if go == "point" else ()
            self._set_place(**{name: self.values.get(name, "") for name in names})
            return self.show(self.values.get("page", "all"))
        if go in ("estate", "building", "entrance"):
            parts = ("estate", "building", "entrance")
            kept = {one: self.values.get(one, "") for one in parts[: parts.index(go)]}
            self._set_place(**kept, **{go: choice})
            if go == "entrance":
                return self.show(self.values.get("page", "all"))
            return self.show_place(go)
        return self.show_place("map" if go == "map" else "")

    def _set_place(self, **parts: str) -> None:
        for name in ("estate", "building", "entrance", "lat", "lon"):
            self.values[name] = parts.get(name, "")

    def _turn_page(self, go: str, page: str) -> HttpResponse:
        if go == "here":
            return self.show(page)
        if go == "back":
            return self.show(self._neighbour(page, -1))
        form = self.form(bound=True)
        if page == "questions":
            shown = [one.name for one in form.asked_of(form.chosen)]
            self.values["asked"] = form.chosen
        else:
            shown = list(FIELDS.get(page, ()))
        if form.keep_errors(shown) or (page == "photos" and self.bag.errors):
            return self.show(page, form=form, status=422)
        return self.show(self._neighbour(page, 1))

    def _neighbour(self, page: str, by: int) -> str:
        steps = self._steps()
        at = steps.index(page) + by if page in steps else 0
        return steps[min(max(at, 0), len(steps) - 1)]

    def _steps(self) -> list[str]:
        code = self.values.get("category", "")
        category = next((one for one in _categories() if one.code == code), None)
        asks = category and (catalogue.questions_of(category.pk) or category.danger_text)
        return [one for one in STEPS if one != "questions" or asks]

    # Sending

    def _send(self, page: str) -> HttpResponse:
        form = self.form(bound=True)
        for words in self.bag.errors:
            form.add_error("photos", words)
        if not form.is_valid():
            return self._show_wrong(form, page)
        if form.must_ask():
            return self.show("all" if page == "all" else "questions")
        if not self.values.get("distinct"):
            near = self._nearby(form)
            if near:
                return self.show_nearby(near)
        if mine.find_by_key(self.key) is None and not ground.may_send(self.request):
            words = ground.too_many_words(self.start.community.phone)
            return self.show(page, status=429, refusal=words)
        return self._report(form, page)

    def _show_wrong(self, form: ReportForm, page: str) -> HttpResponse:
        if page == "all":
            return self.show("all", form=form, status=422)
        for step in self._steps():
            names = FIELDS[step]
            if step == "questions":
                names = tuple(one.name for one in form.asked_of(form.chosen))
            if any(name in form.errors for name in names):
                form.keep_errors(names)
                return self.show(step, form=form, status=422)
        return self.show("all", form=form, status=422)

    def _nearby(self, form: ReportForm) -> list[Any]:
        category = form.categories[form.chosen]
        if category.is_confidential or mine.find_by_key(self.key):
            return []
        return reading.nearby(
            where=self.where(), category_id=category.pk, now=clock.now()
        )

    def _report(self, form: ReportForm, page: str) -> HttpResponse:
        with form.showing_refusals():
            try:
                case, _is_new = intake.report_case(
                    report=self._as_report(form),
                    photos=self.bag.all,
                    actor=ground.speaker(self.request),
                    now=clock.now(),
                )
            except Conflict:
                return self._already_sent(page)
            self.bag.empty()
            return HttpResponseRedirect(reverse("cases:receipt", args=[telling.token_of(case)]))
        return self.show(page, form=form, status=422)

    def _as_report(self, form: ReportForm) -> intake.Report:
        typed = form.cleaned_data
        return intake.Report(
            category_id=form.categories[form.chosen].pk,
            text=typed["text"],
            where=self.where(),
            source=Source.SCAN if self.start.scanned else Source.WEB,
            spot=typed["spot"],
            answers=form.answers(),
            name=typed["name"],
            phone=typed["phone"],
            consent_version=CONSENT_VERSION if typed["phone"] or typed["name"] else "",
            key=str(self.key),
            device=ground.device_of(self.request),
            account_id=ground.account_id_of(self.request),
        )

    def _already_sent(self, page: str) -> HttpResponse:
        """Say that this form was received with other words: the answer was lost, and then it was edited."""
        earlier = mine.find_by_key(self.key)
        self.bag.settle()
        self.values["key"] = str(new_id())
        return self.show(page, status=409, earlier=earlier and telling.token_of(earlier))

    def _follow(self, case_id: UUID | None) -> HttpResponse:
        if case_id is None:
            raise NotFound(_("这件事已经办完或不在这里了，您可以重新上报。"))
        form = self.form(bound=True)
        form.is_valid()
        phone = form.cleaned_data.get("phone", "")
        if not ground.may_send(self.request):
            words = ground.too_many_words(self.start.community.phone)
            return self.show("all", status=429, refusal=words)
        intake.follow_case(
            case_id=case_id,
            device=ground.device_of(self.request) or new_id().hex,
            phone=phone,
            consent_version=CONSENT_VERSION if phone else "",
            actor=ground.speaker(self.request),
            now=clock.now(),
        )
        stash.drop_stash(self.key)
        asked = "?phone=1" if phone else ""
        return HttpResponseRedirect(reverse("cases:followed", args=[self.start.at]) + asked)

    # What is shown

    def where(self) -> Where:
        """Return the place as chosen; else as scanned; else the community. Errors: BadInput."""
        chosen = {name: as_uuid(self.values.get(name)) for name in ("estate", "building", "entrance")}
        lat, lon = _number(self.values.get("lat")), _number(self.values.get("lon"))
        if self.start.scanned and not any(chosen.values()) and lat is None:
            return self.start.scanned
        return places.where_of(
            community_id=self.start.community.pk,
            estate_id=chosen["estate"],
            building_id=chosen["building"],
            entrance_id=chosen["entrance"],
            lat=lat,
            lon=lon,
        )

    def safe_where(self) -> Where:
        """Return the place; one that ended meanwhile is forgotten."""
        try:
            return self.where()
        except BadInput:
            self._set_place()
            return self.where()

    def form(self, *, bound: bool) -> ReportForm:
        """Return the form over what was typed: bound to be checked, or just filled in."""
        where = self.safe_where()
        questions = {one.code: catalogue.questions_of(one.pk) for one in _categories()}
        facts = {
            "categories": _categories(),
            "questions": questions,
            "is_located": bool(where.estate_id or where.building_id or where.code or where.lat),
        }
        if bound:
            return ReportForm(self.values, **facts)
        initial = {name: self.values.get(name) for name in self.values if name != "kept"}
        return ReportForm(initial={**initial, "kept": self.bag.settle()}, **facts)

    def show(
        self, page: str, *, form: ReportForm | None = None, status: int = 200, **more: Any
    ) -> HttpResponse:
        """Show the whole form, or one step of it, with everything else carried along."""
        if page not in (*STEPS, "all"):
            page = "all"
        self.values.setlist("kept", self.bag.settle())
        form = form or self.form(bound=False)
        if form.is_bound:
            form.data.setlist("kept", list(self.bag.waiting))
        sections = STEPS if page == "all" else (page,)
        shown = [name for one in sections for name in FIELDS[one]]
        if "questions" in sections:
            shown += [one.name for one in form if one.name.startswith("q-")]
        steps = self._steps()
        context = {
            "form": form,
            "page": page,
            "sections": sections,
            "carried": form.carried(shown),
            "step_number": steps.index(page) + 1 if page in steps else 0,
            "step_count": len(steps),
            "is_last": page in ("all", STEPS[-1]),
            **self._scene(form),
            **more,
        }
        return render(self.request, "cases/resident_report.html", context, status=status)

    def _scene(self, form: ReportForm) -> dict[str, Any]:
        where = self.safe_where()
        chosen = form.chosen
        return {
            "where": where,
            "is_scanned": bool(where.code),
            "is_located": form.is_located,
            "photos": self.bag.shown(),
            "photos_more": _("（可不传，最多 4 张）"),
            "photo_room": intake.PHOTO_LIMIT - len(self.bag.waiting),
            "asking": [
                {
                    "code": one.code,
                    "danger": one.danger_text,
                    "fields": form.asked_of(one.code),
                    "is_shown": one.code == chosen,
                }
                for one in form.categories.values()
                if one.danger_text or form.asked_of(one.code)
            ],
            "chosen": chosen,
            "draft": "" if self.request.method == "POST" and not form.is_bound else self._draft(),
            "at": self.start.at,
            "has_account": ground.account_id_of(self.request) is not None,
        }

    def _draft(self) -> str:
        return f"report:{self.start.at}"

    def show_place(self, level: str = "") -> HttpResponse:
        """Show the next choice of place: estates, then buildings, then entrances."""
        form = self.form(bound=False)
        facts = place_page(self.start.community.pk, self.values, level)
        if facts is None:
            return self.show(self.values.get("page", "all"), form=form)
        context = {
            "form": form,
            "carried": form.carried(("lat", "lon") if facts["has_point"] else ()),
            "page": self.values.get("page", "all"),
            "where": self.safe_where(),
            "scanned": self.start.scanned,
            **facts,
        }
        return render(self.request, "cases/resident_place.html", context)

    def show_nearby(self, near: list[Any]) -> HttpResponse:
        """Show what neighbours reported already, before another case is made."""
        form = self.form(bound=False)
        context = {
            "form": form,
            "carried": form.carried(()),
            "page": self.values.get("page", "all"),
            "near": near,
            "has_phone": bool(self.values.get("phone")),
        }
        return render(self.request, "cases/resident_nearby.html", context)


@public
@require_http_methods(["GET"])
def followed(request: Any, community: str) -> HttpResponse:
    start = start_at(community)
    request.community = start.community
    context = {"at": start.at, "has_phone": "phone" in request.GET, "draft": f"report:{start.at}"}
    return render(request, "cases/resident_followed.html", context)


def _categories() -> list[Any]:
    return selectors.categories_for_residents()


def _asked(request: Any) -> QueryDict:
    """Return what the address fills in: a category, a place, or an earlier case that came back."""
    values = QueryDict(mutable=True)
    for name in ("category", "estate", "building", "entrance", "spot"):
        if request.GET.get(name):
            values[name] = request.GET[name]
    if request.GET.get("again"):
        case = selectors.get_by_token(request.GET["again"])
        values["category"] = case.category.code
        for name in ("estate", "building", "entrance"):
            values[name] = str(getattr(case, f"{name}_id") or "")
        values["spot"] = case.spot
        values["text"] = _("又出现了：%(title)s（上次编号 %(number)s）。") % {
            "title": case.title, "number": case.number,
        }  # fmt: skip
    return values


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None

