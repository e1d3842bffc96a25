"""The desk's pages: every action by its page, the queue, and that nobody else gets in anywhere."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.cases.models import AnswerTemplate, BulkAction, Case
from linli.cases.tests import scenes
from linli.cases.tests.makers import (
    make_case,
    make_category,
    make_neighbourhood,
)
from linli.cases.tests.scenes import SCENES, assigned, in_hand, reported
from linli.cases.views.actions import ACTIONS
from linli.kernel import clock
from linli.kernel.models import EventRow
from linli.people.tests.makers import sign_in

DAY = timedelta(days=1)


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def text_of(response) -> str:
    return response.content.decode()


def test_every_action_has_its_scene():
    assert set(SCENES) == set(ACTIONS)


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_is_done_by_its_page_at_either_door(world, name):
    before, who, sent, after = SCENES[name]
    person = browser(getattr(world, who))
    for door in ("desk", "field"):
        case = before(world)
        page = f"/{door}/cases/{case.pk}/"

        # A long form stands a page turn away, and comes with that turn.
        offered = text_of(person.get(f"{page}?act={name}" if ACTIONS[name].is_apart else page))
        facts = sent(world) | {"version": case.version}
        answer = person.post(f"{page}{name}/", facts, follow=True)

        assert f'action="{page}{name}/"' in offered
        assert str(ACTIONS[name].done) in text_of(answer)
        assert Case.objects.get(pk=case.pk).state == after


@pytest.mark.parametrize(
    ("before", "who", "stands_out"),
    [
        (reported, "desk", ["受理"]),
        (scenes.returned, "lead", ["裁定"]),
        (in_hand, "desk", []),
        (in_hand, "lin", ["办结"]),
        (scenes.suspended, "desk", ["恢复办理"]),
        (scenes.asked, "lead", ["审批挂起"]),
    ],
)
def test_of_all_that_may_be_done_the_next_thing_alone_stands_out(world, before, who, stands_out):
    page = browser(getattr(world, who)).get(f"/desk/cases/{before(world).pk}/")
    doings = text_of(page).partition('class="doings"')[2].partition("</section>")[0]
    # A form's own button stands inside it, and is seen once it is open.
    marked = r'"btn btn--primary">(?:<svg.*?</svg>)(.*?)<'
    assert re.findall(marked, doings) == stands_out


@pytest.mark.parametrize("name", [one for one in ACTIONS if len(ACTIONS[one].form().fields) > 1])
def test_what_is_missing_comes_back_with_what_was_typed(world, name):
    before, who, sent, _after = SCENES[name]
    case = before(world)
    typed = {key: value for key, value in sent(world).items() if key in ("rule", "note")}

    answer = browser(getattr(world, who)).post(f"/desk/cases/{case.pk}/{name}/", typed)

    # A first word to the reporter may be left out: that alone is a whole form.
    if name == "accept":
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    for value in typed.values():
        assert str(value) in text_of(answer)
    assert Case.objects.get(pk=case.pk).version == case.version


def test_whoever_handles_may_not_dispatch_by_any_address(world):
    case = assigned(world)
    worker = browser(world.lin)

    for name in ("accept", "assign", "decline", "merge", "correct", "revoke", "supervise"):
        answer = worker.post(f"/desk/cases/{case.pk}/{name}/", SCENES[name][2](world))
        assert answer.status_code == 404, name
    assert Case.objects.get(pk=case.pk).version == case.version


def test_an_action_that_nobody_knows_is_nowhere(world):
    assert browser(world.desk).post(f"/desk/cases/{reported(world).pk}/burn/").status_code == 404


def test_a_confidential_case_is_absent_for_the_desk_at_both_doors(world):
    secret = make_category("mediation", "邻里调解", is_confidential=True)
    case = make_case(world, at=clock.now(), category_id=secret.pk)
    clerk = browser(world.desk)

    for path in (f"/desk/cases/{case.pk}/", f"/field/cases/{case.pk}/"):
        assert clerk.get(path).status_code == 404
        assert clerk.post(f"{path}note/", {"text": "好奇"}).status_code == 404
    assert case.title not in text_of(clerk.get("/desk/cases/?tab=all"))


def test_the_queue_narrows_by_its_address_and_survives_nonsense(world):
    case = reported(world)
    clerk = browser(world.desk)

    assert case.title in text_of(clerk.get("/desk/cases/"))
    assert case.title in text_of(clerk.get(f"/desk/cases/?category={world.category.pk}"))
    assert case.title not in text_of(clerk.get("/desk/cases/?tab=closed"))
    assert case.title not in text_of(clerk.get("/desk/cases/?to=me"))
    for nonsense in (
        "tab=x",
        "after=~",
        "after=2026~1",
        "category=1",
        "to=post:1",
        "q=%00%ff",
        "page=-1",
        "mark=x&due=x&source=x",
        "source=%00",
    ):
        answer = clerk.get(f"/desk/cases/?{nonsense}")
        assert answer.status_code == 200, nonsense
    assert case.title in text_of(answer)  # a word that is none filters nothing


def test_many_are_assigned_at_once_and_undone_from_the_same_page(world):
    cases = [reported(world), reported(world)]
    clerk = browser(world.desk)
    chosen = {
        "case": [str(one.pk) for one in cases],
        "target": f"post:{world.grid_post.pk}",
        "next": "/desk/cases/?tab=reported",
    }

    done = clerk.post("/desk/cases/assignments/", chosen)
    assert f"2 件已派给{world.grid_post.name}" in text_of(done)
    assert "/desk/cases/?tab=reported" in text_of(done)
    undo = BulkAction.objects.get()
    undone = clerk.post(f"/desk/cases/actions/{undo.pk}/undo/")

    assert "已撤销 2 件" in text_of(undone)
    assert set(Case.objects.values_list("state", flat=True)) == {"reported"}


def test_a_bulk_page_leads_nowhere_else(world):
    answer = browser(world.desk).post(
        "/desk/cases/acceptances/", {"next": "https://elsewhere.example/"}
    )

    assert "elsewhere" not in text_of(answer)


def test_a_reveal_is_kept_with_its_purpose(world):
    case = reported(world)

    shown = text_of(
        browser(world.desk).post(f"/desk/cases/{case.pk}/contact/", {"purpose": "verify"})
    )

    assert "10012345678" in shown
    assert EventRow.objects.filter(name="people.contact.revealed").count() == 1


def test_a_word_that_is_ready_fills_the_form(world):
    case = in_hand(world)
    ready = AnswerTemplate.objects.create(
        title="已清运", text="已清运干净，并加了一个桶。", kind="result"
    )

    page = text_of(browser(world.lin).get(f"/desk/cases/{case.pk}/?act=resolve&use={ready.pk}"))

    assert page.count("已清运干净，并加了一个桶。") >= 2


def test_whoever_has_a_case_in_hand_never_sees_the_reporters_secret_link(world):
    case = in_hand(world)
    address = f"/desk/cases/{case.pk}/"

    assert "/receipt/" not in text_of(browser(world.lin).get(address))
    page = text_of(browser(world.desk).get(address))
    assert "/receipt/" in page
    # On a phone too: what it is about, what may be done, what has been done.
    problem, doing, record = (
        page.index(f"<h2>{one}</h2>") for one in ("反映的问题", "办理", "处理记录")
    )
    assert problem < doing < record
