"""A blueprint as a value: a community's way of working, ready to install."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.campaigns.blueprint import CampaignsPart
from linli.care.blueprint import CarePart
from linli.cases.blueprint import CasesPart
from linli.indicators.blueprint import IndicatorsPart
from linli.kernel.workdays import Hours
from linli.messages.blueprint import MessagesPart
from linli.patrols.blueprint import PatrolsPart
from linli.people.blueprint import PeoplePart
from linli.places.blueprint import PlacesPart
from linli.posts.blueprint import PostsPart
from linli.publishing.blueprint import PublishingPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What a file says, room by room. text: the file itself, kept to compare with the next one."""

    file_name: str
    text: str
    title: str
    note: str
    tenant_code: str
    tenant_name: str
    hours: Hours
    places: PlacesPart
    posts: PostsPart
    messages: MessagesPart
    cases: CasesPart
    campaigns: CampaignsPart = field(default_factory=CampaignsPart)
    patrols: PatrolsPart = field(default_factory=PatrolsPart)
    care: CarePart = field(default_factory=CarePart)
    people: PeoplePart = field(default_factory=PeoplePart)
    publishing: PublishingPart = field(default_factory=PublishingPart)
    indicators: IndicatorsPart = field(default_factory=IndicatorsPart)
    words: Mapping[str, str] = field(default_factory=dict)
