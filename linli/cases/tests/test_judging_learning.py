"""Staff's words are learnt from, counted, and put into use at once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.cases.models import LearnedModel, Word
from linli.cases.selectors import judged, judging
from linli.cases.services import desk, learning
from linli.cases.services import judging as judging_services
from linli.cases.tests.makers import DAY, HOUR, MONDAY
from linli.cases.tests.test_judging import LAMP, report, with_kinds, work
from linli.kernel import memory, runs
from linli.kernel.errors import BadInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return with_kinds()


def said(world, text, category, count):
    for number in range(count):
        case = report(world, text=f"{text}，第{number}次", category=category)
        judging_services.keep_example(case, code=category.code, word=Word.OTHER, said_at=MONDAY)


def test_too_few_words_are_not_worth_learning(world):
    with pytest.raises(BadInput):
        learning.start_learning(actor=world.lead, now=MONDAY, key="a")
    with pytest.raises(NotAllowed):
        learning.start_learning(actor=world.desk, now=MONDAY, key="a")


def test_what_staff_found_right_is_learnt_and_used_at_once(world, tmp_path, monkeypatch):
    few = tmp_path / "phrases.yaml"
    few.write_text('- 类: [trash]\n  词: [垃圾, 异味, 打扫]\n- 类: ["-"]\n  词: [你好, 晚安]\n')
    monkeypatch.setattr(learning, "PHRASES", few)
    said(world, "灯笼草的事", world.parking, 15)
    said(world, "楼道灯不亮", world.lighting, 10)
    assert judging.suggest("又是灯笼草的事").codes[0][0] != "parking"
    run = learning.start_learning(actor=world.lead, now=MONDAY, key="learn")
    run = runs.carry_here(run, MONDAY, lambda: None)
    assert run.state == runs.RunState.DONE, run.message
    assert judging.suggest("又是灯笼草的事").codes[0][0] == "parking"
    made = LearnedModel.objects.get()
    assert made.example_count == 25
    assert made.figures["examples"] > 25  # few: phrases are asked too
    learning.use_starter(actor=world.lead, now=MONDAY + HOUR)
    assert judging.model_in_use() is None
    with pytest.raises(NotFound):
        learning.use_starter(actor=world.lead, now=MONDAY + HOUR)


def test_a_new_model_takes_the_old_ones_place(world):
    content = judging.STARTER.read_bytes()
    for _turn in range(5):
        learning.put_into_use(content=content, example_count=1, actor=world.lead, now=MONDAY)
    assert LearnedModel.objects.filter(ended_at=None).count() == 1
    assert LearnedModel.objects.filter(content=b"").count() == 1
    assert judging.model_in_use() == LearnedModel.objects.get(ended_at=None).pk
    assert judging.suggest(LAMP).model_id == judging.model_in_use()


def test_the_share_taken_over_counts_what_people_said(world):
    for text, category in (
        (LAMP, world.lighting),
        (LAMP + "。", world.trash),
        ("你好", world.trash),
    ):
        case = report(world, text=text, category=category)
        work()
        desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + HOUR)
    report(world, text="停车太乱", category=world.parking)
    work()
    record = judged.record(world.lead, MONDAY + DAY)
    assert record.whole.said == 3
    assert record.whole.followed == record.whole.agreed
    assert record.lines[0].name == "环境卫生类"
    assert record.example_count == 3
    assert record.figures["macro_f1"] > 0.5
    assert judged.record(world.lead, MONDAY + timedelta(days=200)).whole.share is None
    with pytest.raises(NotAllowed):
        judged.record(world.desk, MONDAY)


def test_a_model_of_a_moment_ago_is_remembered_per_tenant(world):
    memory.forget_all()
    assert judging.suggest(LAMP).model_id is None
