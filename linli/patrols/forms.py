"""What is sent about patrols: looks, passes, kind words, doors; routes, rounds and decisions."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.field.selectors.items import Item, ItemKind
from linli.kernel.shots import ShotsField
from linli.kernel.web import Form, IdempotentForm, PhotoInput, TileSelect

TEXT_LIMIT = 500
Choices = Iterable[tuple[str, Any]]
YES_NO = (("yes", _("是")), ("no", _("否")))
WEEKDAYS = [(str(n), word) for n, word in enumerate("一二三四五六日", 1)]


class LookForm(IdempotentForm):
    """A look at a point: an answer per item, and what was found beyond them."""

    text = forms.CharField(
        label=_("发现了什么"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea,
        help_text=_("没有就空着；上面点了不好的，不写也会立单。"),
    )
    photos = ShotsField(label=_("现场照片"), widget=PhotoInput(camera=True))
    category = forms.ChoiceField(label=_("归哪一类"), required=False)
    is_urgent = forms.BooleanField(label=_("加急"), required=False)
    is_settled = forms.BooleanField(label=_("当场就办好了"), required=False)
    result = forms.CharField(
        label=_("怎么办好的"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea
    )
    after = ShotsField(label=_("处理后照片"), widget=PhotoInput(camera=True))
    code = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        items: Sequence[Item],
        categories: Choices,
        **kwargs: Any,
    ) -> None:
        self.items = items
        super().__init__(data, *args, **kwargs)
        self.fields["category"].choices = [("", _("按清单定")), *categories]  # type: ignore[attr-defined]
        for item in items:
            field = _field(item)
            if field is not None:
                self.fields[f"item_{item.code}"] = field

    @property
    def asked(self) -> list[Any]:
        """The fields of the items, in their order."""
        return [self[name] for name in self.fields if name.startswith("item_")]

    def answers(self) -> dict[str, Any]:
        """Return what was answered, by the items' codes."""
        return {
            item.code: self.cleaned_data.get(f"item_{item.code}")
            for item in self.items
            if self.cleaned_data.get(f"item_{item.code}") not in (None, "")
        }

    def clean(self) -> dict[str, Any]:
        """Ask for words where something was settled, and for what was found when nothing is bad."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("is_settled") and not (values.get("result") or "").strip():
            self.add_error("result", _("写一句怎么办好的，居民能看到。"))
        return values


class SkipForm(IdempotentForm):
    """Why a point was passed over."""

    reason = forms.CharField(
        label=_("为什么没看成"), max_length=80, help_text=_("例如：施工围挡，过不去。")
    )


class FinishForm(Form):
    """A word at the end of a walk."""

    note = forms.CharField(label=_("说一句"), max_length=200, required=False)


class ScanForm(Form):
    """What a camera read, or what is printed on a sticker."""

    code = forms.CharField(
        label=_("点位码"),
        max_length=200,
        help_text=_("扫出来的网址，或者贴纸上的那一串。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_code(self) -> str:
        """Return the code itself: what is scanned is a whole address."""
        return str(self.cleaned_data["code"]).strip().rstrip("/").rsplit("/", 1)[-1]


class PersuasionForm(IdempotentForm):
    """A kind word: which clause, where, how it went. There is no field for a name."""

    clause = forms.TypedChoiceField(
        label=_("公约哪一条"), coerce=UUID, widget=TileSelect,
        error_messages={"required": _("点一下是公约的哪一条。")},
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("结果"), widget=TileSelect, error_messages={"required": _("点一下结果怎样。")}
    )
    place = forms.TypedChoiceField(label=_("在哪里"), coerce=UUID)
    count = forms.IntegerField(label=_("几个人"), min_value=1, max_value=50, initial=1)

    def __init__(
        self,
        data: Any = None,
        *,
        clauses: Choices,
        outcomes: Choices,
        places: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["clause"].choices = list(clauses)  # type: ignore[attr-defined]
        self.fields["outcome"].choices = list(outcomes)  # type: ignore[attr-defined]
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


class RouteForm(Form):
    """A route at the desk."""

    name = forms.CharField(label=_("名称"), max_length=60)
    area_id = forms.TypedChoiceField(label=_("范围"), coerce=UUID)
    item_list_id = forms.TypedChoiceField(label=_("看什么"), coerce=UUID)
    post_id = forms.TypedChoiceField(label=_("谁走"), coerce=UUID, required=False, empty_value=None)
    weekdays = forms.MultipleChoiceField(
        label=_("星期几走"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    every_days = forms.IntegerField(
        label=_("或者每几天走一次"), min_value=1, max_value=366, initial=1,
        help_text=_("选了星期几就不用管"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}))
    partner_id = forms.TypedChoiceField(
        label=_("联合巡查：和谁一起走、一起签字"), coerce=UUID, required=False, empty_value=None
    )

    def __init__(
        self,
        data: Any = None,
        *,
        areas: Choices,
        lists: Choices,
        posts: Choices,
        partners: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["area_id"].choices = list(areas)  # type: ignore[attr-defined]
        self.fields["item_list_id"].choices = list(lists)  # type: ignore[attr-defined]
        self.fields["post_id"].choices = [("", _("范围里能巡查的人都可以")), *posts]  # type: ignore[attr-defined]
        self.fields["partner_id"].choices = [("", _("不联合")), *partners]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what was said, as the service takes it."""
        said = dict(self.cleaned_data)
        said["weekdays"] = "".join(said["weekdays"])
        return said | {"is_joint": said["partner_id"] is not None}


