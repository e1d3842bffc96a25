"""Updates as FixMyStreet speaks them: told step by step, heard from whoever's key may do it."""

import json
from datetime import timedelta

import pytest

from linli.cases.models import Case, Entry, EntryKind
from linli.cases.services import closing, desk, handling
from linli.cases.services.telling import token_of
from linli.cases.tests.makers import HOUR, make_case
from linli.cases.tests.residents import photo
from linli.cases.tests.systems import System, key_of, world
from linli.kernel import clock, ids

__all__ = ["world"]
BOTH = pytest.mark.parametrize("ext", ["json", "xml"])
UPDATES = "servicerequestupdates"
BIN = {
    "service_code": "rubbish",
    "description": "垃圾桶满了两天。",
    "lat": "44.17",
    "long": "87.54",
}


def filed(system: System) -> Case:
    (request,) = system.send("requests", BIN)
    return Case.objects.get(number=request["service_request_id"])


def say(system: System, case: Case, status: str, text: str = "", **more):
    values = {
        "service_request_id": case.number, "update_id": str(ids.new_id()), "status": status,
        "updated_datetime": clock.now().isoformat(), "description": text,
    }  # fmt: skip
    return system.send(UPDATES, values | more)


def state_of(case: Case) -> str:
    case.refresh_from_db()
    return case.state


# Told


@BOTH
def test_each_step_is_told_with_its_state_and_words(world, ext):
    now = clock.now()
    case = make_case(world, at=now - 5 * HOUR)
    desk.assign_case(
        case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now - 4 * HOUR
    )
    handling.take_case(case_id=case.pk, actor=world.lin, now=now - 3 * HOUR)
    handling.add_progress(
        case_id=case.pk, text="已联系清运车。", actor=world.lin, now=now - 2 * HOUR
    )
    desk.note_case(case_id=case.pk, text="内部的话", actor=world.desk, now=now - 2 * HOUR)
    handling.resolve_case(case_id=case.pk, text="清运完毕。", actor=world.lin, now=now - HOUR)
    found = System(world, key_of(world), ext).ask(UPDATES)
    assert [(one["status"], one["description"]) for one in found] == [
        ("action_scheduled", "已派单"),
        ("in_progress", "处理中"),
        ("in_progress", "已联系清运车。"),
        ("fixed", "清运完毕。"),
    ]
    assert {one["service_request_id"] for one in found} == {case.number}
    assert found[-1]["updated_datetime"].endswith("+08:00")
    public = System(world, ext=ext).ask(UPDATES)
    assert [one["status"] for one in public] == [one["status"] for one in found]
    assert "清运" not in json.dumps(public, ensure_ascii=False)


def test_updates_are_asked_by_time_and_by_request(world):
    now = clock.now()
    one, other = make_case(world, at=now - HOUR), make_case(world, at=now - HOUR)
    desk.accept_case(case_id=one.pk, actor=world.desk, now=now - timedelta(minutes=30))
    desk.accept_case(case_id=other.pk, actor=world.desk, now=now - timedelta(minutes=10))
    system = System(world)

    def numbers(**asked):
        return [row["service_request_id"] for row in system.ask(UPDATES, **asked)]

    assert numbers() == [one.number, other.number]
    assert numbers(start_date=(now - timedelta(minutes=20)).isoformat()) == [other.number]
    assert numbers(end_date=(now - timedelta(minutes=20)).isoformat()) == [one.number]
    assert numbers(service_request_id=one.number) == [one.number]
    assert numbers(service_request_id="X1") == []


def test_pages_of_updates_follow_each_other(world):
    now = clock.now()
    cases = [make_case(world, at=now - HOUR) for _number in range(5)]
    for case in cases:
        desk.accept_case(case_id=case.pk, actor=world.desk, now=now)
    system, seen = System(world), []
    system.ask(UPDATES, page_size=2)
    while True:
        page = [one["service_request_id"] for one in json.loads(system.last.content)]
        assert len(page) <= 2
        seen += page
        link = system.last.headers.get("Link")
        if link is None:
            break
        system.last = system.get(link[1:].partition(">")[0])
    assert seen == [case.number for case in cases]


