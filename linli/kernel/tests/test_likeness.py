"""Two reports of one thing are alike; the same words about another place are not one."""

import pytest

from linli.kernel.likeness import LIKELY, Known, Words, numbers_in, places_in

LAMP = Words("楼道灯不亮", "锦绣小区3号楼2单元的楼道灯不亮，已经三天了，老人上下楼看不见。")
AGAIN = Words("楼道灯还是不亮", "锦绣小区3号楼2单元楼道灯不亮，三天了没人修，老人上下楼看不见路。")
OTHER_BUILDING = Words(
    "楼道灯不亮", "锦绣小区5号楼2单元的楼道灯不亮，已经三天了，老人上下楼看不见。"
)
TRASH = Words("垃圾桶满了", "锦绣小区东门口的垃圾桶满了两天，没有人清，味道很大。")


def test_another_report_of_the_same_is_nearest():
    known = Known()
    known.add("lamp", LAMP)
    known.add("trash", TRASH)
    (best, likeness), *rest = known.nearest(AGAIN)
    assert best == "lamp"
    assert LIKELY < likeness <= 1.0
    assert all(other < likeness for _key, other in rest)
    assert known.nearest(Words("", "")) == []
    assert Known().nearest(LAMP) == []


def test_a_report_is_wholly_like_itself():
    known = Known()
    assert known.likeness(LAMP, LAMP) == pytest.approx(1.0)
    assert known.likeness(LAMP, Words("", "")) == 0.0
    assert known.likeness(LAMP, AGAIN) == pytest.approx(known.likeness(AGAIN, LAMP))


def test_the_same_words_about_another_building_speak_of_elsewhere():
    assert Known().likeness(LAMP, OTHER_BUILDING) > 0.9
    assert LAMP.speaks_of_elsewhere(OTHER_BUILDING)
    assert not LAMP.speaks_of_elsewhere(AGAIN)
    assert LAMP.names_a_place_of(OTHER_BUILDING)  # the estate is the same


@pytest.mark.parametrize(
    ("a", "b", "is_elsewhere"),
    [
        ("青禾学院强制实习", "白鹭职业学校强制实习", True),
        ("滨湖路飙车扰民", "东六路飙车扰民", True),
        ("青禾学院强制实习", "市青禾学院强制学生实习", False),
        ("楼道灯不亮", "白鹭小区楼道灯不亮", False),
        ("三单元漏水", "3单元漏水", False),
        ("十栋漏水", "11栋漏水", True),
    ],
)
def test_titles_that_name_two_places_of_a_kind_are_of_two_places(a, b, is_elsewhere):
    assert Words(a, "").speaks_of_elsewhere(Words(b, "")) is is_elsewhere
    assert Words(b, "").speaks_of_elsewhere(Words(a, "")) is is_elsewhere


def test_places_and_numbers_are_read_from_words():
    assert numbers_in("03栋二单元和5号楼") == {"号楼": {"3", "5"}, "单元": {"2"}}
    assert numbers_in("没有数字") == {}
    assert "estate" in places_in("锦绣小区的灯")
    assert places_in("灯坏了") == {}


def test_what_everybody_writes_weighs_little():
    known = Known()
    for number in range(30):
        known.add(
            number,
            Words("请尽快处理", f"请尽快处理，谢谢领导，事项{number}甲乙丙丁"[: 14 + number % 3]),
        )
    plea = Words("请尽快处理", "请尽快处理，谢谢领导")
    both = known.likeness(Words("井盖松动", "井盖松动，请尽快处理"), Words("井盖松动", "谢谢领导"))
    assert known.likeness(plea, Words("井盖松动", "请尽快处理，谢谢领导")) < both


def test_a_very_long_report_is_cut_and_still_compared():
    assert Known().likeness(Words("灯", "灯坏了" * 50_000), Words("灯", "灯坏了" * 10)) > 0.8
