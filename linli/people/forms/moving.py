"""What may be sent when people come to a home, or leave one together."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form, TileSelect
from linli.people.forms.register import KINDS
from linli.people.selectors.words import HeadRelation, MoveReason
from linli.people.services.addressing import Address
from linli.people.services.moving import ELSEWHERE, HERE

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_ADDRESS = {"autocomplete": "off"}


class ArrivalForm(Form):
    """Somebody who is registered comes to a home: chosen from a list, or by name and number."""

    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("姓名"), max_length=40, required=False, widget=forms.TextInput(attrs=_ADDRESS)
    )
    id_number = forms.CharField(
        label=_("身份证号"),
        max_length=24,
        required=False,
        help_text=_("姓名和证件号码都对得上，才会找到。"),
        widget=forms.TextInput(attrs={**_ADDRESS, "autocapitalize": "characters"}),
    )
    kind = forms.ChoiceField(label=_("怎么住"), choices=KINDS, widget=TileSelect, initial="lives")
    relation = forms.ChoiceField(
        label=_("与户主关系"), choices=HeadRelation.choices, required=False, initial=""
    )
    starts_on = forms.DateField(label=_("哪天住进来的"), required=False, widget=_DATE)
    reason = forms.ChoiceField(
        label=_("为什么来"), choices=MoveReason.choices, required=False, initial=""
    )
    place_from = forms.CharField(label=_("从哪里搬来"), max_length=60, required=False)


class MovingForm(Form):
    """People of one home leave it together: for another home, or for somewhere else."""

    people = forms.MultipleChoiceField(label=_("谁搬"), widget=forms.CheckboxSelectMultiple)
    way = forms.ChoiceField(
        label=_("搬去哪里"),
        choices=[(HERE, _("搬到另一户")), (ELSEWHERE, _("搬去外面，或不知道"))],
        widget=TileSelect,
        initial=HERE,
    )
    community = forms.ChoiceField(label=_("哪个社区的"), required=False)
    estate = forms.CharField(label=_("小区"), max_length=60, required=False)
    building = forms.CharField(label=_("楼栋"), max_length=60, required=False)
    entrance = forms.CharField(label=_("单元"), max_length=30, required=False)
    number = forms.CharField(label=_("房号"), max_length=20, required=False)
    kind = forms.ChoiceField(
        label=_("在那里怎么住"),
        choices=KINDS[:3],
        widget=TileSelect,
        required=False,
        initial="lives",
    )
    place_to = forms.CharField(
        label=_("外面是哪里"), max_length=60, required=False, help_text=_("搬去外面才填。")
    )
    moved_on = forms.DateField(label=_("哪天搬的"), required=False, widget=_DATE)
    reason = forms.ChoiceField(
        label=_("为什么搬"), choices=MoveReason.choices, required=False, initial=""
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: list[tuple[str, str]],
        communities: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        fields: Any = self.fields
        fields["people"].choices = people
        fields["community"].choices = communities
        if len(communities) == 1:
            fields["community"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Ask for the address of another home."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("way") == HERE:
            for name in ("community", "building", "number"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("写一下搬到哪一户。"))
        return said

    def address(self) -> Address:
        """Return the home they move to, as it was written."""
        said = self.cleaned_data
        names = ("estate", "building", "entrance", "number")
        return Address(
            community_id=UUID(said["community"]), **{name: said[name].strip() for name in names}
        )

    def person_ids(self) -> list[UUID]:
        """Return who moves."""
        return [UUID(one) for one in self.cleaned_data["people"]]
