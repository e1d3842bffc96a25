"""One sheet for the wall: one page, whatever it says, and every part of it is heard."""

from linli.kernel.broadsheet import Broadsheet, Item, Number, Part, allotted, broadsheet
from linli.kernel.tests.test_pdf import page_count, words_of


def sheet(items: int, words: str = "楼道堆物清走了") -> Broadsheet:
    parts = tuple(
        Part(heading, tuple(Item(f"{n}{words}", f"小字{n}{words}") for n in range(items)))
        for heading in ("公告", "办好的事", "办不了的事")
    )
    return Broadsheet(
        sender="东城社区",
        title="公开栏",
        days="2026 年 11 月 16 日至 22 日",
        counts=(Number("收到", "48 件"), Number("办结", "44 件"), Number("现在还在办", "5 件")),
        rates=tuple(
            Number(name, "92%", "13 个里 12 个，约 67%–99%", "官方 92%（12 / 13）")
            for name in ("响应率", "解决率", "满意率")
        ),
        parts=parts,
        url="https://linli.example.cn/board/wjq-659004003002/",
        site="linli.example.cn/board/wjq-659004003002/",
        phone="100-0000-0000",
    )


def test_it_is_one_page_with_little_and_with_much_to_say():
    for items, words in ((0, ""), (1, "短"), (9, "很长的一句话" * 60)):
        content = broadsheet(sheet(items, words))
        assert page_count(content) == 1
        assert "扫码看全部" in words_of(content)


def test_every_part_is_heard_before_one_says_more():
    numbers = allotted(sheet(9).parts)
    assert min(numbers) >= 2
    assert max(numbers) - min(numbers) <= 1
    assert allotted(sheet(1).parts) == [1, 1, 1]


def test_the_same_sheet_printed_again_is_the_same():
    assert broadsheet(sheet(3)) == broadsheet(sheet(3))
