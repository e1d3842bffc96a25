"""Every figure once: what it is called, how it is worked out, in words and in measures.

A figure's words are what pages, exports and the public board show; its sums are what they count.
`VERSION` rises when either changes, so that a report that was issued says by which it was made.
"""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from linli.indicators.rules.figures import Figure, Unit

VERSION: Final = 1


def _count(code: str, name: Any, words: Any, *, better: int = 0, is_now: bool = False) -> Figure:
    return Figure(
        code=code,
        name=name,
        unit=Unit.CASES,
        words=words,
        part=(code,),
        better=better,
        is_now=is_now,
    )


FIGURES: Final = (
    _count(
        "received",
        _("收到"),
        _("这段时间里反映进来的全部诉求，不管从哪个入口来；并案、撤回、不予受理的也算在内。"),
    ),
    _count(
        "resolved",
        _("办结"),
        _("这段时间里处理人报告办好的诉求，按办结的那一天算；重办的按最后一次办结算。"),
    ),
    _count(
        "closed",
        _("归档"),
        _("这段时间里归档的诉求：反映人评价过，或者过了评价期限没有评价，按归档的那一天算。"),
    ),
    _count(
        "in_hand",
        _("在办"),
        _("此刻还没有办结的诉求：待受理、已受理、已派单、处理中、已挂起，不管什么时候反映的。"),
        is_now=True,
    ),
    _count(
        "overdue",
        _("超时在办"),
        _("此刻还没有办结、并且已经过了答应时间（受理时限或办结时限）的诉求；挂起期间不算超时。"),
        better=-1,
        is_now=True,
    ),
    Figure(
        code="response",
        name=_("响应率"),
        unit=Unit.RATE,
        better=1,
        words=_(
            "在答应的时间内受理或答复的 ÷ 应当答复的。应当答复的，是这段时间收到、"
            "已经答复或者已经过了答复时限的诉求；还没有到时限的，"
            "答复前就并案、撤回的，不算。重办的按最近一次算。"
        ),
        part=("answered",),
        whole=("answer_due",),
        official_part=("official_answered",),
        official_whole=("official_answer_due",),
        source="S5 5.9",
    ),
    Figure(
        code="resolution",
        name=_("解决率"),
        unit=Unit.RATE,
        better=1,
        words=_(
            "反映人说“解决了”的 ÷ 反映人作了评价的，按评价的那一天算，"
            "一件只算最近一次。没有评价的不算进去，所以要看有多少人评价。"
            "“官方”一栏：有回访的以回访为准，经两人确认不计入考核的不算。"
        ),
        part=("solved",),
        whole=("rated",),
        official_part=("official_solved",),
        official_whole=("official_rated",),
        source="S5 5.10",
    ),
    Figure(
        code="satisfaction",
        name=_("满意率"),
        unit=Unit.RATE,
        better=1,
        words=_(
            "反映人评“满意”的 ÷ 反映人作了评价的，按评价的那一天算，"
            "一件只算最近一次。“一般”不算满意，没有评价的不算进去。"
            "“官方”一栏：有回访的以回访为准，经两人确认不计入考核的不算。"
        ),
        part=("satisfied",),
        whole=("rated",),
        official_part=("official_satisfied",),
        official_whole=("official_rated",),
        source="S2 2.15, S5 5.11",
    ),
    Figure(
        code="closing",
        name=_("归档率"),
        unit=Unit.RATE,
        better=1,
        words=_("这段时间收到的诉求里，到现在已经归档的 ÷（收到的 − 并案 − 撤回 − 不予受理）。"),
        part=("finished",),
        whole=("received", "-merged", "-withdrawn", "-declined"),
        source="S5 5.10",
    ),
    Figure(
        code="on_time",
        name=_("按时办结率"),
        unit=Unit.RATE,
        better=1,
        words=_(
            "在最初答应的时间内办结的 ÷（这段时间办结的 + 答应的日子在这段时间里、"
            "到现在还没有办结的）。经批准延期的，也按最初答应的时间算；挂起的时间不算。"
        ),
        part=("in_time",),
        whole=("resolved", "missed"),
        source="S1 1.11, S3 3.4",
    ),
    Figure(
        code="median_days",
        name=_("办结用时"),
        unit=Unit.DAYS,
        better=-1,
        part=(),
        words=_(
            "一半的诉求在这么多天以内办结（中位数），从反映到办结，节假日也算。"
            "按时长分段推算，误差不超过所在的一段。"
        ),
    ),
    _count(
        "reopened",
        _("重办"),
        _("这段时间收到的诉求里，反映人说没有解决或不满意、重办过的。"),
        better=-1,
    ),
    _count(
        "unrated",
        _("未评价"),
        _("这段时间归档的诉求里，反映人没有评价的；过了评价期限自动归档，不算解决，也不算满意。"),
    ),
    _count("rated", _("评价"), _("这段时间里反映人作了评价的诉求，一件只算最近一次。")),
    _count(
        "declined",
        _("不予受理"),
        _("这段时间收到的诉求里，现在是“不予受理”的；每一件都写了理由、依据和替代办法。"),
    ),
    _count(
        "merged",
        _("并案"),
        _("这段时间收到的诉求里，和另一件说的是同一件事、并在一起办的。"),
    ),
    Figure(
        code="me_too",
        name=_("我也遇到"),
        unit=Unit.PEOPLE,
        part=("me_too",),
        words=_("这段时间收到的诉求，有多少人说“我也遇到”。"),
    ),
    _count(
        "excluded",
        _("不计入考核"),
        _("这段时间收到的诉求里，经一人提出、另一人确认，不计入“官方”比率的；原始比率照样算。"),
    ),
)
BY_CODE: Final = {figure.code: figure for figure in FIGURES}
RATES: Final = ("response", "resolution", "satisfaction")
