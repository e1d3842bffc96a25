"""What the rows of an old mailbox mean: columns, places, categories, and what is wrong in words."""

from types import SimpleNamespace

import pytest

from linli.cases.models import Case
from linli.cases.services import mailbox_columns
from linli.cases.tests.makers import DESK, make_category, make_post, make_staff
from linli.cases.tests.test_mailboxes import (
    EMPTY,
    HEADER,
    OLD,
    OPEN,
    WRONG,
    bring_in,
    check,
    csv,
    prepare,
    world,
)
from linli.kernel import runs
from linli.kernel.errors import DomainError
from linli.people.models import Contact
from linli.places.tests.makers import make_community

__all__ = ["world"]


def test_columns_are_guessed_from_what_old_systems_call_them():
    assert mailbox_columns.guess(HEADER.split(",")) == {
        "own_id": 0, "title": 1, "received_at": 2, "text": 3, "category": 4, "place": 5,
        "name": 6, "phone": 7, "answer": 8, "answered_at": 9,
    }  # fmt: skip
    assert mailbox_columns.guess(["id", "text", "time", "label"]) == {
        "own_id": 0, "text": 1, "received_at": 2, "category": 3,
    }  # fmt: skip
    both = mailbox_columns.guess(["日期", "内容", "答复日期"])
    assert both == {"received_at": 0, "text": 1, "answered_at": 2}
    assert mailbox_columns.guess(["甲", "乙"]) == {}
    assert mailbox_columns.sound({"text": 9, "x": 0, "title": "1", "phone": -1}, 3) == {}


def test_checking_changes_nothing_and_says_row_by_row_what_is_wrong(world):
    kept = prepare(world, csv(OPEN, OLD, WRONG, EMPTY, OPEN))
    run = check(world, kept)
    assert run.state == "done"
    found = {name: kept.found.get(name, 0) for name in ("new", "history", "same", "wrong", "rows")}
    assert found == {"new": 1, "history": 1, "same": 1, "wrong": 2, "rows": 5}
    told = {error.row: error.text for error in runs.errors_of(run)}
    assert told == {4: "收到时间“昨天”不是日期，例如 2024-09-26 14:30。", 5: "没有内容。"}
    assert not Case.objects.exists()
    assert not Contact.objects.exists()


def test_messages_without_numbers_are_known_by_their_content(world):
    header = "时间,内容,电话"
    same = "2024-09-26,门口路灯不亮,10000000077"
    bring_in(world, csv(same, same, header=header))
    with pytest.raises(DomainError):
        bring_in(world, csv(same, header=header))
    assert Case.objects.count() == 1


def test_the_same_number_of_another_mailbox_is_another_message(world):
    bring_in(world, csv(OPEN))
    bring_in(world, csv(OPEN), source_name="市长信箱")
    assert Case.objects.count() == 2


def test_another_communitys_mailbox_of_the_same_name_counts_from_one_too(world):
    other = make_community("天山南路社区", "659004002001")
    post = make_post("desk", other, DESK, name="受理岗")
    bring_in(world, csv(OPEN))
    neighbours = SimpleNamespace(
        community=other, category=world.category, desk=make_staff("邻社区受理岗", post)
    )
    bring_in(neighbours, csv(OPEN.replace("天山花园3栋", "")))
    assert Case.objects.filter(community=world.community).count() == 1
    assert Case.objects.filter(community=other).count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,,2999-01-01,太晚,,,,,,", "还没有到"),
        ("1,,1985-01-01,太早,,,,,,", "太早"),
        (f"1,,2024-01-01,{'长' * 4001},,,,,,", "最多 4,000 字"),
        ("1,,2024-01-01,有,,,,,答,瞎写", "答复时间“瞎写”不是日期"),
    ],
)
def test_what_is_wrong_is_said_in_words(world, row, words):
    kept = prepare(world, csv(row))
    run = check(world, kept)
    assert words in runs.errors_of(run)[0].text


def test_what_is_put_right_is_told_and_counted(world):
    lines = [
        f"1,,2024-01-02,甲,没有的类别,没有的小区{'旁' * 80},,12345,,",
        "2,,2024-01-02,乙,没有的类别,,,,答,2024-01-01",
    ]
    kept = prepare(world, csv(*lines))
    check(world, kept)
    told = dict(kept.found["warnings"])
    assert told["类别“没有的类别”没有对上，归到选定的类别"] == 2
    assert told["电话打不通，没有登记"] == 1
    assert told["地点没有对上小区，只记在具体位置里"] == 1
    assert told["地点太长，只登记前 80 字"] == 1
    assert told["答复时间早于收到时间，按收到时间算"] == 1


def test_a_place_is_found_in_the_words_and_another_community_refused(world):
    header = "内容,小区,社区"
    estate, building = world.estate.name, world.building.name
    lines = [
        f"甲,{estate} {building} 1单元,{world.community.name}",
        f"乙,{estate}门口,{world.community.code}",
        "丙,,没有的社区",
    ]
    _kept, run = bring_in(world, csv(*lines, header=header))
    first, second = Case.objects.order_by("id")
    assert (first.building_id, second.building_id) == (world.building.pk, None)
    assert (first.estate_id, second.estate_id) == (world.estate.pk, world.estate.pk)
    assert first.grid_id == world.grid.pk
    assert "没有的社区" in runs.errors_of(run)[0].text


def test_a_category_of_the_file_is_taken_by_name_or_code(world):
    noise = make_category("noise", "噪声扰民")
    header = "内容,类别"
    bring_in(world, csv("甲,噪声扰民", "乙,noise", "丙,", header=header))
    kinds = list(Case.objects.order_by("id").values_list("category_id", flat=True))
    assert kinds == [noise.pk, noise.pk, world.category.pk]
