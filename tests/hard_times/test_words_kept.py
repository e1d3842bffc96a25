"""What somebody typed comes back on the page, whatever kept it from being written."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from linli.cases.models import Case, Entry
from linli.cases.services import following, handling, sampling, telling
from linli.cases.tests.makers import MONDAY, make_case, make_neighbourhood, make_post, make_staff
from linli.cases.tests.test_field_report import picture
from linli.cases.tests.test_followups import WEEK_ON, closed
from linli.kernel import clock, events
from linli.kernel.actor import reporter
from linli.kernel.ids import new_id
from linli.people.tests.makers import sign_in
from tests.gates.town import EVERYTHING

WORDS = "东门的路灯第三次不亮了"
FULL = (OperationalError("database or disk is full"), 507, "磁盘满了")
BUSY = (OperationalError("database is locked"), 503, "同时写入的人太多")
DEADLOCK = (OperationalError("deadlock detected"), 503, "同时写入的人太多")


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    world = make_neighbourhood()
    keeper = make_staff("高青", make_post("lead", world.community, EVERYTHING, code="keeper"))
    worker = make_staff("安", make_post("grid_worker", world.grid, EVERYTHING, code="worker"))
    return SimpleNamespace(**vars(world), keeper=keeper, worker=worker)


Sent = tuple[Client, str, dict[str, Any]]


def staff(actor: Any) -> Client:
    return sign_in(actor.account_id, actor.tenant_id)


def action(name: str, door: str = "desk", **facts: Any) -> Callable[[SimpleNamespace], Sent]:
    def prepare(world: SimpleNamespace) -> Sent:
        case = make_case(world, at=clock.now())
        return staff(world.keeper), f"/{door}/cases/{case.pk}/{name}/", {"text": WORDS} | facts

    return prepare


def own(part: str, **facts: Any) -> Callable[[SimpleNamespace], Sent]:
    def prepare(world: SimpleNamespace) -> Sent:
        case = make_case(world, at=clock.now())
        if part == "rating":
            handling.resolve_case(
                case_id=case.pk, text="好了。", actor=world.keeper, now=clock.now()
            )
        return Client(), f"/c/{telling.token_of(case)}/{part}/", facts

    return prepare


def follower(part: str, **facts: Any) -> Callable[[SimpleNamespace], Sent]:
    def prepare(world: SimpleNamespace) -> Sent:
        client, _path, sent = own(part, **facts)(world)
        case = Case.objects.get()
        Case.objects.update(due_at=clock.now(), state="in_hand")
        found, _is_new = following.follow_case(
            case_id=case.pk, device="x", phone="", consent_version="",
            actor=reporter(case.tenant_id), now=clock.now(),
        )  # fmt: skip
        if part == "rating":
            Case.objects.update(state="resolved", resolved_at=clock.now())
        return client, f"/f/{telling.token_of_follower(found)}/{part}/", sent

    return prepare


def report(world: SimpleNamespace) -> Sent:
    path = reverse("cases:report", args=[f"home-{world.community.code}"])
    building = {"estate": str(world.estate.pk), "building": str(world.building.pk)}
    sent = {"category": "rubbish", "text": WORDS, "key": str(new_id()), "go": "new", "page": "all"}
    return Client(), path, sent | building


def snapshot(world: SimpleNamespace) -> Sent:
    world.category.shown_in_snapshot = True
    world.category.save(update_fields=["shown_in_snapshot"])
    path = reverse("cases:snapshot", args=[f"home-{world.community.code}"])
    sent = {"category": "rubbish", "text": WORDS, "spot": "东门外", "key": str(new_id())}
    return Client(), path, sent | {"photos": picture()}


def quick_report(world: SimpleNamespace) -> Sent:
    sent = {"category": str(world.category.pk), "text": WORDS, "key": str(new_id())}
    place = {"place": f"building:{world.building.pk}"}
    return staff(world.worker), "/field/report/", sent | place


def call(world: SimpleNamespace) -> Sent:
    sent = {"source": "phone", "category": "rubbish", "text": WORDS, "key": str(new_id())}
    return staff(world.keeper), "/desk/cases/new/", sent | {"spot": "东门", "looked": "rubbish "}


def follow_up(world: SimpleNamespace) -> Sent:
    closed(world)
    sampling.draw_week(week_on=WEEK_ON, now=MONDAY)
    path = f"{reverse('cases:followups')}{_only_followup()}/answers/"
    return staff(world.keeper), path, {"is_solved": "1", "satisfaction": "3", "remarks": WORDS}


def _only_followup() -> Any:
    from linli.cases.models import FollowUp

    return FollowUp.objects.get().pk


def template(world: SimpleNamespace) -> Sent:
    sent = {"title": "路灯", "text": WORDS, "kind": "answer", "order": "10"}
    return staff(world.keeper), reverse("cases:template_new"), sent


def category(world: SimpleNamespace) -> Sent:
    sent = {
        "name": "路灯", "hint": WORDS, "icon": "lamp", "first_level": "grid",
        "service_level_id": str(world.category.service_level_id), "dispatch_mode": "desk",
    }  # fmt: skip
    return staff(world.keeper), reverse("cases:category_new"), sent


FORMS = {
    "note": action("note"),
    "answer": action("answer"),
    "accept": action("accept"),
    "resolve": action("resolve"),
    "resolve in the field": action("resolve", door="field"),
    "decline": action("decline", reason=WORDS, rule="x", alternative="y", review_on="2099-01-01"),
    "escalate": action("escalate"),
    "report": report,
    "snapshot": snapshot,
    "quick report": quick_report,
    "call": call,
    "addition": own("additions", text=WORDS),
    "withdrawal": own("withdrawal", text=WORDS),
    "rating": own("rating", is_solved="yes", satisfaction="3", comment=WORDS),
    "follower's addition": follower("additions", text=WORDS),
    "follower's answer": follower("rating", is_solved="yes", satisfaction="3", comment=WORDS),
    "follow-up": follow_up,
    "template": template,
    "category": category,
}


@pytest.mark.parametrize("trouble", [FULL, BUSY, DEADLOCK], ids=["full", "busy", "deadlock"])
@pytest.mark.parametrize("name", FORMS)
def test_words_come_back_and_nothing_is_written_by_halves(world, monkeypatch, name, trouble):
    client, path, sent = FORMS[name](world)
    error, status, said = trouble
    before = (Case.objects.count(), Entry.objects.count())

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(events, "record", refuse)
    answer = client.post(path, sent)
    page = answer.content.decode()

    assert WORDS in page
    assert said in page
    assert answer.status_code == status
    assert (Case.objects.count(), Entry.objects.count()) == before
