"""What may be sent on the settings pages: categories with questions, promises, numbers, templates."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.selectors import setup
from linli.cases.services.levels import NUMBERS
from linli.kernel.web import Form
from linli.posts import selectors as posts

# The icons that suit a category, in words, by theme; kernel/icons.py has them all.
ICON_WORDS: Final = {
    "trash-2": gettext_lazy("垃圾"), "recycle": gettext_lazy("回收"),
    "leaf": gettext_lazy("绿化"), "trees": gettext_lazy("树木"), "droplets": gettext_lazy("水"),
    "toilet": gettext_lazy("下水"), "zap": gettext_lazy("电"), "flame": gettext_lazy("火、燃气"),
    "lamp": gettext_lazy("灯"), "lightbulb": gettext_lazy("照明"), "plug": gettext_lazy("插座"),
    "battery-charging": gettext_lazy("充电"), "bike": gettext_lazy("自行车、电动车"),
    "car": gettext_lazy("汽车"), "square-parking": gettext_lazy("停车"),
    "traffic-cone": gettext_lazy("路障"), "construction": gettext_lazy("施工"),
    "hammer": gettext_lazy("装修"), "wrench": gettext_lazy("维修"),
    "building-2": gettext_lazy("楼房"), "house": gettext_lazy("住房"),
    "door-open": gettext_lazy("门"), "fence": gettext_lazy("围栏"),
    "fire-extinguisher": gettext_lazy("消防"), "siren": gettext_lazy("警报"),
    "triangle-alert": gettext_lazy("隐患"), "shield-alert": gettext_lazy("安全"),
    "cctv": gettext_lazy("监控"), "bug": gettext_lazy("虫害"), "dog": gettext_lazy("犬"),
    "cat": gettext_lazy("猫"), "volume-2": gettext_lazy("噪声"),
    "handshake": gettext_lazy("邻里关系"), "scale": gettext_lazy("调解"),
    "heart-handshake": gettext_lazy("帮扶"), "hand-helping": gettext_lazy("求助"),
    "accessibility": gettext_lazy("无障碍"), "baby": gettext_lazy("儿童"),
    "users": gettext_lazy("居民"), "utensils": gettext_lazy("餐饮"),
    "store": gettext_lazy("商铺"), "wallet": gettext_lazy("费用"),
    "file-text": gettext_lazy("证明、文件"), "id-card": gettext_lazy("证件"),
    "megaphone": gettext_lazy("公示、通知"), "wifi": gettext_lazy("网络"),
    "snowflake": gettext_lazy("供暖、冰雪"), "umbrella": gettext_lazy("积水、雨"),
    "message-circle": gettext_lazy("建议"), "ellipsis": gettext_lazy("其他"),
}  # fmt: skip


def _check(label: Any, hint: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False)


class CategoryForm(Form):
    """A kind of case."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=30)
    hint = forms.CharField(
        label=gettext_lazy("举例"),
        help_text=gettext_lazy("居民在图标下面看到，例如：楼道堆物、垃圾桶满"),
        max_length=80,
        required=False,
    )
    icon = forms.ChoiceField(label=gettext_lazy("图标"), widget=forms.RadioSelect)
    service_level_id = forms.ChoiceField(label=gettext_lazy("时限"))
    dispatch_mode = forms.ChoiceField(label=gettext_lazy("怎么派单"), choices=setup.DISPATCH_MODES)
    first_level = forms.ChoiceField(label=gettext_lazy("从哪一级办起"), choices=posts.Level.choices)
    shown_to_residents = _check(gettext_lazy("居民可以选"))
    shown_in_snapshot = _check(
        gettext_lazy("放进随手拍"), gettext_lazy("快递员等流动网格员的三步页面")
    )
    shown_on_board = _check(gettext_lazy("办理情况可以公示"))
    is_confidential = _check(gettext_lazy("保密"), gettext_lazy("只有调解、帮扶岗位看得到，不公示"))
    is_urgent = _check(gettext_lazy("一律加急"))
    needs_photo = _check(gettext_lazy("居民上报要拍照"))
    needs_result_photo = _check(gettext_lazy("办结要拍照"))
    danger_text = forms.CharField(
        label=gettext_lazy("危险提示"),
        help_text=gettext_lazy("写了就先显示，例如：有人受伤先打 120，着火先打 119。"),
        max_length=120,
        required=False,
    )
    decline_rule = forms.CharField(
        label=gettext_lazy("不予受理的依据"),
        help_text=gettext_lazy("不予受理时自动带出来，例如：物业管理条例第几条"),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        current = str(self.initial.get("icon") or "")
        words = dict(ICON_WORDS)
        if current and current not in words:
            words = {current: gettext_lazy("现在的图标"), **words}
        self.fields["icon"].choices = list(words.items())  # type: ignore[attr-defined]
        self.fields["service_level_id"].choices = setup.level_choices()  # type: ignore[attr-defined]

    def clean_service_level_id(self) -> UUID:
        """Return the promise's id."""
        return UUID(self.cleaned_data["service_level_id"])


class QuestionForm(Form):
    """One question of a category; without words it is left out."""

    code = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("问什么"), max_length=60, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("怎么答"), choices=setup.QUESTION_KINDS)
    choices = forms.CharField(
        label=gettext_lazy("选项，一行一个"),
        required=False,
        max_length=600,
        widget=forms.Textarea,
    )
    is_required = _check(gettext_lazy("必答"))
    order = forms.IntegerField(
        label=gettext_lazy("第几个"), min_value=1, max_value=99, required=False
    )

    def clean_choices(self) -> tuple[str, ...]:
        """Return the words to choose from."""
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))


