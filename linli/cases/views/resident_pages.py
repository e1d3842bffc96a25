"""The pages of a report as a resident sees them: the form, one question of it, place, what is near."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.forms.resident import ReportForm, as_uuid
from linli.cases.selectors import catalogue
from linli.cases.views import resident_ground as ground
from linli.cases.views.resident_place import place_page
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id
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


def start_at(community: str) -> Start:
    """Return the start of a report in the community that an address names. Errors: NotFound."""
    return Start(places.get_community(community.partition("-")[2]), community)


class Pages:
    """What was typed so far, and the pages that carry it on."""

    def __init__(self, request: Any, start: Start) -> None:
        self.request, self.start = request, start
        self.values: QueryDict = (
            request.POST.copy() if request.method == "POST" else _asked(request)
        )
        self.key = as_uuid(self.values.get("key")) or new_id()
        self.values["key"] = str(self.key)
        self.bag = ground.Bag(self.key)

    def set_place(self, **parts: str) -> None:
        """Put these parts in the place of the old ones."""
        for name in ("estate", "building", "entrance", "lat", "lon"):
            self.values[name] = parts.get(name, "")

    def steps(self) -> list[str]:
        """Return the questions of one per page, in order; what a category does not ask is left out."""
        code = self.values.get("category", "")
        category = next((one for one in _categories() if one.code == code), None)
        asks = category and (catalogue.questions_of(category.pk) or category.danger_text)
        return [one for one in STEPS if one != "questions" or asks]

    def where(self) -> Where:
        """Return the place as chosen; else as scanned; else the community. Errors: BadInput."""
        chosen = {
            name: as_uuid(self.values.get(name)) for name in ("estate", "building", "entrance")
        }
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
            self.set_place()
            return self.where()

    def form(self, *, bound: bool) -> ReportForm:
        """Return the form over what was typed: bound to be checked, or just filled in."""
        where = self.safe_where()
        questions = {one.code: catalogue.questions_of(one.pk) for one in _categories()}
        facts: dict[str, Any] = {
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
            data: Any = form.data
            data.setlist("kept", list(self.bag.waiting))
        sections = STEPS if page == "all" else (page,)
        shown = [name for one in sections for name in FIELDS[one]]
        if "questions" in sections:
            shown += [one.name for one in form if one.name.startswith("q-")]
        steps = self.steps()
        context = {
            "form": form,
            "page": page,
            "sections": sections,
            "carried": form.carried(shown),
            "step_number": steps.index(page) + 1 if page in steps else 0,
            "step_count": len(steps),
            "is_last": page in ("all", STEPS[-1]),
            "draft": self._draft(form) if page == "all" else "",
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
            **self.bag.offer(form, _("（可不传，最多 4 张）")),
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
            "at": self.start.at,
            "has_account": ground.account_id_of(self.request) is not None,
        }

    def _draft(self, form: ReportForm) -> str:
        """Name the draft on the phone; what the server filled in is newer than any draft."""
        is_newer = self.request.method == "POST" and not form.is_bound
        return "" if is_newer else f"report:{self.start.at}"

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
