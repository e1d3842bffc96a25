"""What the API of places takes and tells."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import Day, In

Kind = Literal["district", "subdistrict", "community", "micro", "grid"]
EstateKind = Literal["company", "community", "standalone", "self_run"]
Lat = Annotated[float | None, Field(ge=-90, le=90, description="WGS-84")]
Lon = Annotated[float | None, Field(ge=-180, le=180, description="WGS-84")]
Count = Annotated[int | None, Field(ge=0, le=10_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class AreaOut(Schema):
    """A node of the area tree; `path` is what keys and posts are granted over."""

    id: UUID
    kind: Kind
    code: str
    name: str
    path: str
    parent_id: UUID | None
    phone: str
    household_count: int
    resident_count: int
    starts_on: date
    ends_on: date | None


class AreaIn(In):
    """A new area below another one."""

    kind: Kind
    name: Name
    parent_id: UUID
    code: str = Field("", max_length=20)
    phone: str = Field("", max_length=20)
    slogan: str = Field("", max_length=40)
    household_count: Count = 0
    resident_count: Count = 0


class AreaChange(In):
    """What changes; what is left out stays."""

    name: Name | None = None
    phone: str | None = Field(None, max_length=20)
    slogan: str | None = Field(None, max_length=40)
    household_count: Count = None
    resident_count: Count = None


class EndIn(In):
    """Where what belongs to it goes, and the first day on which it is no more."""

    move_to_id: UUID | None = None
    ends_on: Day | None = None


class BoundaryIn(In):
    """A GeoJSON geometry; without one the area has a list only."""

    geojson: dict[str, Any] | None
    crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84"


class BoundaryOut(Schema):
    """What should be looked at once more: overlaps, spots outside."""

    warnings: list[str]


class BuildingIds(In):
    """The buildings that a grid lists."""

    building_ids: list[UUID] = Field(max_length=2000)


class EstateOut(Schema):
    """A residential estate."""

    id: UUID
    community_id: UUID
    name: str
    kind: EstateKind
    lat: float | None
    lon: float | None


class EstateIn(In):
    """A new estate."""

    name: Name
    kind: EstateKind = "company"
    lat: Lat = None
    lon: Lon = None


class EstateChange(In):
    """What changes; what is left out stays."""

    name: Name | None = None
    kind: EstateKind | None = None
    lat: Lat = None
    lon: Lon = None


class BuildingOut(Schema):
    """A building."""

    id: UUID
    community_id: UUID
    estate_id: UUID | None
    grid_id: UUID | None
    name: str
    lat: float | None
    lon: float | None
    floor_count: int
    household_count: int


class BuildingIn(In):
    """A new building, of an estate or standing alone."""

    name: Name
    estate_id: UUID | None = None
    lat: Lat = None
    lon: Lon = None
    floor_count: int = Field(0, ge=0, le=200)
    household_count: int = Field(0, ge=0, le=5000)
    entrances: list[Annotated[str, Field(max_length=30)]] = Field([], max_length=50)


class BuildingChange(In):
    """What changes; what is left out stays."""

    name: Name | None = None
    lat: Lat = None
    lon: Lon = None
    floor_count: int | None = Field(None, ge=0, le=200)
    household_count: int | None = Field(None, ge=0, le=5000)


class EntranceOut(Schema):
    """An entrance of a building."""

    id: UUID
    building_id: UUID
    name: str


class EntranceIn(In):
    """An entrance's name."""

    name: str = Field(min_length=1, max_length=30)


class CodeOut(Schema):
    """A printed code that says where one is."""

    id: UUID
    code: str
    label: str
    spot: str
    community_id: UUID
    estate_id: UUID | None
    building_id: UUID | None
    entrance_id: UUID | None
    created_at: datetime
    ended_at: datetime | None


class CodeIn(In):
    """A new code at a place."""

    estate_id: UUID | None = None
    building_id: UUID | None = None
    entrance_id: UUID | None = None
    spot: str = Field("", max_length=60)


class CodesIn(In):
    """Codes for every door of the community, or of one estate, that has none yet."""

    estate_id: UUID | None = None


class HomesIn(In):
    """Numbers of homes behind an entrance."""

    numbers: list[Annotated[str, Field(min_length=1, max_length=20)]] = Field(
        min_length=1, max_length=200
    )


class HomeOut(Schema):
    """A home behind an entrance."""

    id: UUID
    entrance_id: UUID
    number: str
