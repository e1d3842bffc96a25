"""What is sent from the field: a quick report with photos, at a place of one's own grid."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.resident import question_field, question_name
from linli.cases.rules import TEXT_LIMIT
from linli.kernel.shots import ShotsField
from linli.kernel.web import Form, IdempotentForm, PhotoInput, TileSelect
from linli.people import selectors as people

SPOT_LIMIT = 60


class PatrolForm(IdempotentForm):
    """A quick report: what it is about, a sentence, photos, where; who said so, and whether it was
    settled on the spot.

    categories: to choose from. places: grouped choices whose values are "grid:", "building:" or
    "entrance:" and an id. questions: by the category's id as text.
    """

    category = forms.ChoiceField(
        label=_("是什么"),
        widget=TileSelect,
        error_messages={"required": _("点一下是什么问题，挑个接近的就行。")},
    )
    text = forms.CharField(
        label=_("看到了什么"),
        max_length=TEXT_LIMIT,
        help_text=_("例如：2 单元门前堆了纸箱，挡住消防通道。"),
        widget=forms.Textarea,
        error_messages={"required": _("简单写一下看到了什么，一两句话就可以。")},
    )
    photos = ShotsField(label=_("现场照片"), widget=PhotoInput(camera=True))
    place = forms.ChoiceField(label=_("在哪里"), required=False)
    code = forms.CharField(
        label=_("或者填点位码"),
        required=False,
        max_length=200,
        help_text=_("扫出来的网址，或者海报上的那一串，例如 wjq-4f7k2m。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    spot = forms.CharField(
        label=_("具体位置"),
        required=False,
        max_length=SPOT_LIMIT,
        help_text=_("例如：2 单元 3 楼拐角、东门花坛旁。"),
    )
    is_urgent = forms.BooleanField(
        label=_("加急"), required=False, help_text=_("有危险、不能等到明天的事才勾。")
    )
    name = forms.CharField(
        label=_("称呼"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    agreed = forms.BooleanField(
        label=_("已当面说明：电话只用来告诉进展和请他评价，对方同意"), required=False
    )
    is_settled = forms.BooleanField(
        label=_("当场就办好了"),
        required=False,
        help_text=_("上面的照片算处理前，再拍一张处理后的；留了电话的，对方照样可以评价。"),
    )
    result = forms.CharField(
        label=_("怎么办好的"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea
    )
    after = ShotsField(label=_("处理后照片"), widget=PhotoInput(camera=True))
    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        categories: Any,
        places: Any,
        questions: Mapping[str, Iterable[Any]],
        **kwargs: Any,
    ) -> None:
        self.questions = questions
        super().__init__(data, *args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [(str(one.pk), one.name) for one in categories]
        field.widget.icons = {str(one.pk): one.icon for one in categories}
        self.fields["place"].choices = [("", _("选一个地点")), *places]  # type: ignore[attr-defined]
        for kind in [self.chosen] if self.is_bound else questions:
            for question in questions.get(kind, ()):
                self.fields[question_name(kind, question)] = question_field(question)

    def hold_back(self) -> None:
        """Say nothing of what is missing: the form was not sent for good yet."""
        self._errors = ErrorDict()

    @property
    def chosen(self) -> str:
        """The chosen category's id as text, or ""."""
        return str(self["category"].value() or "")

    @property
    def asking(self) -> list[dict[str, Any]]:
        """Return what categories ask, as `_report_questions.html` takes it."""
        found = []
        for kind, questions in self.questions.items():
            names = [question_name(kind, one) for one in questions]
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                found.append({"code": kind, "fields": fields, "is_shown": kind == self.chosen})
        return found

    def must_ask(self) -> bool:
        """Tell whether the chosen category asks something that was not on the page yet."""
        return bool(self.questions.get(self.chosen)) and self["asked"].value() != self.chosen

    def answers(self) -> tuple[tuple[str, str], ...]:
        """Return the category's questions as asked, with the answers that were given."""
        given = [
            (one.text, self.cleaned_data.get(question_name(self.chosen, one)))
            for one in self.questions.get(self.chosen, ())
        ]
        return tuple((text, str(answer)) for text, answer in given if answer not in (None, ""))

    def clean_category(self) -> UUID:
        """Return the category's id."""
        return UUID(self.cleaned_data["category"])

    def clean_code(self) -> str:
        """Return the code itself: what is scanned is a whole address."""
        return str(self.cleaned_data["code"]).strip().rstrip("/").rsplit("/", 1)[-1]

    def clean(self) -> dict[str, Any]:
        """Ask for a place, and for a few words where only the grid is known."""
        values: dict[str, Any] = super().clean() or {}
        place, code = values.get("place", ""), values.get("code", "")
        if not place and not code and "place" not in self.errors:
            self.add_error("place", _("选一下在哪里，或者填门口的点位码。"))
        has_point = values.get("lat") is not None and values.get("lon") is not None
        if place.startswith("grid:") and not code and not values.get("spot") and not has_point:
            self.add_error("spot", _("在公共区域的哪里？写几个字，别人才找得到。"))
        self._check_answers()
        self._check_contact(values)
        if values.get("is_settled") and not (values.get("result") or "").strip():
            self.add_error("result", _("写一句怎么办好的，居民能看到。"))
        return values

    def _check_answers(self) -> None:
        for question in self.questions.get(self.chosen, ()):
            name = question_name(self.chosen, question)
            is_empty = self.cleaned_data.get(name) in (None, "")
            if question.is_required and is_empty and name not in self.errors:
                self.add_error(name, _t("还要问一句：%(text)s") % {"text": question.text})

    def _check_contact(self, values: dict[str, Any]) -> None:
        phone = (values.get("phone") or "").strip()
        if phone and people.normalise_phone(phone) is None:
            words = _("这个号码打不通。手机 11 位，座机带区号，例如 0518-86210000。")
            self.add_error("phone", words)
        if (phone or values.get("name")) and not values.get("agreed"):
            self.add_error("agreed", _("先当面问一句，对方同意了再留称呼和电话。"))


class CommunityForm(Form):
    """Which community, for those who work in several."""

    community = forms.ChoiceField(label=_("在哪个社区"))

    def __init__(self, data: Any = None, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["community"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.name) for one in communities
        ]


class ListForm(Form):
    """The list of the grid, as it stands in the address."""

    q = forms.CharField(required=False, max_length=60)
    due = forms.CharField(required=False, max_length=10)
    after = forms.CharField(required=False, max_length=80)
