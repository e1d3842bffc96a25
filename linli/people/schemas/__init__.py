"""What the API of the register takes and tells: masked, as the pages show it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from linli.kernel.api import In, Line
from linli.people.selectors.words import MoveReason
from linli.people.services.saying import EARLIEST


def _possible(day: date) -> date:
    if not EARLIEST <= day <= date(2100, 1, 1):
        raise ValueError("日期要在 1890 年到 2100 年之间。")
    return day


AnyDay = Annotated[date, AfterValidator(_possible)]
Kind = Literal["lives", "rents", "owns"]
State = Literal["here", "away", "died", "merged"]
Sex = Literal["m", "f", ""]
Relation = Annotated[str, Field(max_length=8, description="户主 head、配偶 spouse、子女 child……")]
Reason = Annotated[str, Field(max_length=8, description="、".join(MoveReason.values[:-1]))]
Purpose = Annotated[str, Field(max_length=20, description="用途，和页面上选的一样")]
IdText = Annotated[str, Field(max_length=24)]
Phone = Annotated[str, Field(max_length=20)]
PersonName = Annotated[str, Field(max_length=40)]


class TagOut(Schema):
    """A tag; a sensitive one is only told where the key may see it."""

    code: str
    name: str
    is_sensitive: bool


class PersonLineOut(Schema):
    """A person in a list, masked."""

    id: UUID
    name: str
    age: int | None
    sex: str
    home_id: UUID
    home: str
    phone_tail: str
    tags: list[TagOut]
    state: State
    version: int


class StayOut(Schema):
    """What ties a person to a home."""

    home_id: UUID
    home: str
    kind: Kind
    relation: str
    starts_on: date | None
    ends_on: date | None
    is_over: bool


class RelativeOut(Schema):
    """Who belongs to somebody, masked."""

    id: UUID
    kind: str
    name: str
    phone: str
    person_id: UUID | None
    is_contact: bool


class PersonOut(PersonLineOut):
    """A person, masked. In full only by `reveal_person`, for a purpose."""

    phone: str
    id_number: str
    birth_year: int | None
    merged_into_id: UUID | None
    checked_on: date
    source: str
    stays: list[StayOut]
    relatives: list[RelativeOut]


class InFullOut(Schema):
    """A person as they are; who saw it and why is on record."""

    id: UUID
    name: str
    phone: str
    id_number: str
    born_on: date | None
    home: str


class HomeLineOut(Schema):
    """A home of the register."""

    home_id: UUID
    home: str
    building_id: UUID
    area_path: str
    people: int
    checked_at: datetime | None
    version: int


class DwellerOut(Schema):
    """Somebody who lives in, rents or owns a home, or did."""

    person: PersonLineOut
    kind: str
    relation: str
    starts_on: date | None
    ends_on: date | None
    is_over: bool


class HouseholdOut(Schema):
    """A home with who is there now and who was there before."""

    home_id: UUID
    home: str
    building_id: UUID
    area_path: str
    checked_at: datetime | None
    version: int
    now: list[DwellerOut]
    before: list[DwellerOut]


class StayIn(In):
    """How somebody lives there, since when, and why they came."""

    kinds: list[Kind] = Field(["lives"], min_length=1, max_length=3)
    relation: Relation = ""
    starts_on: AnyDay | None = None
    reason: Reason = ""
    place_from: str = Field("", max_length=60)


class PersonIn(StayIn):
    """Somebody who is registered at a home; a resident's number tells birthday and sex."""

    name: PersonName
    id_number: IdText = ""
    phone: Phone = ""
    sex: Sex = ""
    born_on: AnyDay | None = None


class ArrivalIn(StayIn):
    """Who moves in: by id within the key's area, else by name and whole identity number."""

    person_id: UUID | None = None
    name: PersonName = ""
    id_number: IdText = ""


class DepartureIn(In):
    """Who is there no longer."""

    person_id: UUID
    kinds: list[Kind] = Field(["lives", "rents"], min_length=1, max_length=3)
    ends_on: AnyDay | None = None
    reason: Reason = ""
    place_to: str = Field("", max_length=60)


class PersonChange(In):
    """What is put right; what is left out stays."""

    version: int = Field(
        ge=0, le=2**31 - 1, description="看到的版本号；有人先改过就会被拒绝（409）。"
    )
    name: PersonName | None = None
    id_number: IdText | None = None
    phone: Phone | None = None
    sex: Sex | None = None
    born_on: AnyDay | None = None


class TagIn(In):
    """A tag that the blueprint names."""

    code: str = Field(max_length=24)
    note: str = Field("", max_length=200)


RelativeKind = Literal[
    "spouse", "child", "parent", "sibling", "guardian", "relative", "neighbour", "friend", "carer"
]


class RelativeIn(In):
    """Who belongs to a person: by id within the key's area, or by name and phone alone."""

    kind: RelativeKind
    person_id: UUID | None = None
    name: PersonName = ""
    phone: Phone = ""
    is_contact: bool = False


class DeathIn(In):
    """The day somebody died."""

    died_on: AnyDay


class SearchIn(In):
    """Name, initials in pinyin, tail of a phone, address, or a whole number; in a body, so that no
    log keeps it.
    """

    words: Annotated[str, Field(min_length=1, max_length=60)]
    cursor: str = Field("", max_length=100)


class PersonRevealIn(In):
    """Why somebody has to be seen in full, and which parts: `id` needs people.sensitive as well."""

    purpose: Purpose
    note: Line = ""
    parts: list[Literal["contact", "id"]] = Field(["contact"], min_length=1, max_length=2)
