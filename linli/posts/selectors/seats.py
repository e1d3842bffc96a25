"""The seats of a station: which kinds of people, how many, who."""

from dataclasses import dataclass
from uuid import UUID

from linli.people import selectors as people
from linli.posts.models import StationMember, StationSeat


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """A kind of people of a station: how many there should be, who they are."""

    id: UUID
    label: str
    count: int
    members: tuple[tuple[UUID, UUID, str], ...]  # membership, account, name

    @property
    def free(self) -> int:
        """Return how many are missing."""
        return max(self.count - len(self.members), 0)


def seats_of(station_id: UUID) -> list[SeatLine]:
    """Return the seats of a station with who sits in them."""
    seats = list(StationSeat.objects.filter(station_id=station_id).order_by("order", "id"))
    held = list(
        StationMember.objects.filter(
            seat__station_id=station_id, ends_at=None, account__ended_at=None
        ).order_by("starts_at", "id")
    )
    names = people.account_names(row.account_id for row in held)
    return [
        SeatLine(
            id=seat.pk,
            label=seat.label,
            count=seat.count,
            members=tuple(
                (row.pk, row.account_id, names.get(row.account_id, ""))
                for row in held
                if row.seat_id == seat.pk
            ),
        )
        for seat in seats
    ]


def member_names(station_id: UUID) -> dict[UUID, str]:
    """Return who belongs to a station, by account, in the order of the seats."""
    return {
        account_id: name for seat in seats_of(station_id) for _id, account_id, name in seat.members
    }
