"""The page of components: made-up cases and forms that show every part of the design language."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.kernel.forms import FaceSelect, IdempotentForm, PhotosField, TileSelect

PAGES = {
    "parts": ("resident", _("零件")),
    "report": ("resident", _("居民上报")),
    "progress": ("resident", _("居民查进度")),
    "field": ("field", _("网格员")),
    "queue": ("desk", _("工单列表")),
    "case": ("desk", _("工单")),
    "print": ("resident", _("打印")),
}
_TOPICS = [
    ("clean", _("环境卫生"), "trash-2"),
    ("light", _("市政设施"), "lamp-wall-up"),
    ("house", _("物业服务"), "building-2"),
    ("fire", _("消防通道"), "flame"),
    ("park", _("停车秩序"), "car"),
    ("noise", _("噪声扰民"), "volume-2"),
    ("charge", _("充电安全"), "zap"),
    ("near", _("邻里关系"), "users"),
]
_ROWS = [
    (_("3 单元楼道堆物未清理"), _("环境卫生"), "new", _("待受理"), -27, 48, False),
    (_("公共露台使用分歧"), _("邻里关系"), "doing", _("处理中"), -8, 72, False),
    (_("地库出口处长期违停"), _("停车秩序"), "new", _("待受理"), -4, 24, True),
    (_("电动车推入电梯"), _("充电安全"), "doing", _("处理中"), 2, 24, False),
    (_("9 号楼消防通道被占用"), _("消防通道"), "assigned", _("已派单"), 3, 48, True),
    (_("公示栏信息未更新"), _("物业服务"), "rate", _("待评价"), 30, 48, False),
    (_("水表井盖松动"), _("市政设施"), "back", _("退回补充"), 60, 72, False),
    (_("健身器材修好了"), _("市政设施"), "done", _("已办结"), 70, 72, False),
]


class _ReportForm(IdempotentForm):
    topic = forms.ChoiceField(
        label=_("是什么问题？"),
        choices=[(key, word) for key, word, _icon in _TOPICS],
        widget=TileSelect(icons={key: icon for key, _word, icon in _TOPICS}),
    )
    words = forms.CharField(
        label=_("看到了什么？"),
        help_text=_("例如：垃圾桶满了两天没人清，味道很大。也可以用输入法的语音键说话。"),
        max_length=20000,
        widget=forms.Textarea,
        error_messages={"required": _("请简单写一下看到了什么，一两句话就可以。")},
    )
    photos = PhotosField(label=_("照片"))
    phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=11,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    private = forms.BooleanField(
        label=_("不公开我的姓名和电话"),
        help_text=_("只有处理人员能看到"),
        required=False,
        initial=True,
    )


class _RatingForm(IdempotentForm):
    solved = forms.ChoiceField(
        label=_("问题解决了吗？"),
        choices=[("yes", _("解决了")), ("no", _("没有解决"))],
        widget=forms.RadioSelect,
    )
    rating = forms.ChoiceField(
        label=_("办得怎么样？"),
        choices=[("good", _("满意")), ("fair", _("一般")), ("poor", _("不满意"))],
        widget=FaceSelect,
    )


def page(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Return the template and the context of the sample page that `?page=` asks for."""
    name = request.GET.get("page", "parts")
    if name not in PAGES:
        name = "parts"
    door = PAGES[name][0]
    wrong = _ReportForm({"phone": "1000000000012"})
    wrong.is_valid()
    context = {
        "pages": [{"name": key, "label": label} for key, (_door, label) in PAGES.items()],
        "door": door,
        "nav": _nav(door),
        "community_name": _("桐荫社区"),
        "community_phone": "100-0000-0000",
        "seal": "桐",
        "signed_in": door != "resident",
        "actor": SimpleNamespace(name="周敏" if door == "desk" else "吴桂芳"),
        "form": _ReportForm(initial={"topic": "clean"}),
        "wrong": wrong,
        "rating": _RatingForm(),
        **_story(),
    }
    request.post_name = _("受理岗")  # type: ignore[attr-defined]
    return f"kernel/design/{name}.html", context


