"""Charts are sound SVG, say what they are, and hold what they are given, however odd."""

from xml.etree import ElementTree

from linli.kernel import charts
from linli.kernel.charts import Series, Shape


def parsed(svg):
    return ElementTree.fromstring(svg)


def test_a_line_chart_says_what_it_is_and_leaves_gaps():
    svg = charts.line("收到 <和> 办结", ["一", "二", "三"], [
        Series("收到", [1, None, 3]), Series("办结", [None, None, None]),
    ])  # fmt: skip
    root = parsed(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "收到 <和> 办结"
    assert len(root.findall("circle")) == 2  # points that no line reaches


def test_a_chart_of_nothing_is_drawn():
    parsed(charts.line("空", [], [Series("收到", [])]))
    parsed(charts.line("一天", ["今天"], [Series("收到", [12_345])]))
    parsed(charts.spark("空", []))
    parsed(charts.spark("走势", [0, 5, None, 2]))


def test_an_axis_ends_at_a_round_number():
    assert ">400<" in charts.line("x", ["a"], [Series("x", [399])])
    assert ">4<" in charts.line("x", ["a"], [Series("x", [0])])
    parsed(charts.line("x", ["a"], [Series("x", [10.0**12])]))


def test_a_meter_stays_in_its_frame():
    assert 'width="100.0"' in charts.meter(1.7, 0.9, is_late=True)
    assert 'width="0.0"' in charts.meter(-1)
    assert 'x="99.0"' in charts.meter(0.5, 1.0)


def test_a_map_with_links_is_a_group_of_them():
    shapes = [
        Shape("一<网格", "M0 0L1 1Z", 1, 2, 9, note="3 件", url="/a/?b=1&c=2"),
        Shape("二网格", "M0 0L1 1Z", 1, 2, -1, is_hot=True),
    ]
    root = parsed(charts.shaded_map("地图", "0 0 100 50", shapes))
    assert root.attrib["role"] == "group"
    assert root.find("a").attrib["aria-label"] == "一<网格 3 件"
    assert "area--hot" in root.findall("path")[0].attrib["class"]
    assert parsed(charts.shaded_map("地图", "0 0 9 9", shapes[1:])).attrib["role"] == "img"


def test_more_is_darker():
    assert [charts.shade_of(value, 8) for value in (0, 1, 4, 8)] == [0, 1, 2, 4]
    assert charts.shade_of(3, 0) == 0
