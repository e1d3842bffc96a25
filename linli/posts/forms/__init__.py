"""What the forms of the room may send."""

from linli.posts.forms.allowances import AllowanceForm, EndAllowanceForm, MonthForm
from linli.posts.forms.handovers import BelongingForm, IncomingForm, PacketForm, ReasonForm
from linli.posts.forms.posts import (
    AppointForm,
    Choices,
    EndForm,
    NewcomerForm,
    NewOrganisationForm,
    OrganisationForm,
    PostForm,
    RuleForm,
    SubstituteForm,
    TrailForm,
    TryForm,
    after_day,
    from_day,
)
from linli.posts.forms.stations import FillForm, SeatForm, StationForm, SwapForm, TurnForm

__all__ = [
    "AllowanceForm",
    "AppointForm",
    "BelongingForm",
    "Choices",
    "EndAllowanceForm",
    "EndForm",
    "FillForm",
    "IncomingForm",
    "MonthForm",
    "NewOrganisationForm",
    "NewcomerForm",
    "OrganisationForm",
    "PacketForm",
    "PostForm",
    "ReasonForm",
    "RuleForm",
    "SeatForm",
    "StationForm",
    "SubstituteForm",
    "SwapForm",
    "TrailForm",
    "TryForm",
    "TurnForm",
    "after_day",
    "from_day",
]