def _story() -> dict[str, Any]:
    now = clock.now()
    steps = [(_("已提交"), "done"), (_("已派单"), "done"), (_("处理中"), "now"), (_("待评价"), "")]
    photo = {"url": "#", "thumb": "/static/kernel/seal.svg", "alt": _("清理前的垃圾桶")}
    return {
        "now": now,
        "hero": {
            "about": _("您上报的“垃圾桶满溢，异味明显”"),
            "status": _("正在处理"),
            "sentence": _("吴桂芳正在现场清理，预计今天 18:00 前完成。"),
            "steps": [
                {"label": label, "state": state, "extra": index == 1}
                for index, (label, state) in enumerate(steps)
            ],
        },
        "entries": [
            {
                "at": now - timedelta(hours=1),
                "what": _("开始处理"),
                "text": _("已联系保洁公司增派一辆清运车，现场正在清理。"),
                "photos": [photo, photo],
            },
            {"at": now - timedelta(hours=25), "what": _("派给第二网格"), "who": "周敏"},
            {"at": now - timedelta(hours=26), "what": _("已受理"), "tone": "inner"},
            {"at": now - timedelta(hours=27), "what": _("您提交了问题")},
        ],
        "rows": [_row(index, now, row) for index, row in enumerate(_ROWS)],
        "pager": SimpleNamespace(
            number=2, has_previous=True, has_next=True, previous_page_number=1, next_page_number=3
        ),
        "map_data": {
            "areas": [_area(_("第一网格"), 0.0, 1), _area(_("第二网格"), 0.004, 3)],
            "points": [
                {"lat": 34.6015, "lng": 113.602, "name": _("7 号楼东侧"), "tone": "late"},
                {"lat": 34.602, "lng": 113.606, "name": _("2 号楼门口"), "url": "#"},
            ],
        },
    }


def _row(index: int, now: datetime, sample: tuple[Any, ...]) -> dict[str, Any]:
    title, topic, tone, word, left, span, urgent = sample
    due_at = now + timedelta(hours=left, minutes=7 * index)
    return {
        "id": index,
        "number": f"TY2611{1000 + index}",
        "title": title,
        "topic": topic,
        "tone": tone,
        "word": word,
        "urgent": urgent,
        "start_at": due_at - timedelta(hours=span),
        "due_at": due_at,
        "stopped": tone == "back",
    }


def _area(name: Any, east: float, level: int) -> dict[str, Any]:
    west, south = 113.6 + east, 34.6
    ring = [
        [west, south],
        [west + 0.004, south],
        [west + 0.004, south + 0.003],
        [west, south + 0.003],
    ]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"name": name, "level": level, "shape": shape}


def _nav(door: str) -> list[dict[str, Any]]:
    rails: dict[str, list[tuple[Any, str, Any, int]]] = {
        "desk": [
            (_("工单"), "inbox", "", 6),
            (_("态势"), "chart-column", "", 0),
            (_("网格地图"), "map", "", 0),
            (_("楼栋房屋"), "building-2", _("台账"), 0),
            (_("组织岗位"), "users", _("台账"), 0),
            (_("类别时限"), "settings", _("管理"), 0),
        ],
        "field": [
            (_("今天"), "route", "", 0),
            (_("待办"), "inbox", "", 3),
            (_("上报"), "camera", "", 0),
            (_("台账"), "notebook-pen", "", 0),
            (_("我的"), "user-round", "", 0),
        ],
    }
    return [
        {
            "label": label, "icon": icon, "group": group, "count": count, "url": "#",
            "current": index == 0, "main": icon == "camera",
        }
        for index, (label, icon, group, count) in enumerate(rails.get(door, []))
    ]  # fmt: skip
