"""What may be sent about people of the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form, IdempotentForm, TileSelect
from linli.people.selectors import Purpose
from linli.people.selectors.words import HeadRelation, MoveReason, RelationKind, Sex

_TEL = {"inputmode": "tel", "autocomplete": "off"}
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
KINDS = [
    ("lives,owns", _("自己的房子，自己住")),
    ("lives", _("家人同住、借住")),
    ("rents", _("租住")),
    ("owns", _("产权人，不住这里")),
]


class PersonForm(IdempotentForm):
    """Somebody who is registered at a door: a name is enough, the number tells the rest."""

    name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("怎么住"), choices=KINDS, widget=TileSelect, initial="lives")
    id_number = forms.CharField(
        label=_("身份证号"),
        max_length=24,
        required=False,
        help_text=_("会核对校验位，性别和出生日期自动填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    phone = forms.CharField(
        label=_("手机"), max_length=20, required=False, widget=forms.TextInput(attrs=_TEL)
    )
    sex = forms.ChoiceField(label=_("性别"), choices=Sex.choices, required=False, initial="")
    born_on = forms.DateField(label=_("出生日期"), required=False, widget=_DATE)
    relation = forms.ChoiceField(
        label=_("与户主关系"), choices=HeadRelation.choices, required=False, initial=""
    )
    starts_on = forms.DateField(label=_("哪天住进来的"), required=False, widget=_DATE)
    reason = forms.ChoiceField(
        label=_("为什么来"), choices=MoveReason.choices, required=False, initial=""
    )


class DoorForm(PersonForm):
    """The same where the home isn't chosen yet: an entrance and a number."""

    entrance = forms.ChoiceField(label=_("单元"))
    number = forms.CharField(
        label=_("房号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    field_order = ("entrance", "number", "name")

    def __init__(
        self, data: Any = None, *, entrances: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["entrance"].choices = entrances  # type: ignore[attr-defined]


class CorrectForm(Form):
    """What is known of somebody, put right; what is left empty stays as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    id_number = forms.CharField(label=_("身份证号"), max_length=24, required=False)
    phone = forms.CharField(
        label=_("手机"), max_length=20, required=False, widget=forms.TextInput(attrs=_TEL)
    )
    sex = forms.ChoiceField(label=_("性别"), choices=Sex.choices, required=False, initial="")
    born_on = forms.DateField(label=_("出生日期"), required=False, widget=_DATE)

    def said(self) -> dict[str, Any]:
        """Return what was filled in."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "version" and value not in ("", None)
        }


class LeaveForm(Form):
    """Somebody moved out of a home, or owns it no more."""

    home = forms.UUIDField(widget=forms.HiddenInput)
    ends_on = forms.DateField(label=_("哪天搬走的"), required=False, widget=_DATE)
    reason = forms.ChoiceField(
        label=_("为什么"), choices=MoveReason.choices, required=False, initial=""
    )
    place_to = forms.CharField(label=_("搬去哪里"), max_length=60, required=False)


class DeathForm(Form):
    """Somebody has died."""

    died_on = forms.DateField(label=_("去世日期"), widget=_DATE)


class TagForm(Form):
    """A tag that somebody is given."""

    tag = forms.ChoiceField(label=_("标签"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, tags: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["tag"].choices = tags  # type: ignore[attr-defined]


class RelativeForm(Form):
    """Who belongs to somebody."""

    kind = forms.ChoiceField(label=_("是什么人"), choices=RelationKind.choices)
    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(
        label=_("电话"), max_length=20, required=False, widget=forms.TextInput(attrs=_TEL)
    )
    is_contact = forms.BooleanField(label=_("有急事可以找"), required=False)


class SeeForm(Form):
    """Why somebody needs to see a person in full."""

    purpose = forms.ChoiceField(label=_("为什么要看"), choices=Purpose.choices)
    note = forms.CharField(label=_("补充说明"), max_length=200, required=False)
    with_id = forms.BooleanField(label=_("证件号码也要看"), required=False)


class ListForm(Form):
    """A list of people as a file."""

    community = forms.ChoiceField(label=_("哪个社区的"))
    file = forms.FileField(label=_("文件"), help_text=_("Excel（.xlsx）或 CSV，第一行写列名。"))

    def __init__(
        self, data: Any = None, files: Any = None, *, communities: list[Any], **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        choices = [(str(one.pk), one.name) for one in communities]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]


class ListColumnsForm(IdempotentForm):
    """What the columns of a list mean."""

    makes_homes = forms.BooleanField(label=_("“地点”里没有的户自动添加"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        header: list[str],
        fields: list[tuple[str, str]],
        columns: dict[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        choices = [("", _("没有这一列")), *((str(at), name) for at, name in enumerate(header))]
        for name, label in fields:
            self.fields[f"c_{name}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=str(columns.get(name, ""))
            )

    def columns(self) -> dict[str, int]:
        """Return the column of each field that the list has."""
        return {
            name.removeprefix("c_"): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("c_") and value
        }


class MergeForm(Form):
    """What was decided about two records."""

    keep = forms.ChoiceField(choices=[("first", ""), ("second", ""), ("apart", "")])
    # The versions that were looked at side by side.
    first = forms.IntegerField(required=False, widget=forms.HiddenInput)
    second = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ExportForm(IdempotentForm):
    """How a list is to be written; a purpose shows names and numbers in full."""

    file_format = forms.ChoiceField(
        label=_("格式"), choices=[("xlsx", "Excel"), ("csv", "CSV")], required=False, initial="xlsx"
    )
    purpose = forms.ChoiceField(
        label=_("要完整的姓名和号码，写明为什么"),
        choices=[("", _("不要，遮住就行")), *Purpose.choices],
        required=False,
    )
    note = forms.CharField(label=_("补充说明"), max_length=200, required=False)


class CheckForm(IdempotentForm):
    """What is looked at and asked at a door, from the same items that phones and ODK get."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, items: Any, version: int, **kwargs: Any) -> None:
        super().__init__(data, initial={"version": version}, **kwargs)
        for item in items:
            self.fields[item.code] = _answer(item)

    def answers(self) -> dict[str, str]:
        """Return what was answered, by item."""
        return {
            code: str(value)
            for code, value in self.cleaned_data.items()
            if code not in ("key", "version") and value not in ("", None)
        }


def _answer(item: Any) -> forms.Field:
    facts: dict[str, Any] = {"label": item.label, "help_text": item.hint, "required": False}
    if item.choices:
        choices = [(one.code, one.label) for one in item.choices]
        if item.is_required:
            return forms.ChoiceField(choices=choices, initial=choices[0][0], **facts)
        return forms.ChoiceField(choices=[("", _("没问")), *choices], **facts)
    if item.kind == "yes_no":
        return forms.ChoiceField(
            choices=[("", _("没问")), ("yes", _("是")), ("no", _("否"))], **facts
        )
    return forms.CharField(max_length=120, **facts)