class LevelForm(Form):
    """A promise."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    respond_amount = forms.IntegerField(
        label=gettext_lazy("多久内答复"), min_value=1, max_value=9999
    )
    respond_unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=setup.UNITS)
    resolve_amount = forms.IntegerField(
        label=gettext_lazy("多久内办结"), min_value=1, max_value=9999
    )
    resolve_unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=setup.UNITS)
    extension_times = forms.IntegerField(
        label=gettext_lazy("最多延期几次"),
        help_text=gettext_lazy("0 次就是不能延期；每次都要别人批"),
        min_value=0,
        max_value=9,
        initial=1,
        error_messages={"required": gettext_lazy("填 0 到 9。")},
    )
    extension_days = forms.IntegerField(
        label=gettext_lazy("一共最多延几天"),
        help_text=gettext_lazy("从最初的办结时限算起"),
        min_value=1,
        max_value=365,
        initial=15,
        error_messages={"required": gettext_lazy("填 1 到 365。")},
    )
    source = forms.CharField(
        label=gettext_lazy("依据"),
        help_text=gettext_lazy("这个时限写在哪份文件里"),
        max_length=120,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Read 当天 without looking at its number."""
        sent = super().clean() or {}
        for name in ("respond", "resolve"):
            if sent.get(f"{name}_unit") == "same_day":
                sent[f"{name}_amount"] = 1
                self.errors.pop(f"{name}_amount", None)
        return sent


class MovesOpenForm(Form):
    """Whether open cases follow a changed promise."""

    moves_open = forms.TypedChoiceField(
        label=gettext_lazy("在办的工单"),
        choices=[
            ("0", gettext_lazy("按原来的时限办完")),
            ("1", gettext_lazy("从上报时起按新的时限重算")),
        ],
        coerce=lambda value: value == "1",
        initial="0",
        widget=forms.RadioSelect,
    )


_NUMBER_WORDS: Final = {
    "silence_days": (gettext_lazy("多少天不评价就归档"), gettext_lazy("天；归档后计为未评价")),
    "amber_percent": (gettext_lazy("用掉多少时限算临期"), gettext_lazy("%")),
    "escalate_after_hours": (gettext_lazy("超时多久自动上报"), gettext_lazy("小时")),
    "urge_pause_hours": (gettext_lazy("两次催办至少隔多久"), gettext_lazy("小时")),
    "reopen_days": (gettext_lazy("归档后多久内可以要求重办"), gettext_lazy("天")),
    "nearby_days": (gettext_lazy("附近同类看多久以内的"), gettext_lazy("天")),
    "nearby_metres": (gettext_lazy("多近算附近"), gettext_lazy("米")),
    "undo_minutes": (gettext_lazy("批量操作多久内可以撤销"), gettext_lazy("分钟")),
    "followup_percent": (gettext_lazy("每周回访多少已办结的工单"), gettext_lazy("%；0 是不抽")),
    "followup_least": (gettext_lazy("每周至少回访几件"), gettext_lazy("件；不够就全部回访")),
    "followup_attempts": (gettext_lazy("打几次没接通就记为未接通"), gettext_lazy("次")),
}


class NumbersForm(Form):
    """The numbers of the loop."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        for name, least, most in NUMBERS:
            label, unit = _NUMBER_WORDS[name]
            between = _("填 %(least)s 到 %(most)s。") % {"least": least, "most": most}
            self.fields[name] = forms.IntegerField(
                label=label,
                help_text=unit,
                error_messages={"required": between, "invalid": between},
                widget=forms.NumberInput(attrs={"min": least, "max": most}),
            )


class TemplateForm(Form):
    """Words for answers that staff reuse."""

    title = forms.CharField(
        label=gettext_lazy("标题"), help_text=gettext_lazy("只有工作人员看到"), max_length=40
    )
    text = forms.CharField(
        label=gettext_lazy("正文"),
        help_text=gettext_lazy("居民看到的话，用大白话写，先说结果再说下一步。"),
        max_length=2000,
        widget=forms.Textarea,
    )
    kind = forms.ChoiceField(label=gettext_lazy("用在"), choices=setup.TEMPLATE_KINDS)
    category_id = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    order = forms.IntegerField(
        label=gettext_lazy("排第几"), min_value=0, max_value=9999, initial=100
    )

    def __init__(self, data: Any = None, *args: Any, categories: Any = (), **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        options = [("", _("所有类别")), *((str(row.pk), row.name) for row in categories)]
        self.fields["category_id"].choices = options  # type: ignore[attr-defined]

    def clean_category_id(self) -> UUID | None:
        """Return the category's id, or None for all."""
        value = self.cleaned_data["category_id"]
        return UUID(value) if value else None


class SaveFilterForm(Form):
    """A name for the queue's address."""

    name = forms.CharField(label=gettext_lazy("名字"), max_length=30)
    query = forms.CharField(max_length=2000, widget=forms.HiddenInput)
