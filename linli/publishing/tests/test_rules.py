"""The rules of the board: markup that is only words, findings, headlines, bars, what changed."""

import pytest

from linli.publishing.rules import bars, changes, headline, markup, privacy


def kinds(text):
    return [(one.kind, len(one.lines)) for one in markup.blocks(text)]


def test_lines_become_blocks():
    text = "# 题\n一\n二\n\n三\n- 甲\n- 乙\n- [ ] 证\n□ 照片\n1. 先\n2、再\n\n\n"
    assert kinds(text) == [
        ("heading", 1), ("paragraph", 2), ("paragraph", 1), ("bullets", 2), ("checks", 2),
        ("numbers", 2),
    ]  # fmt: skip
    assert kinds("") == []
    assert kinds("\r\n#没有空格不是标题\r\n") == [("paragraph", 1)]


@pytest.mark.parametrize(
    ("typed", "targets"),
    [
        ("[甲](https://a.cn/x)和[乙](/at/home-1/)", ["https://a.cn/x", "/at/home-1/"]),
        ("[打](tel:0518-12345)", ["tel:0518-12345"]),
        ("见 https://a.cn/x。", ["https://a.cn/x"]),
        ("[坏](javascript:alert(1))", []),
        ("[坏](data:text/html;x)", []),
        ("[坏](//a.cn)", []),
        ("[坏](HTTPS://)", []),
        ("2 栋[没有](地址", []),
    ],
)
def test_links_lead_only_where_it_is_safe(typed, targets):
    parts = markup.parts(typed)
    assert [one.target for one in parts if one.target] == targets
    if not targets:
        assert "".join(one.words for one in parts) == typed


def test_a_text_in_one_line():
    assert markup.plain("## 带什么\n- 证。\n- 照片\n到大厅来") == "带什么；证。照片；到大厅来"


def test_findings_are_laid_beside_the_text():
    text = "吴桂芳来过，电话 13812345678，大厅电话 0518-1234567。"
    found = privacy.findings(text, names=["吴桂芳", ""], allowed=["0518-1234567"])
    assert [(one.found, one.masked) for one in found] == [
        ("吴桂芳", "吴**"), ("13812345678", "138****5678"),
    ]  # fmt: skip
    assert "".join(one.words for one in privacy.stretches(text, found)) == text
    assert privacy.mask(text, found, {"吴桂芳"}).startswith("吴**来过，电话 13812345678")
    assert privacy.mask(text, found, set()) == text


def test_a_headline_says_what_and_not_who():
    assert headline.of("我叫李**，楼道口的垃圾桶满了，很臭。") == "楼道口的垃圾桶满了"
    assert headline.of("有人，在三楼堆纸箱，晚上危险。") == "有人，在三楼堆纸箱"
    assert headline.of("李**") == ""
    assert len(headline.of("长" * 99)) == 40


def test_bars_stand_on_the_floor_and_under_the_top():
    drawn = bars.chart([("1", 0, 3), ("2", 17, 5)])
    assert drawn.top == 20
    for one in drawn.pairs:
        for bar in (one.left, one.right):
            assert bar.y + bar.height == pytest.approx(bars.FLOOR, abs=0.2)
            assert 0 <= bar.x <= bar.x + bar.width <= bars.WIDTH
    assert bars.chart([]).pairs == ()
    assert [bars.rounded(n) for n in (1, 3, 10, 11, 70, 101)] == [1, 4, 10, 20, 100, 200]


def test_what_changed_is_told_line_by_line():
    told = changes.changes({"text": "一\n二"}, {"title": "", "text": "一\n三"})
    assert [(one.kind, one.words) for one in told["text"]] == [
        ("same", "一"), ("gone", "二"), ("new", "三"),
    ]  # fmt: skip
    assert "title" not in told
