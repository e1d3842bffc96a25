"""What the forms of the room may send."""

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

__all__ = [
    "AppointForm",
    "BelongingForm",
    "Choices",
    "EndForm",
    "IncomingForm",
    "NewOrganisationForm",
    "NewcomerForm",
    "OrganisationForm",
    "PacketForm",
    "PostForm",
    "ReasonForm",
    "RuleForm",
    "SubstituteForm",
    "TrailForm",
    "TryForm",
    "after_day",
    "from_day",
]
