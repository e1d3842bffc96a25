"""Through the API: lists as files, old mailboxes, group chats, questions under names, samples."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.cases.models import Case, ChatPaste
from linli.cases.tests.makers import make_case
from linli.cases.tests.test_api import CASES, program, send, world
from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock, runs
from linli.kernel.models import Run
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of

__all__ = ["program", "world"]
API = "/api/v1"


def carried(answer):
    """Carry the run that an answer names, as the worker does; return its address."""
    assert answer.status_code == 202, answer.content
    run = Run.objects.get(pk=answer.json()["id"])
    runs.carry_here(run, clock.now(), lambda: None)
    return f"{API}/runs/{run.pk}"


@pytest.fixture
def office(world):
    """A key of somebody who sets up the community's work."""
    (post_id,) = world.lead.post_ids
    duties = ("cases.configure", "cases.view", "cases.follow_up", "cases.approve")
    for duty in duties:
        PostDuty.objects.get_or_create(post_id=post_id, duty=duty)
    lead = actor_of(world.lead.account_id, clock.now())
    return Program(make_key(lead, world.community, duties).text)


def test_a_list_leaves_as_a_run_whose_file_is_for_its_key_alone(world, program, office):
    case = make_case(world)
    asked = {"filter": {"tab": "all"}, "file_format": "csv"}
    first = send(program, f"{CASES}/exports", **asked, headers={"Idempotency-Key": "a"})
    again = send(program, f"{CASES}/exports", **asked, headers={"Idempotency-Key": "a"})
    assert again.json()["id"] == first.json()["id"]
    address = carried(first)
    run = program.get(address).json()
    assert (run["state"], run["error_count"], run["finished_at"] is None) == ("done", 0, False)
    file = program.get(f"{address}/result")
    assert case.number in b"".join(file.streaming_content).decode("utf-8-sig")
    assert [one["id"] for one in program.get(f"{API}/runs").json()["items"]] == [run["id"]]
    assert office.get(address).status_code == 404
    assert office.get(f"{address}/result").status_code == 404
    assert send(program, f"{address}/cancellation").json()["state"] == "done"
    assert send(office, f"{CASES}/exports", purpose="visit").status_code == 404  # no people.reveal


def test_an_old_mailbox_comes_in_by_upload_check_and_confirmation(world, program, office):
    rows = "留言编号,内容,类别\n1,路灯不亮。,\n2,,\n".encode()
    sent = {"community_id": str(world.community.pk), "source_name": "书记信箱"}
    file = SimpleUploadedFile("旧信箱.csv", rows)
    made = program.post(f"{API}/mailboxes", {**sent, "file": file})
    assert made.status_code == 201, made.content
    one = f"{API}/mailboxes/{made.json()['id']}"
    columns = made.json()["columns"]
    assert columns["text"] == 1
    check = send(program, f"{one}/check", columns=columns, category=world.category.code)
    errors = program.get(f"{carried(check)}/errors").json()
    assert [error["row"] for error in errors] == [3]
    assert program.get(one).json()["found"]["new"] == 1
    carried(send(program, f"{one}/import"))
    assert Case.objects.filter(source="import").count() == 1
    assert program.delete(one).status_code == 409  # it is in
    other = program.post(
        f"{API}/mailboxes", {**sent, "file": SimpleUploadedFile("b.csv", rows)}
    ).json()
    assert program.delete(f"{API}/mailboxes/{other['id']}").status_code == 204
    assert office.get(one).status_code == 404  # may not enter
    wrong = program.post(f"{API}/mailboxes", {**sent, "file": SimpleUploadedFile("c.xlsx", b"no")})
    assert wrong.status_code == 422


def test_a_pasted_chat_becomes_cases_once(world, program, office):
    text = "王琴  09:12\n3 号楼门口垃圾没人收\n李强  09:14\n收到"
    made = send(program, f"{API}/chats", community_id=str(world.community.pk),
                group_name="东城业主群", text=text)  # fmt: skip
    assert made.status_code == 201, made.content
    one = f"{API}/chats/{made.json()['id']}"
    runs.carry_here(Run.objects.get(pk=made.json()["run_id"]), clock.now(), lambda: None)
    assert program.get(one).json()["state"] == "ready"
    matters = program.get(f"{one}/matters").json()
    assert matters
    assert "王琴" not in str(matters[0]["names"])
    pick = {"matter_id": matters[0]["id"], "category": world.category.code}
    done = send(program, f"{one}/cases", picks=[pick]).json()
    assert (len(done["made"]), done["refused"]) == (1, [])
    assert send(program, f"{one}/cases", picks=[pick]).json()["made"] == []
    assert program.delete(one).status_code == 409
    assert office.get(one).status_code == 404
    assert ChatPaste.objects.count() == len(program.get(f"{API}/chats").json()) == 1


def test_a_program_keeps_questions_of_its_own(world, program, office):
    wanted = {"tab": "open", "mark": "urgent", "category": world.category.code,
              "community_id": str(world.community.pk)}  # fmt: skip
    kept = send(program, f"{API}/filters", "put", name="加急", filter=wanted)
    (one,) = kept.json()
    assert one["filter"] == {"order": "due", **wanted}
    assert program.get(CASES, one["filter"]).status_code == 200
    assert office.get(f"{API}/filters").json() == []
    assert office.delete(f"{API}/filters/{one['id']}").status_code == 404
    assert program.delete(f"{API}/filters/{one['id']}").status_code == 204


def test_shares_numbers_and_the_record_of_suggestions_are_set_and_read(world, office, program):
    set_ = send(office, f"{API}/followup-shares", "put", category=world.category.code, percent=50)
    assert set_.json()["percent"] == 50, set_.content
    (share,) = office.get(f"{API}/followup-shares").json()
    assert office.delete(f"{API}/followup-shares/{share['id']}").status_code == 204
    assert office.get(f"{API}/followup-samples").json() == []
    changed = send(office, f"{API}/case-settings", "put", silence_days=9)
    assert changed.json()["silence_days"] == 9
    assert send(office, f"{API}/case-settings", "put", silence_days=900).status_code == 422
    assert office.get(f"{API}/judgement").json()["whole"]["said"] == 0
    assert send(office, f"{API}/judgement/learning").status_code == 422  # too little said yet
    place = f"{API}/categories/{world.category.pk}/place"
    assert send(office, place, "put", is_up=True).status_code == 200
    for address in ("case-settings", "judgement", "followup-samples"):
        assert program.get(f"{API}/{address}").status_code == 404, address


def test_what_does_not_count_is_listed_with_both_names(world, program, office):
    case = make_case(world)
    send(program, f"{CASES}/{case.pk}/resolution", text="查过了，没有这回事。")
    send(program, f"{CASES}/{case.pk}/exclusion", reason="false", text="没有这回事。")
    (row,) = office.get(f"{API}/exclusions").json()
    assert (row["number"], row["state"], row["decided_by"]) == (case.number, "asked", None)
    assert office.get(f"{API}/exclusions", {"state": "approved"}).json() == []
