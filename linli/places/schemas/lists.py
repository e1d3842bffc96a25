"""What the API of imported lists and of facilities takes and tells."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import Day, In
from linli.places.schemas import Lat, Lon, Name


class ImportIn(In):
    """What a list brings, and what the positions in it refer to."""

    kind: Literal["buildings", "grids", "facilities"]
    source_crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84"


class ImportOut(Schema):
    """A list that waits or was put in place; the counts are those of its upload."""

    id: UUID
    community_id: UUID
    kind: Literal["buildings", "grids", "facilities"]
    file_name: str
    row_count: int
    error_count: int
    created_at: datetime
    applied_at: datetime | None


RowStatus = Literal["wrong", "new", "changed", "same"]


class PreviewQuery(In):
    """Which rows of a preview."""

    status: RowStatus | None = None
    after: int = Field(0, ge=0, le=10_000_000, description="上一页的 next。")


class ImportRowOut(Schema):
    """What one row would do."""

    number: int
    label: str
    status: RowStatus
    notes: list[str]
    warnings: list[str]


class PreviewOut(Schema):
    """What confirming a list would do now; `next` is the `after` of the following rows."""

    id: UUID
    new: int
    changed: int
    same: int
    wrong: int
    warned: int
    can_be_applied: bool
    remarks: list[str]
    rows: list[ImportRowOut]
    next: int | None


class FacilityKindOut(Schema):
    """A kind of facility."""

    id: UUID
    code: str
    name: str
    category_code: str
    is_premises: bool


Status = Literal["in_use", "faulty", "stopped"]


class FacilityOut(Schema):
    """One thing that stands somewhere and can break."""

    id: UUID
    kind_id: UUID
    name: str
    number: str
    label: str
    community_id: UUID
    grid_id: UUID | None
    estate_id: UUID | None
    building_id: UUID | None
    entrance_id: UUID | None
    place_code_id: UUID | None
    lat: float | None
    lon: float | None
    status: str
    keeper: str
    keeper_phone: str
    area_m2: int
    note: str
    installed_on: date | None
    checked_at: datetime | None
    ended_on: date | None
    version: int


class FacilityIn(In):
    """What is said of a facility; what is left out is empty."""

    kind_id: UUID
    name: Name
    number: str = Field("", max_length=30)
    estate_id: UUID | None = None
    building_id: UUID | None = None
    entrance_id: UUID | None = None
    lat: Lat = None
    lon: Lon = None
    status: Status = "in_use"
    keeper: str = Field("", max_length=60)
    keeper_phone: str = Field("", max_length=20)
    area_m2: int = Field(0, ge=0, le=1_000_000)
    installed_on: Day | None = None
    note: str = Field("", max_length=200)
