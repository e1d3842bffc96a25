"""Allowances: what a role gets a month; which month is settled."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form
from linli.posts.forms.posts import Choices, day_field
from linli.posts.selectors import ROLES
from linli.posts.services import AllowanceData


class AllowanceForm(Form):
    """What holders of a role get a month; people write yuan, we keep fen."""

    label = forms.CharField(label=_("什么补贴"), max_length=30, initial=_("网格员补贴"))
    area = forms.ChoiceField(label=_("哪里"))
    role = forms.ChoiceField(label=_("给谁"), choices=list(ROLES.items()))
    monthly_yuan = forms.DecimalField(
        label=_("每月多少元"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100_000),
        decimal_places=2,
    )
    is_for_part_time = forms.BooleanField(label=_("兼职的也有"), required=False, initial=True)
    starts_on = day_field(_("从哪天起"))

    def __init__(self, data: Any = None, *, areas: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]

    def sheet(self) -> AllowanceData:
        """Return what was filled in."""
        data = self.cleaned_data
        return AllowanceData(
            label=data["label"],
            area_id=UUID(data["area"]),
            role=data["role"],
            monthly_fen=int(data["monthly_yuan"] * 100),
            is_for_part_time=data["is_for_part_time"],
            starts_on=data["starts_on"],
        )


class EndAllowanceForm(Form):
    """From which day on nobody gets it any more."""

    ends_on = day_field(_("从哪天起不再发"))


class MonthForm(Form):
    """Any day of the month that is settled."""

    month = day_field(_("哪个月"))
