"""What campaigns and the three lists tell the others: ids and facts, no words of people."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlanned(Event):
    """A campaign was written down."""

    name: ClassVar[str] = "campaigns.campaign.planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChanged(Event):
    """Its words, days, parts or teams changed; `changed` names what."""

    name: ClassVar[str] = "campaigns.campaign.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignMoved(Event):
    """It began, ended, began again or was cancelled."""

    name: ClassVar[str] = "campaigns.campaign.moved"
    old_state: str
    new_state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesGathered(Event):
    """Entries came onto the list. The subject is the campaign."""

    name: ClassVar[str] = "campaigns.entries.gathered"
    gathered: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMoved(Event):
    """An entry was settled, handed to a case, found not possible, or is open again."""

    name: ClassVar[str] = "campaigns.entry.moved"
    campaign_id: UUID
    kind: str
    old_state: str
    new_state: str
    case_id: UUID | None = None
    by_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketOpened(Event):
    """The lists of a meeting, a campaign or an inspection were begun; so many were carried over."""

    name: ClassVar[str] = "campaigns.docket.opened"
    kind: str
    carried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterEvent(Event):
    """The facts that every step of a matter carries."""

    name: ClassVar[str] = ""
    docket_id: UUID
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRaised(MatterEvent):
    """A problem was put on the list."""

    name: ClassVar[str] = "campaigns.matter.raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAgreed(MatterEvent):
    """Who answers for it, what is done and by when was written down."""

    name: ClassVar[str] = "campaigns.matter.agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterShown(MatterEvent):
    """It was shown that it is done; the word of who raised it is awaited."""

    name: ClassVar[str] = "campaigns.matter.shown"
    by_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterWritten(MatterEvent):
    """Somebody wrote a word down for who raised it; a second person is to check."""

    name: ClassVar[str] = "campaigns.matter.written"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterClosed(MatterEvent):
    """Whoever raised it says that it is done."""

    name: ClassVar[str] = "campaigns.matter.closed"
    word_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReturned(MatterEvent):
    """Whoever raised it says that it is not done, or its case was reopened."""

    name: ClassVar[str] = "campaigns.matter.returned"
    word_by: str
