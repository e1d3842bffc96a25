"""A pasted chat is split by speaker and time, whatever it was copied from."""

from datetime import datetime

import pytest

from linli.cases.rules import chat, matters
from linli.kernel.clock import BEIJING

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=BEIJING)  # a Friday


def said(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.text) for one in chat.split(text, NOW)]


@pytest.mark.parametrize(
    "text",
    [
        "张三 2026-11-20 08:31\n楼道灯坏了\n李四 2026-11-20 08:32\n我家也是\n",
        "2026/11/20 8:31:05 张三\n楼道灯坏了\n\n2026/11/20 8:32:10 李四\n我家也是",
        "张三:\n楼道灯坏了\n\n李四:\n我家也是",
        "张三: 楼道灯坏了\n李四: 我家也是",
        "———— 2026-11-20 ————\n\n张三  08:31\n\n楼道灯坏了\n\n李四  08:32\n\n我家也是",
        "张三  昨天 20:15\n楼道灯坏了\n李四 上午 8:32\n我家也是",
        "张三：楼道灯坏了\r\n李四：我家也是\r\n",
        "张三:\n楼道灯坏了\n李四:\n我家也是\n",
        "张三 11月20日 上午8:31\n楼道灯坏了\n李四 11月20日 下午3:05\n我家也是",
        "2026-11-20 8:31:05 张三(100000001)\n楼道灯坏了\n"
        "2026-11-20 8:32:05 【管理员】李四<li@example.com>\n我家也是",
        "消息记录（此消息记录为文本格式）\n\n================\n消息分组:我的群\n================\n消息对象:业主群\n"
        "================\n\n2026-11-20 上午 08:31:05 张三(100000001)\n楼道灯坏了\n\n"
        "2026-11-20 下午 02:32:05 李四(100000002)\n我家也是",
        "微信聊天记录\n\n—————  2026-11-19  —————\n\n张三  20:31\n\n楼道灯坏了\n\n李四  20:32\n\n我家也是",
        "张三@微信 11/20 08:31:05\n楼道灯坏了\n李四 11/20 08:32:00\n我家也是",
        "张三\n11月20日 08:31\n楼道灯坏了\n李四\n11月20日 08:32\n我家也是",
        "张三\n08:31\n楼道灯坏了\n李四\n08:32\n我家也是",
        "张三 星期三 07:00\n楼道灯坏了\n李四 周四 下午 7：05\n我家也是",
        "张三 8:31 PM\n楼道灯坏了\n李四 8:32 am\n我家也是",
        "张三 2026.11.20 08:31\n楼道灯坏了\n李四 2026年11月20日 08:32\n我家也是",
        "[2026-11-20 08:31] 张三: 楼道灯坏了\n[2026-11-20 08:32] 李四：我家也是",
        "2026/11/20 08:31 - 张三: 楼道灯坏了\n2026/11/20 08:32 - 李四: 我家也是",
        "\ufeff张三\u00a02026-11-20\u00a008:31\n楼道灯坏了\n\u200e李四\u2005 08:32\n我家也是",
        "张三 08:31\n@物业小王\u2005楼道灯坏了 @所有人\n李四 08:32\n我家也是",
    ],
)
def test_who_said_what_whatever_it_was_copied_from(text):
    assert said(text) == [("张三", "楼道灯坏了"), ("李四", "我家也是")]


def test_times_are_days_before_now():
    one, two, three = chat.split(
        "张三 昨天 下午 3:05\n灯坏了\n李四 23:10\n还没修\n王五 星期三 07:00\n井盖松了", NOW
    )
    assert one.at == datetime(2026, 11, 19, 15, 5, tzinfo=BEIJING)
    assert two.at == datetime(2026, 11, 19, 23, 10, tzinfo=BEIJING)
    assert three.at == datetime(2026, 11, 18, 7, 0, tzinfo=BEIJING)


def test_colons_in_a_text_make_no_speaker():
    text = "物业小王 2026-11-20 08:31\n停水通知：\n时间：明天 8:30\n地点：3号楼\n电话：10012345678"
    assert [name for name, _text in said(text)] == ["物业小王"]


def test_pictures_faces_recalls_and_quotes():
    text = (
        "3-2-501王姐 2026-11-20 08:31\n[图片]\n垃圾没人清😡😡[捂脸]\n"
        "李四 2026-11-20 08:32\n“李四”撤回了一条消息\n"
        "王五 2026-11-20 08:33\n「3-2-501王姐：垃圾没人清」\n- - - - - - - - - - - - - - -\n两天了\n"
        "赵六 2026-11-20 08:34\n引用 王五 的消息 : 两天了\n我去看看\n"
        "钱七 2026-11-20 08:35\n「群聊的聊天记录」\n"
    )
    one, two, three, four, five = chat.split(text, NOW)
    assert (one.name, one.text, one.pictures) == ("3-2-501王姐", "垃圾没人清", 1)
    assert two.is_system
    assert (three.quoted, three.text) == ("垃圾没人清", "两天了")
    assert (four.quoted, four.text) == ("两天了", "我去看看")
    assert five.text == ""
    assert "😡" in one.raw


