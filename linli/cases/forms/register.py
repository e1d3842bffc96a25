"""What staff take down when somebody calls or comes in: dense, quick, and read as people speak."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.resident import SPOT_LIMIT, question_field, question_name
from linli.cases.rules import TEXT_LIMIT, best_matches
from linli.cases.selectors.calls import CALL_SOURCES
from linli.kernel.shots import ShotsField
from linli.kernel.web import IdempotentForm
from linli.people import selectors as people

_GAPS = re.compile(r"[\s·,，、]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that can be named: an estate, or one of its buildings."""

    label: str
    estate_id: UUID | None
    building_id: UUID | None = None

    @property
    def value(self) -> str:
        """Return what the list of places sends."""
        return f"b{self.building_id}" if self.building_id else f"e{self.estate_id}"


def read_place(said: str, spots: Sequence[Spot]) -> tuple[Spot | None, str]:
    """Return the place that words name, and what they say beyond it (2 单元 302 门口).

    The longest name that the words begin with; else the only one that holds them.
    """
    key = _key(said)
    begun = [spot for spot in spots if key.startswith(_key(spot.label))]
    if begun:
        found = max(begun, key=lambda spot: len(_key(spot.label)))
        return found, key[len(_key(found.label)) :]
    holding = [spot for spot in spots if key in _key(spot.label)]
    return (holding[0], "") if len(holding) == 1 else (None, "")


def _key(words: str) -> str:
    return _GAPS.sub("", words).lower()


class RegisterForm(IdempotentForm):
    """A call or a visit, in the order in which people tell it.

    categories: to choose from; questions: by category code; spots: the places of the community.
    """

    source = forms.ChoiceField(
        label=_("怎么来的"), choices=CALL_SOURCES, initial="phone", widget=forms.RadioSelect
    )
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("称呼"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("住址"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.CharField(
        label=_("地点"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    pick = forms.ChoiceField(label=_("从列表选"), required=False)
    spot = forms.CharField(label=_("具体位置"), required=False, max_length=SPOT_LIMIT)
    category = forms.ChoiceField(
        label=_("类别"), error_messages={"required": _("选一个类别，拿不准就选接近的。")}
    )
    is_urgent = forms.BooleanField(label=_("加急"), required=False)
    text = forms.CharField(
        label=_("反映的事"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea,
        error_messages={"required": _("写一句反映的是什么事。")},
    )
    photos = ShotsField(label=_("照片"))
    looked = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        categories: Iterable[Any],
        questions: Mapping[str, Iterable[Any]],
        spots: Sequence[Spot],
        **kwargs: Any,
    ) -> None:
        self.categories = {one.code: one for one in categories}
        self.questions, self.spots = questions, spots
        super().__init__(data, *args, **kwargs)
        options = [("", _t("选一个类别")), *((c, one.name) for c, one in self.categories.items())]
        self.fields["category"].choices = options  # type: ignore[attr-defined]
        self.fields["pick"].choices = _grouped(spots)  # type: ignore[attr-defined]
        for question in self.asked:
            name = question_name(self.chosen, question)
            self.fields[name] = question_field(question)

    def hold_back(self) -> None:
        """Say nothing of what is missing: somebody is still speaking."""
        self._errors = ErrorDict()

    @property
    def is_too_long(self) -> bool:
        """Tell whether more was written than is taken; nothing is cut off."""
        return len(str(self["text"].value() or "")) > TEXT_LIMIT

    @property
    def chosen(self) -> str:
        """Return the code of the chosen category, or ""."""
        code = str(self["category"].value() or "")
        return code if code in self.categories else ""

    @property
    def asked(self) -> list[Any]:
        """Return what the chosen category asks."""
        return list(self.questions.get(self.chosen, ()))

    @property
    def question_fields(self) -> list[forms.BoundField]:
        """Return the fields of the chosen category's questions."""
        return [self[question_name(self.chosen, one)] for one in self.asked]

    @property
    def where(self) -> tuple[Spot | None, str]:
        """Return the place, and what was said of it beyond its name."""
        picked = str(self["pick"].value() or "")
        for spot in self.spots:
            if spot.value == picked:
                return spot, ""
        said = str(self["place"].value() or "").strip()
        return read_place(said, self.spots) if said else (None, "")

    @property
    def mark(self) -> str:
        """Return what was looked at: the category and the place, in short."""
        spot, _rest = self.where
        return f"{self.chosen} {spot.value if spot else ''}"

    def answers(self) -> tuple[tuple[str, str], ...]:
        """Return the questions as asked, with the answers that were given."""
        found = []
        for question in self.asked:
            answer = self.cleaned_data.get(question_name(self.chosen, question))
            if answer not in (None, ""):
                found.append((question.text, str(answer)))
        return tuple(found)

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and people.normalise_phone(phone) is None:
            raise forms.ValidationError(
                _t("这个号码打不通。手机 11 位，座机带区号，例如 0518-86210000。")
            )
        return phone

    def clean_place(self) -> str:
        said: str = self.cleaned_data["place"].strip()
        if said and self.where[0] is None:
            near = best_matches(said, {spot.label: spot.label for spot in self.spots})
            words = _t("没有找到“%(said)s”。") % {"said": said}
            hint = _t("像这些：%(near)s。") % {"near": "、".join(near)} if near else ""
            raise forms.ValidationError(words + hint + _t("也可以空着，写在具体位置里。"))
        return said

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for question in self.asked:
            name = question_name(self.chosen, question)
            is_empty = self.cleaned_data.get(name) in (None, "")
            if question.is_required and is_empty and name not in self.errors:
                self.add_error(name, _t("还要问一句：%(text)s") % {"text": question.text})
        if "place" not in self.errors and not (self.where[0] or values.get("spot")):
            self.add_error("place", _t("在哪里。说不出小区楼栋，就写具体位置。"))
        return values


def _grouped(spots: Iterable[Spot]) -> list[Any]:
    """Return the places as a list under the names of their estates."""
    groups: list[Any] = [("", _t("从列表选"))]
    estates: dict[UUID | None, list[tuple[str, str]]] = {}
    names: dict[UUID | None, str] = {None: _t("不在小区里")}
    for spot in spots:
        if spot.building_id is None:
            names[spot.estate_id] = spot.label
        estates.setdefault(spot.estate_id, []).append((spot.value, spot.label))
    groups += [(names.get(key, ""), options) for key, options in estates.items()]
    return groups
