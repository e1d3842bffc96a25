"""A resident says what is wrong; place, photos and words survive every turn of the form.

Every page of it is one form that carries the rest as hidden inputs, so that all of it works without
scripts. `go` says which button was pressed, `page` from which page.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.forms.resident import CONSENT_VERSION, ReportForm, as_uuid
from linli.cases.selectors import Source, mine, surroundings
from linli.cases.services import following, intake, stash
from linli.cases.views import resident_ground as ground
from linli.cases.views.resident_pages import FIELDS, STEPS, Pages, Start, start_at
from linli.kernel import clock
from linli.kernel.errors import Conflict, NotFound
from linli.kernel.failures import as_refusal
from linli.kernel.ids import new_id
from linli.kernel.web import public
from linli.places import selectors as places


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


def _answer(request: Any, start: Start) -> HttpResponse:
    request.community = start.community
    turn = Turn(request, start)
    answer = turn.post() if request.method == "POST" else turn.get()
    return ground.with_device(request, answer)


class Turn(Pages):
    """One turn of filling a report in: what was pressed, and what that leads to."""

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
            self.set_place(**{name: self.values.get(name, "") for name in names})
            return self.show(self.values.get("page", "all"))
        if go in ("estate", "building", "entrance"):
            parts = ("estate", "building", "entrance")
            kept = {one: self.values.get(one, "") for one in parts[: parts.index(go)]}
            self.set_place(**kept, **{go: choice})
            if go == "entrance":
                return self.show(self.values.get("page", "all"))
            return self.show_place(go)
        return self.show_place("map" if go == "map" else "")

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
        steps = self.steps()
        at = steps.index(page) + by if page in steps else 0
        return steps[min(max(at, 0), len(steps) - 1)]

    # Sending

    def _send(self, page: str) -> HttpResponse:
        form = self.form(bound=True)
        for words in self.bag.errors:
            form.add_error("photos", words)
        if not form.is_valid():
            return self._show_wrong(form, page)
        if form.must_ask():
            return self.show("all" if page == "all" else "questions")
        near = [] if self.values.get("distinct") else self._nearby(form)
        may_send = bool(near) or ground.may_send(self.request)
        # Sent again after a lost answer: neither the neighbours' cases nor the limit stand in its way.
        if (near or not may_send) and mine.find_by_key(self.key) is None:
            if near:
                return self.show_nearby(near)
            words = ground.too_many_words(self.start.community.phone)
            return self.show(page, status=429, refusal=words)
        return self._report(form, page)

    def _show_wrong(self, form: ReportForm, page: str) -> HttpResponse:
        if page == "all":
            return self.show("all", form=form, status=422)
        for step in self.steps():
            names = FIELDS[step]
            if step == "questions":
                names = tuple(one.name for one in form.asked_of(form.chosen))
            if any(name in form.errors for name in names):
                form.keep_errors(names)
                return self.show(step, form=form, status=422)
        return self.show("all", form=form, status=422)

    def _nearby(self, form: ReportForm) -> list[Any]:
        category = form.categories[form.chosen]
        if category.is_confidential:
            return []
        return surroundings.nearby(where=self.where(), category_id=category.pk, now=clock.now())

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
            except Exception as error:
                refusal = as_refusal(error)
                if refusal is None or refusal.status not in (503, 507):
                    raise
                return self.show(page, status=refusal.status, refusal=refusal.message)
            self.bag.empty()
            return HttpResponseRedirect(
                reverse("cases:receipt", args=[ground.token_of(self.request, case)])
            )
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
        """Say that this form was received with other words: the answer was lost, then it was edited."""
        earlier = mine.find_by_key(self.key)
        self.key = new_id()
        self.values["key"] = str(self.key)
        self.bag = ground.Bag(self.key, fresh=list(self.bag.all))
        return self.show(
            page, status=409, earlier=earlier and ground.token_of(self.request, earlier)
        )

    def _follow(self, case_id: UUID | None) -> HttpResponse:
        if case_id is None:
            raise NotFound(_("这件事已经办完或不在这里了，您可以重新上报。"))
        form = self.form(bound=True)
        form.is_valid()
        phone = form.cleaned_data.get("phone", "")
        if not ground.may_send(self.request):
            words = ground.too_many_words(self.start.community.phone)
            return self.show("all", status=429, refusal=words)
        follower, is_new = following.follow_case(
            case_id=case_id,
            device=ground.device_of(self.request) or new_id().hex,
            phone=phone,
            consent_version=CONSENT_VERSION if phone else "",
            actor=ground.speaker(self.request),
            now=clock.now(),
        )
        stash.drop_stash(self.key)
        if not is_new and phone:
            # Whoever knows a number is not yet whose it is: the link went there by message.
            address = reverse("cases:followed", args=[self.start.at])
            return HttpResponseRedirect(f"{address}?phone=1")
        token = ground.token_of_follower(self.request, follower)
        return HttpResponseRedirect(reverse("cases:following", args=[token]) + "?done=followed")


@public
@require_http_methods(["GET"])
def followed(request: Any, community: str) -> HttpResponse:
    start = start_at(community)
    request.community = start.community
    context = {"at": start.at, "has_phone": "phone" in request.GET, "draft": f"report:{start.at}"}
    return render(request, "cases/resident_followed.html", context)