# Heard, from whoever works on it


@BOTH
def test_a_system_that_dispatches_carries_a_request_to_its_end(world, ext):
    system = System(world, key_of(world), ext)
    case = make_case(world)
    say(system, case, "INVESTIGATING", "我们看看。")
    assert state_of(case) == "accepted"
    say(system, case, "IN_PROGRESS", "已派车。")
    assert state_of(case) == "in_hand"
    say(system, case, "OPEN", "还差一车。")
    assert state_of(case) == "in_hand"
    say(system, case, "FIXED", "清完了。", media=photo())
    assert state_of(case) == "resolved"
    assert case.photos.get().stage == "after"
    words = Entry.objects.filter(case=case).order_by("id").values_list("kind", "text")
    assert list(words) == [
        (EntryKind.ANSWER, "我们看看。"),
        (EntryKind.PROGRESS, "已派车。"),
        (EntryKind.PROGRESS, "还差一车。"),
        (EntryKind.RESULT, "清完了。"),
    ]
    assert [one["status"] for one in system.ask(UPDATES)][-1] == "fixed"


def test_an_update_is_heard_once(world):
    system, case = System(world, key_of(world)), make_case(world)
    first = say(system, case, "open", "收到。", update_id="u1")
    assert say(system, case, "open", "收到。", update_id="u1") == first
    assert Entry.objects.count() == 1
    say(system, case, "open", "别的话", update_id="u1")
    assert system.last.status_code == 400
    other = System(world, key_of(world))
    say(other, case, "open", "另一个系统的", update_id="u1")
    assert other.last.status_code == 200


def test_a_system_with_the_case_in_its_organisations_hands_works_on_it(world):
    case = make_case(world)
    desk.assign_case(
        case_id=case.pk,
        organisation_id=world.property_company.pk,
        actor=world.desk,
        now=clock.now(),
    )
    key = key_of(world, "cases.handle", organisation_id=world.property_company.pk)
    system = System(world, key)
    say(system, case, "in_progress", "在路上。")
    assert state_of(case) == "in_hand"
    say(system, case, "not_councils_responsibility", "归环卫所。")
    assert state_of(case) == "accepted"
    assert case.is_in_arbitration
    say(system, case, "fixed", "好了")
    assert system.last.status_code == 404  # it is not in its hands any more


def test_a_duplicate_names_the_other_and_a_refusal_its_rule(world):
    system = System(world, key_of(world))
    one, other, third = make_case(world), make_case(world), make_case(world)
    say(system, one, "duplicate", "同一件")
    assert system.last.status_code == 400
    say(system, one, "duplicate", "同一件", duplicate_of=other.number)
    assert (state_of(one), one.merged_into_id) == ("merged", other.pk)
    say(system, third, "no_further_action", "不归社区管。")
    assert system.last.status_code == 400
    review_on = (clock.now() + timedelta(days=30)).date().isoformat()
    say(system, third, "no_further_action", "不归社区管。", **{
        "attribute[rule]": "某条例第 3 条", "attribute[alternative]": "打 12345",
        "attribute[review_on]": review_on,
    })  # fmt: skip
    assert state_of(third) == "declined"
    (shown,) = system.ask(f"requests/{third.number}")
    assert shown["status_notes"] == "不予受理：不归社区管。"
    assert System(world).ask(f"requests/{third.number}")[0]["status_notes"] == "不予受理"


# Heard, for the reporter


def test_a_system_that_filed_it_speaks_for_the_reporter(world):
    system = System(world, key_of(world, "cases.enter"))
    case = filed(system)
    say(system, case, "open", "又多了一袋。")
    assert case.entries.get().kind == EntryKind.ADDITION
    say(system, case, "cancelled", "自己清掉了")
    assert state_of(case) == "withdrawn"


