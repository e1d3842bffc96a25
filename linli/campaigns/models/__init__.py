"""The tables of campaigns, one file per noun."""

from linli.campaigns.models.campaign import Campaign, CampaignDay, Member, Part
from linli.campaigns.models.docket import (
    Docket,
    DocketKind,
    Listing,
    Matter,
    MatterPhoto,
    WordBy,
)
from linli.campaigns.models.entry import (
    Entry,
    EntryImport,
    EntryPhoto,
    Gathered,
    ImportState,
    Stage,
)
from linli.campaigns.models.kind import Kind
from linli.campaigns.models.told import Told

__all__ = [
    "Campaign",
    "CampaignDay",
    "Docket",
    "DocketKind",
    "Entry",
    "EntryImport",
    "EntryPhoto",
    "Gathered",
    "ImportState",
    "Kind",
    "Listing",
    "Matter",
    "MatterPhoto",
    "Member",
    "Part",
    "Stage",
    "Told",
    "WordBy",
]
