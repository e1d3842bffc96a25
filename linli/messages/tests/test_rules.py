"""Words, nights and digests, without a database."""

from datetime import datetime, time, timedelta

import pytest

from linli.kernel.clock import BEIJING
from linli.messages import rules
from linli.messages.rules import Line

NIGHT = {"starts_at": time(21), "ends_at": time(8)}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BEIJING)


def test_facts_stand_where_their_names_stood():
    words = "“{title}”已受理。{due} 前给您结果。"
    filled = rules.fill(words, {"title": "楼道灯不亮", "due": "周三 18:00"})
    assert filled == "“楼道灯不亮”已受理。周三 18:00 前给您结果。"


def test_a_sentence_without_its_fact_is_left_out_whole():
    words = "“{title}”没能受理。依据：{rule}。我们 {review_on} 会再看一次。"
    assert rules.fill(words, {"title": "乱停车", "rule": " "}) == "“乱停车”没能受理。"


def test_nothing_is_said_when_no_sentence_can_be():
    assert rules.fill("{due} 前给您结果。", {}) == ""


def test_a_fact_that_looks_like_a_name_stays_as_it_is():
    assert rules.fill("{title}，{link}", {"title": "{link}", "link": "/c/1"}) == "{link}，/c/1"


def test_a_fact_with_a_full_stop_does_not_break_the_sentence():
    assert rules.fill("回复：{answer}。好。", {"answer": "来了。在修"}) == "回复：来了。在修。好。"


def test_long_facts_end_in_an_ellipsis_in_a_text_message():
    assert rules.fill("{answer}", {"answer": "一二三四五六"}, longest=4) == "一二三…"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("{title}，{number}", []),
        ("{titel}", ["{titel}"]),
        ("{title", ["{"]),
        ("}{title}{", ["{", "}"]),
        ("{Title} {标题}", ["{", "}"]),
        ("{title} {due} {who}", ["{due}", "{who}"]),
    ],
)
def test_what_cannot_be_filled_is_found(words, found):
    assert rules.unknown_placeholders(words, {"title", "number"}) == found


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (at(20, 20, 59), at(20, 20, 59)),
        (at(20, 21), at(21, 8)),
        (at(20, 23, 30), at(21, 8)),
        (at(21, 0), at(21, 8)),
        (at(21, 7, 59), at(21, 8)),
        (at(21, 8), at(21, 8)),
    ],
)
def test_the_night_crosses_midnight(moment, leaves):
    assert rules.after_quiet(moment, **NIGHT) == leaves


def test_a_quiet_noon_ends_the_same_day():
    noon = {"starts_at": time(12), "ends_at": time(14, 30)}
    assert rules.after_quiet(at(20, 13), **noon) == at(20, 14, 30)
    assert rules.after_quiet(at(20, 22), **noon) == at(20, 22)


def test_equal_times_are_never_quiet():
    assert rules.after_quiet(at(20, 3), starts_at=time(8), ends_at=time(8)) == at(20, 3)


def test_one_message_a_day_comes_in_the_morning():
    assert rules.next_morning(at(20, 7), at=time(8)) == at(20, 8)
    assert rules.next_morning(at(20, 8), at=time(8)) == at(21, 8)


def test_six_new_cases_become_one_text():
    lines = [
        Line(f"新工单：{what}", "新工单") for what in ("灯", "井盖", "堆物", "漏水", "噪声", "油烟")
    ]
    text = rules.fold(lines, is_reporter=False, link="https://l.cn/field/notices/")
    assert text == (
        "您有 6 件新工单：灯；井盖；堆物；漏水；噪声 等。查看：https://l.cn/field/notices/"
    )


def test_different_news_are_counted_together_and_equal_ones_named_once():
    lines = [Line("催办：灯", "催办"), Line("催办：灯", "催办"), Line("已超时：井盖", "超时")]
    assert (
        rules.fold(lines, is_reporter=False, link="") == "您有 3 条新消息：催办：灯；已超时：井盖。"
    )


def test_a_reporter_hears_of_progress():
    text = rules.fold([Line("已受理：灯", "已受理")] * 2, is_reporter=True, link="/c/x")
    assert text == "您反映的事项有 2 条新进展：已受理：灯。查看：/c/x"


def test_pauses_grow_up_to_an_hour():
    minutes = [rules.pause_after(failures) // timedelta(minutes=1) for failures in range(1, 10)]
    assert minutes == [1, 2, 5, 10, 15, 30, 60, 60, 60]


def test_the_last_link_of_a_text_is_found():
    assert (
        rules.last_link("进展：https://l.cn/c/a.b-c 没解决我们接着办。") == "https://l.cn/c/a.b-c"
    )
    assert rules.last_link("没有链接") == ""
    assert rules.last_link("2/3 号楼的灯修好了。") == ""
    assert rules.last_link("2/3 号楼的灯修好了。查看：/c/a.b-c") == "/c/a.b-c"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("等配件。", "原因：等配件。到时告诉您。"),
        ("等配件", "原因：等配件。到时告诉您。"),
        ("能等吗？", "原因：能等吗？到时告诉您。"),
        ("。", "原因：。到时告诉您。"),
    ],
)
def test_what_somebody_wrote_ends_once_in_a_sentence(reason, said):
    assert rules.fill("原因：{reason}。到时告诉您。", {"reason": reason}) == said
    assert rules.fill("{reason}", {"reason": reason}) == reason
