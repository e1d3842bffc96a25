"""What may be sent to the desk of the board: texts by kind, the release, words for the way back."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases import selectors as cases
from linli.kernel.web import Form

GUIDE_SKELETON: Final = "## 谁可以办\n\n## 带什么\n- [ ] \n\n## 去哪里、几时\n\n## 多久办好\n"
_MARKS: Final = _(
    "一行一段。“## ”开头是小标题，“- ”开头是条目，“- [ ] ”开头是要带的材料，[名字](网址) 是链接。"
)
_LOCAL: Final = "%Y-%m-%dT%H:%M"


def _text(label: Any, hint: Any = "", *, required: bool = True, most: int = 4000) -> Any:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea
    )


def _day(label: Any, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=False, widget=widget)


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    formats = [_LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
    return forms.DateTimeField(label=label, required=False, widget=widget, input_formats=formats)


class ArticleForm(Form):
    """What every kind has."""

    title = forms.CharField(label=_("标题"), max_length=60)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, communities: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in communities]
        # Whoever works for one community is not asked which.
        if len(choices) > 1:
            self.fields["community_id"] = forms.ChoiceField(label=_("社区"), choices=choices)


class GuideForm(ArticleForm):
    """A guide (办事指南)."""

    category_id = forms.ChoiceField(label=_("归在哪一类"), required=False)
    text = _text(_("正文"), _MARKS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(str(one.pk), one.name) for one in cases.active_categories()]
        field: Any = self.fields["category_id"]
        field.choices = [("", _("其他")), *kinds]


class NoticeForm(ArticleForm):
    """A notice (公告) with its dates."""

    text = _text(_("正文"), _MARKS)
    valid_from = _day(_("从哪天起挂出来"), _("空着就是发布当天"))
    valid_until = _day(_("挂到哪天"), _("过了这天自动收起"))
    event_starts_at = _moment(_("活动几时开始"))
    event_ends_at = _moment(_("活动几时结束"))
    event_place = forms.CharField(label=_("活动地点"), max_length=80, required=False)


class ResolvedForm(ArticleForm):
    """A case that was done, as everybody may read it."""

    text = _text(_("反映的是什么"), _("隐去姓名、电话、门牌；可以缩短"), required=False)
    outcome = _text(_("怎么办好的"))
    before_photo_id = forms.ChoiceField(label=_("办之前的照片"), required=False)
    after_photo_id = forms.ChoiceField(label=_("办好后的照片"), required=False)

    def __init__(self, *args: Any, photos: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, ids in (photos or {}).items():
            field: Any = self.fields[name]
            field.widget = forms.RadioSelect()
            numbered = [(str(pk), _("第 %(n)s 张") % {"n": n}) for n, pk in enumerate(ids, 1)]
            field.choices = [("", _("不放照片")), *numbered]


class DeclinedForm(ArticleForm):
    """A case that cannot be done, and why."""

    text = _text(_("反映的是什么"), _("隐去姓名、电话、门牌；可以缩短"), required=False)
    outcome = _text(_("为什么办不了"))
    rule = forms.CharField(label=_("依据"), max_length=200)
    alternative = _text(_("还可以怎么办"), most=500)
    review_on = _day(_("哪天再看一次"))


FORMS: Final[dict[str, type[ArticleForm]]] = {
    "guide": GuideForm,
    "notice": NoticeForm,
    "resolved": ResolvedForm,
    "declined": DeclinedForm,
}


class ReleaseForm(Form):
    """The last look before everybody can read it."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    is_looked_over = forms.BooleanField(
        label=_("我从头看过了：没有姓名、电话、门牌号，照片里没有人脸和车牌"),
        error_messages={"required": _("先从头看一遍，再勾上这一条。")},
    )


class WordsForm(Form):
    """A word on the way back, or why something comes down."""

    text = forms.CharField(label=_("写一句"), max_length=300, required=False, widget=forms.Textarea)