def test_a_forwarded_card_is_split_too():
    text = "王五:\n「业主群的聊天记录」\n\n张三:\n3号楼漏水\n\n李四:\n我家也漏"
    assert said(text) == [("王五", ""), ("张三", "3号楼漏水"), ("李四", "我家也漏")]


def test_what_the_program_says_is_nobodys_and_no_word_of_people_is_taken_for_it():
    text = (
        "张三 2026-11-20 08:31\n电梯坏了\n“王五”通过扫描“张三”分享的二维码加入群聊\n"
        "“钱七”邀请“孙八”加入了群聊\n李四领取了你的红包\n视频通话时长 03:12\n张三撤回了一条消息\n"
        "李四 2026-11-20 08:32\n群公告说修好了，电梯还是坏的\n"
        "王五 2026-11-20 08:33\n物业开启了景观灯，吵得睡不着\n"
        '赵六 2026-11-20 08:34\n[语音] 12"\n孙八 2026-11-20 08:35\n[图片: a.jpg(请在附件中查看)]\n'
        "周九 2026-11-20 08:36\n[红包]恭喜发财\n吴十 2026-11-20 08:37\n[转账]已收款\n"
    )
    found = [(name, words) for name, words in said(text) if words]
    assert found == [
        ("张三", "电梯坏了"),
        ("李四", "群公告说修好了，电梯还是坏的"),
        ("王五", "物业开启了景观灯，吵得睡不着"),
    ]
    assert [one.pictures for one in chat.split(text, NOW) if one.name == "孙八"] == [1]


def test_a_forwarded_card_in_the_middle_names_its_own_speakers():
    text = (
        "张三 2026-11-20 08:31\n[聊天记录]\n群聊的聊天记录\n王姐: 3幢漏水\n李哥: [图片]\n"
        "李四 2026-11-20 08:32\n时间: 明天\n我去看看"
    )
    assert said(text) == [
        ("张三", ""),
        ("王姐", "3幢漏水"),
        ("李哥", ""),
        ("李四", "时间: 明天\n我去看看"),
    ]


def test_what_was_copied_twice_is_one_matter():
    day = "张三 2026-11-20 08:31\n3号楼电梯坏了\n李四 2026-11-20 08:32\n+1\n"
    for text in (day + day, "张三: 3号楼电梯坏了好几天\n李四: +1\n" * 2):
        found = matters.gather(
            chat.split(text, NOW), kind_of=lambda _one: "lift", place_of=lambda _one: "3"
        )
        assert [(len(one.messages), one.names) for one in found] == [(2, ["张三", "李四"])]
    # Said again at another time it is another message.
    later = chat.split(day + "张三 2026-11-20 09:31\n3号楼电梯坏了\n", NOW)
    assert [one.is_repeat for one in later] == [False, False, False]


def test_nobody_speaks_in_an_empty_text():
    assert chat.split("  \n\n", NOW) == []
    assert said("就一句话没有名字") == [("", "就一句话没有名字")]
    for broken in ("\ud800"[:0] + "：：：\n:::", "a" * 5000, "张三 99:99\n啊"):
        chat.split(broken, NOW)


def test_messages_of_one_matter_come_together():
    text = (
        "张三 2026-11-20 08:31\n3号楼2单元楼道灯坏了\n"
        "李四 2026-11-20 08:32\n我家也是，黑了两天\n"
        "王五 2026-11-20 08:33\n早上好\n"
        "赵六 2026-11-20 08:40\n南门有人占道摆摊\n"
        "张三 2026-11-20 12:31\n3号楼楼道灯还是坏的，怎么还没人管\n"
        "孙八 2026-11-20 12:32\n收到\n"
        "周九 2026-11-20 12:40\n5号楼楼道灯也坏了\n"
    )
    found = matters.gather(
        chat.split(text, NOW),
        kind_of=lambda one: "light" if "灯" in one.text else "vendor",
        place_of=lambda one: matters.named_in(one.text).building or None,
    )
    assert [(one.kind, one.place, one.names) for one in found] == [
        ("light", "3", ["张三", "李四"]),
        ("vendor", None, ["赵六"]),
        ("light", "5", ["周九"]),
    ]
    assert "张三" not in found[0].text


@pytest.mark.parametrize(
    ("text", "building", "entrance"),
    [
        ("3号楼2单元", "3", "2"), ("三栋一单元灯坏了", "3", "1"), ("我是3-2-501", "3", "2"),
        ("十二幢", "12", ""), ("二十三号楼", "23", ""), ("手机100-1234-5678", "", ""), ("下水道堵", "", ""),
    ],
)  # fmt: skip
def test_buildings_are_named_in_many_ways(text, building, entrance):
    assert matters.named_in(text) == matters.Named(building, entrance)