def test_the_reporters_word_comes_back_through_the_system(world):
    system, now = System(world, key_of(world, "cases.enter")), clock.now()
    case = filed(system)
    handling.resolve_case(case_id=case.pk, text="好了", actor=world.desk, now=now)
    say(system, case, "fixed", "谢谢")
    assert system.last.status_code == 400  # how content they are was not said
    say(system, case, "reopen", "没有清干净")
    assert state_of(case) in ("accepted", "assigned")
    assert case.reopen_count == 1
    handling.resolve_case(case_id=case.pk, text="这回好了", actor=world.desk, now=now)
    say(system, case, "fixed", "谢谢", satisfaction="3")
    assert state_of(case) == "closed"
    assert (case.is_solved, case.satisfaction) == (True, 3)


@pytest.mark.parametrize("status", ["open", "fixed", "in_progress", "cancelled", "reopen"])
def test_a_system_that_neither_filed_nor_handles_it_says_nothing(world, status):
    case = make_case(world)
    looking = System(world, key_of(world, "cases.view", "cases.enter"))
    say(looking, case, status, "x")
    assert looking.last.status_code == 403
    blind = System(world, key_of(world, "cases.enter"))
    say(blind, case, status, "x")
    assert blind.last.status_code == 404
    assert state_of(case) == "reported"


@BOTH
def test_what_is_wrong_with_an_update_is_told(world, ext):
    system, case = System(world, key_of(world), ext), make_case(world)
    errors = system.send(UPDATES, {"description": "x"})
    assert system.last.status_code == 400
    assert len(errors) == 3
    say(system, case, "open")  # accepted, which needs no words
    assert system.last.status_code == 200
    for wrong in ({"status": "flying"}, {"updated_datetime": "soon"}, {"description": ""}):
        say(system, case, **{"status": "open", "text": "x"} | wrong)
        assert system.last.status_code == 400, wrong
    nobody = System(world, ext=ext)
    say(nobody, case, "open", "x")
    assert nobody.last.status_code == 403


def test_what_has_ended_is_not_resolved_again(world):
    system, case = System(world, key_of(world)), make_case(world)
    closing.withdraw_case(token=token_of(case), actor=world.desk, now=clock.now())
    say(system, case, "in_progress", "x")
    assert system.last.status_code == 400
    say(system, case, "fixed", "顺便说一句")
    assert system.last.status_code == 200
    assert state_of(case) == "withdrawn"


def test_a_suspended_case_goes_on_when_work_does(world):
    system, case, now = System(world, key_of(world)), make_case(world), clock.now()
    say(system, case, "investigating", "看过现场", media=photo())
    assert (state_of(case), case.photo_count) == ("accepted", 1)
    handling.ask_suspension(
        case_id=case.pk, reason="等配件", until=now + timedelta(days=3), actor=world.desk, now=now
    )
    handling.decide_suspension(
        case_id=case.pk, is_approved=True, note="", actor=world.lead, now=now
    )
    say(system, case, "in_progress")
    assert state_of(case) in ("accepted", "in_hand")
    say(system, case, "in_progress")
    assert state_of(case) == "in_hand"
    say(system, case, "in_progress")
    assert system.last.status_code == 400  # in hand already, and nothing said


def test_a_word_after_the_end_is_kept_and_changes_nothing(world):
    system, case = System(world, key_of(world)), make_case(world)
    say(system, case, "fixed")
    assert case.entries.get().text == "已办好。"
    say(system, case, "closed", "顺便把旁边的也清了")
    assert state_of(case) == "resolved"
    assert case.entries.count() == 2


def test_a_reporters_word_while_it_is_open_is_an_addition(world):
    system = System(world, key_of(world, "cases.enter"))
    case = filed(system)
    say(system, case, "fixed", "好像好了")
    assert (state_of(case), case.entries.get().kind) == ("reported", EntryKind.ADDITION)
    say(system, case, "open")
    assert system.last.status_code == 400


@pytest.mark.parametrize(
    "wrong", [{"satisfaction": "9"}, {"attribute[review_on]": "soon"}, {"media_url": "x"}]
)
def test_what_goes_with_a_word_is_looked_at_too(world, wrong):
    system, case = System(world, key_of(world)), make_case(world)
    say(system, case, "open", "x", **wrong)
    assert system.last.status_code == 400


def test_a_cursor_that_is_none_is_refused(world):
    system = System(world)
    system.ask(UPDATES, cursor="x")
    assert system.last.status_code == 400
