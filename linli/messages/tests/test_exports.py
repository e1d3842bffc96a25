"""The log of what was sent leaves as a file: what the page shows, masked as there."""

import csv
import io

import pytest
from django.urls import reverse

from linli.kernel import clock, runs
from linli.kernel.errors import BadInput, NotAllowed
from linli.kernel.models import Run
from linli.messages.models import Delivery
from linli.messages.services import exporting
from linli.messages.tests.makers import MORNING, make_contact, manager, tell_one
from linli.people.tests.makers import sign_in

PHONE = "10000000009"


@pytest.fixture
def told(in_home):
    for number in range(3):
        tell_one(contact_id=make_contact(PHONE), key=f"a{number}", now=MORNING)
    assert Delivery.objects.count() == 3
    return in_home


def export(actor, **asked) -> Run:
    usual = {"state": "", "channel": "", "subject_id": None, "file_format": "csv", "key": "a"}
    run = exporting.start_export(**usual | asked, actor=actor, now=clock.now())
    return runs.carry_here(run, clock.now(), lambda: None)


def rows_of(run, actor) -> list[dict]:
    _run, file = runs.open_result(run_id=run.pk, actor=actor, now=clock.now())
    with file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))


def test_the_log_comes_masked_and_filtered(told, monkeypatch):
    monkeypatch.setattr(exporting, "HELPING", 2)
    actor = manager(account_id=make_contact())
    run = export(actor)
    assert (run.state, run.done_count, run.total_count) == ("done", 3, 3)
    rows = rows_of(run, actor)
    assert len(rows) == 3
    assert {row["地址"] for row in rows} == {"100****0009"}
    assert PHONE not in str(rows)
    none = export(actor, state="failed", key="b")
    assert rows_of(none, actor) == []


def test_only_who_manages_messages_may_and_only_in_known_kinds(told, cast):
    with pytest.raises(NotAllowed):
        export(cast.lin)
    with pytest.raises(BadInput):
        export(manager(), file_format="exe")


def test_the_log_page_starts_it_and_a_wrong_kind_is_refused(cast):
    lead = sign_in(cast.lead.account_id, cast.home.pk)
    address = reverse("messages:export") + "?state=sent"
    answer = lead.post(address, {"file_format": "xlsx", "key": "one"})
    assert answer["Location"] == runs.url_of(Run.objects.get())
    assert (
        lead.post(address, {"file_format": "xlsx", "key": "one"})["Location"] == answer["Location"]
    )
    assert lead.post(address, {"file_format": "exe"}).status_code == 422
