"""A case as the standard writes it, in full for a key that views the place, else its public part."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse

from linli.cases.selectors.open311_rows import PUBLIC_DECIMALS, Faces, Row, faces_of, updated_at
from linli.cases.states import OPEN, CaseState
from linli.cases.views.open311.edge import Call
from linli.cases.views.open311.writing import moment

PHOTO_SALT = "linli open311 photo 2"
_SIGNED = "SIGNED"


@dataclass(frozen=True, slots=True)
class _Names:
    """The names that rows point at, by the numbers of ids: to hash an id costs more than to write it."""

    categories: dict[int, tuple[str, str]]
    agencies: dict[int, str]
    estates: dict[int, str]
    communities: dict[int, str]
    photos_at: str


def trees(call: Call, rows: list[Row], *, is_public: bool) -> list[dict[str, Any]]:
    """Return the rows as the standard's requests."""
    faces = faces_of(rows, is_public=is_public)
    names = _Names(
        {key.int: (one.name, one.code) for key, one in faces.categories.items()},
        {key.int: name for key, name in faces.agencies.items()},
        {key.int: name for key, name in faces.estates.items()},
        {key.int: name for key, name in faces.communities.items()},
        photos_at(call),
    )
    return [_tree_of(call, row, faces, names, is_public=is_public) for row in rows]


def _tree_of(
    call: Call, row: Row, faces: Faces, names: _Names, *, is_public: bool
) -> dict[str, Any]:
    """Return one case as the standard's request; nothing is null, never left out."""
    name, code = names.categories[row.category_id.int]
    part = faces.released.get(row.id) if faces.released else None
    photo_id = faces.photos.get(row.id) if faces.photos else None
    hands = row.handler_post_id or row.handler_organisation_id
    return {
        "service_request_id": row.number,
        "status": status_of(row.state),
        "status_notes": _notes(row, is_public=is_public),
        "service_name": name,
        "service_code": code,
        "description": row.text if not is_public else part.text if part else None,
        "agency_responsible": names.agencies.get(hands.int) if hands else None,
        "service_notice": None,
        "requested_datetime": moment(row.reported_at),
        "updated_datetime": moment(updated_at(row, faces)),
        "expected_datetime": moment(row.resolve_due_at),
        "address": _address(row, names, is_public=is_public),
        "address_id": None,
        "zipcode": None,
        "lat": _degrees(row.lat, is_public=is_public),
        "long": _degrees(row.lon, is_public=is_public),
        "media_url": photo_url(
            call, part.photo_id if part else photo_id, is_public=is_public, at=names.photos_at
        ),
    }


def status_of(state: str) -> str:
    """Return the standard's status: closed is what is done, declined, merged or taken back."""
    return "open" if state in OPEN else "closed"


def photo_url(call: Call, photo_id: UUID | None, *, is_public: bool, at: str = "") -> str | None:
    """Return an address of a photo that is good for some days, for whoever got it from us.

    is_public: only as long as the photo is released. at: `photos_at`, asked for once for a list.
    """
    if photo_id is None:
        return None
    signed = _signed(call.tenant.pk, photo_id.hex, is_public, call.now.strftime("%Y%m%d%H"))
    return (at or photos_at(call)).replace(_SIGNED, signed)


def photos_at(call: Call) -> str:
    """Return the address of photos, a mark where the signed name goes."""
    return call.url(reverse("cases:open311_photo", args=[_SIGNED]))


@lru_cache(maxsize=4096)
def _signed(tenant_id: int, photo: str, is_public: bool, _hour: str) -> str:  # noqa: FBT001
    """Return a photo's signed name, the same for an hour: lists are asked for again and again."""
    return signing.dumps([tenant_id, photo, is_public], salt=PHOTO_SALT, compress=False)


def _notes(row: Row, *, is_public: bool) -> str:
    label = _labels()[row.state]
    if row.decline_reason and row.state == CaseState.DECLINED and not is_public:
        return f"{label}：{row.decline_reason}"
    return label


@cache
def _labels() -> dict[str, str]:
    return {str(state): str(state.label) for state in CaseState}


def _address(row: Row, names: _Names, *, is_public: bool) -> str:
    community = names.communities.get(row.community_id.int, "")
    if is_public:
        estate = names.estates.get(row.estate_id.int) if row.estate_id else None
        return _joined(estate, community)
    return _joined(row.spot, row.place_label, community)


def _joined(*parts: str | None) -> str:
    """Return the parts that there are, each once: a place without a house is called as its community."""
    return "，".join(dict.fromkeys(part for part in parts if part))


def _degrees(value: float | None, *, is_public: bool) -> float | None:
    if value is None:
        return None
    return round(value, PUBLIC_DECIMALS) if is_public else value