class PointsForm(Form):
    """Points to add: houses and facilities that are ticked, or a spot in words."""

    parts = forms.MultipleChoiceField(
        label=_("楼栋和设施"), required=False, widget=forms.CheckboxSelectMultiple
    )
    spot = forms.CharField(
        label=_("别的地方"), max_length=60, required=False, help_text=_("如：东门配电房")
    )

    def __init__(self, data: Any = None, *, parts: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["parts"].choices = list(parts)  # type: ignore[attr-defined]


class RoundForm(Form):
    """A round at the desk."""

    title = forms.CharField(label=_("送什么"), max_length=60, help_text=_("如：停水通知"))
    text = forms.CharField(
        label=_("内容"), max_length=500, required=False, widget=forms.Textarea,
        help_text=_("给送的人看，也可以当面念"),
    )  # fmt: skip
    area_id = forms.TypedChoiceField(label=_("送到哪里"), coerce=UUID)
    due_on = forms.DateField(label=_("哪天前送完"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any = None, *, areas: Choices, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"due_on": today})
        super().__init__(data, **kwargs)
        self.fields["area_id"].choices = list(areas)  # type: ignore[attr-defined]


class RootForm(Form):
    """A root-cause case to be opened."""

    category = forms.TypedChoiceField(label=_("类别"), coerce=UUID)
    text = forms.CharField(label=_("写清楚"), max_length=TEXT_LIMIT, widget=forms.Textarea)

    def __init__(self, data: Any = None, *, categories: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["category"].choices = list(categories)  # type: ignore[attr-defined]


class DismissForm(Form):
    """Why no root-cause case is opened."""

    reason = forms.CharField(label=_("为什么不立"), max_length=200)


def _field(item: Item) -> Any:
    # What is required is asked by the page; "all fine" needs no more than a tap.
    facts: dict[str, Any] = {"label": item.label, "required": False, "help_text": item.hint}
    if item.kind == ItemKind.CHOICE:
        choices = [(one.code, one.label) for one in item.choices]
        return forms.ChoiceField(choices=choices, widget=TileSelect, **facts)
    if item.kind == ItemKind.YES_NO:
        return forms.ChoiceField(choices=YES_NO, widget=TileSelect, **facts)
    if item.kind == ItemKind.NUMBER:
        return forms.FloatField(min_value=item.least, max_value=item.most, **facts)
    return forms.CharField(max_length=500, **facts) if item.kind == ItemKind.TEXT else None
